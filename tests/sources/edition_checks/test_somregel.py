"""The identities between the columns of the Leefbaarometer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.edition_checks.somregel import REFERENCE, REFERENCE_RULE, SUM_RULE, check, warn_limit
from sources.leefbaarometer_scores import MEASURES
from tests.sources.test_leefbaarometer_scores import score

RULES = (SUM_RULE, REFERENCE_RULE)


def test_scores_as_published_pass_both_rules_without_a_word() -> None:
    """Six digits shift the sum by up to 2e-6: a warning every night is no warning."""
    found = check([score()], RULES, name="x")
    assert (found.passed, found.melding, found.facts["rijen"]) == (True, "", 1)


@pytest.mark.parametrize(
    ("onv", "passed", "refuses"),
    [
        ("-0.0343701", True, False),
        ("-0.0343687", True, False),
        ("-0.0343676", False, False),
        ("-0.0343605", False, False),
        ("-0.0343595", False, True),
        ("0.0343701", False, True),
    ],
)
def test_the_sum_rule_warns_above_2e_6_and_refuses_above_1e_5(onv: str, passed: bool, refuses: bool) -> None:
    """Columns that were swapped or turned around would be published as safety."""
    found = check([score(onv)], [SUM_RULE], name="x")
    assert (found.passed, found.refuses) == (passed, refuses)
    if not passed:
        assert "afw = fys + onv + soc + vrz + won" in found.melding
        assert "GM0014 2024" in found.melding


def test_the_message_names_the_kpis_and_the_remedy() -> None:
    """An advisor who sees only column names does not know which figure is in doubt."""
    found = check([score("0.0343701")], [SUM_RULE], name="meting.zip", kpis={"I 2.1.1"})
    assert found.melding.startswith("I 2.1.1: meting.zip: ")
    assert "bekijk het bestand op leefbaarometer.nl en ververs opnieuw" in found.melding


def test_a_file_with_fifteen_digits_is_held_to_fifteen_digits() -> None:
    """In the real file 2e-6 is no rounding but another number."""
    fine = {
        "afw": "0.116027437243235",
        "fys": "0.0253194269200365",
        "onv": "-0.109127961296736",
        "soc": "-0.0366732896526605",
        "vrz": "0.220026409668684",
        "won": "0.0164828516039109",
        "lbm": "4.21829228838692",
    }
    assert check([score(**fine)], RULES, name="x").passed
    found = check([score(**fine | {"won": "0.0164838516039109"})], RULES, name="x")
    assert (found.passed, found.refuses) == (False, False)
    assert "wijkt in 1 van 1 rijen" in found.melding


@pytest.mark.parametrize(
    ("lbm", "passed", "refuses"),
    [
        ("4.12955415", True, False),
        ("4.12955", True, False),
        ("4.12955815", False, False),
        ("4.1297", False, True),
    ],
)
def test_the_fixed_reference_is_checked(lbm: str, passed: bool, refuses: bool) -> None:
    """Another reference means another release: figures that must not stand in one line."""
    found = check([score(lbm=lbm)], [REFERENCE_RULE], name="x")
    assert (found.passed, found.refuses) == (passed, refuses)
    assert passed or f"lbm - afw = {REFERENCE}" in found.melding


def test_rows_with_empty_cells_are_not_held_against_the_rules() -> None:
    """The years without dimension scores would all fail."""
    assert check([score(onv="", lbm="")], RULES, name="x").passed


def test_a_message_names_the_count_and_at_most_three_rows() -> None:
    """Three hundred examples are as good as none."""
    scores = [score("-0.0343676", code=f"GM{number:04d}") for number in range(1, 21)]
    found = check(scores, [SUM_RULE], name="zip")
    assert "20 van 20 rijen" in found.melding
    assert found.melding.count("GM0") == 3


@given(st.integers(5, 16))
def test_each_digit_more_makes_the_limit_ten_times_smaller(digits: int) -> None:
    """2e-6 times the digits given, never below the noise of a double and never above what refuses."""
    text = "0." + "1" * digits
    scores = [score(**dict.fromkeys(MEASURES, text))]
    expected = min(max(Decimal("2e-6").scaleb(6 - digits), Decimal("1e-9")), Decimal("1e-5"))
    assert warn_limit(scores, SUM_RULE) == expected


def test_one_value_that_lost_its_last_zeros_does_not_widen_the_limit() -> None:
    """0.02 in a file of six digits stands for 0.0200000."""
    assert warn_limit([score(), score("0.02", code="GM0015")], SUM_RULE) == Decimal("2e-6")
