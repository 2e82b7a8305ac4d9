"""What protection hides and how it writes what it shows."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from serving.disclosure import Catalogue, attack, leaks, protect
from serving.disclosure.catalogue import CatalogueError
from serving.disclosure.rows import RowKey
from tests.serving.disclosure.small import (
    by_key,
    count,
    counts_of,
    exact,
    kpi,
    one_count,
    parameters,
    relation,
    share,
    shown,
)

RULES = parameters()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"GM01": 4, "GM02": 25, "GM03": 60, "ORG": 89}, {"GM01": None, "GM02": None, "GM03": 60, "ORG": 90}),
        ({"GM01": 4, "GM02": 3, "GM03": 60, "ORG": 67}, {"GM01": None, "GM02": None, "GM03": None, "ORG": 65}),
        ({"GM01": 12, "GM02": 25, "ORG": 37}, {"GM01": 10, "GM02": 25, "ORG": 35}),
        ({"GM01": 4, "ORG": 4}, {"GM01": None, "ORG": None}),
        ({"GM01": 0, "GM02": 0, "GM03": 40, "ORG": 40}, {"GM01": None, "GM02": None, "GM03": None, "ORG": 40}),
    ],
    ids=["one small", "two small", "none small", "one gemeente", "zeros"],
)
def test_a_small_gemeente_takes_another_with_it(values: dict[str, float], expected: dict[str, float | None]) -> None:
    """The total minus what is shown would give the hidden gemeente."""
    result = protect(counts_of(values), one_count(), RULES)

    assert result.passed
    assert shown(result.rows) == expected


def test_without_secondary_suppression_the_attacker_subtracts() -> None:
    """An audit that finds nothing must be able to find something."""
    rows = counts_of({"GM01": 4, "GM02": 25, "ORG": 29})

    open_batch = protect(rows, one_count(), RULES, secondary=False).rows
    closed_batch = protect(rows, one_count(), RULES).rows
    (found,) = leaks(attack(open_batch, one_count(), RULES))

    assert (found.cell.gemeente_code, found.minimum, found.maximum) == ("GM01", 1, 9)
    assert not leaks(attack(closed_batch, one_count(), RULES))


def test_a_small_quarter_takes_another_with_it() -> None:
    """The year minus three quarters is the fourth."""
    values = {"2024-Q1": 4, "2024-Q2": 20, "2024-Q3": 30, "2024": 54}
    rows = [exact("A 1", area, period, value) for area in ("GM01", "ORG") for period, value in values.items()]

    result = protect(rows, one_count(), RULES)

    assert result.passed
    of_gemeente = {row.periode: row.waarde for row in result.rows if row.gemeente_code == "GM01"}
    assert of_gemeente == {"2024": 55, "2024-Q1": None, "2024-Q2": None, "2024-Q3": 30}


def test_a_stock_at_the_end_of_the_year_is_that_of_the_last_quarter() -> None:
    """A hidden quarter would stand in the open as the year."""
    values = {"2024-Q1": 30, "2024-Q2": 8, "2024": 8}
    rows = [exact("A 1", "GM01", period, value) for period, value in values.items()]

    result = protect(rows, one_count(periode="stand"), RULES)

    assert {row.periode: row.waarde for row in result.rows} == {"2024": None, "2024-Q1": 30, "2024-Q2": None}


@pytest.mark.parametrize(
    ("teller", "noemer", "expected"),
    [
        (12, 12, None),
        (0, 40, None),
        (45, 52, None),
        (9, 40, None),
        (13, 40, (38, 15, 40)),
        (61, 123, (48.0, 60, 125)),
        (50, 98, (50.0, 50, 100)),
        (None, 0, None),
    ],
    ids=["all", "none", "rest 7", "teller 9", "whole percents", "one decimal", "rounded to 100", "no noemer"],
)
def test_a_percentage_is_shown_only_when_three_groups_are_large(
    teller: float | None, noemer: float, expected: tuple[float, float, float] | None
) -> None:
    """All or none of a small group tells the answer of each person in it."""
    catalogue = Catalogue.of([share("A 9", "t", "n")], [count("t"), count("n")], [])

    (row,) = protect([exact("A 9", "ORG", "2024", teller, noemer=noemer)], catalogue, RULES).rows

    if expected is None:
        assert (row.waarde, row.teller, row.noemer, row.status) == (None, None, None, None)
        assert row.ontbreekt_reden == "onderdrukt"
    else:
        assert (row.waarde, row.teller, row.noemer) == expected
        assert row.status == "definitief"


def test_a_count_shown_elsewhere_is_hidden_with_the_percentage_that_leaves_too_few() -> None:
    """95 of 100 shown as two counts says that five did not."""
    catalogue = Catalogue.of(
        [
            kpi("A 2", uitsplitsing="deel", teller_telling="t"),
            kpi("A 2", teller_telling="n"),
            share("A 2", "t", "n", uitsplitsing="deel"),
        ],
        [count("t"), count("n")],
        [],
    )
    rows = [
        exact("A 2", "ORG", "2024", 95, uitsplitsing="deel"),
        exact("A 2", "ORG", "2024", 100),
        exact("A 2", "ORG", "2024", 95, noemer=100, uitsplitsing="deel"),
    ]

    result = protect(rows, catalogue, RULES)

    assert result.passed
    assert [row.waarde for row in sorted(result.rows, key=lambda row: (row.variant, row.uitsplitsing))] == [
        None,
        100,
        None,
    ]


def test_a_count_is_of_persons_not_of_events() -> None:
    """Fifty signals of three people would be shown."""
    rows = counts_of({"ORG": 50}, n=3)

    assert shown(protect(rows, one_count(), RULES).rows) == {"ORG": None}


def test_a_cell_is_hidden_in_every_figure_that_is_made_of_it() -> None:
    """A hidden count would stand as the denominator, or as a rate, beside it."""
    catalogue = Catalogue.of(
        [
            kpi("A 12", "stand", teller_telling="t"),
            kpi("A 12", "per_10000", teller_telling="t", noemer_herkomst="open", soort_waarde="verhouding"),
            kpi("A 25", "gemiddelde", noemer_telling="t", soort_waarde="gemiddelde"),
        ],
        [count("t", periode="stand")],
        [],
    )
    rows = [
        exact("A 12", "ORG", "2024", 20, variant="stand", n=7),
        exact("A 12", "ORG", "2024", 20, noemer=5000, variant="per_10000", n=20),
        exact("A 25", "ORG", "2024", 70, noemer=20, variant="gemiddelde", n=20),
    ]

    result = protect(rows, catalogue, RULES)

    assert [row.ontbreekt_reden for row in result.rows] == ["onderdrukt"] * 3


def test_categories_are_hidden_together() -> None:
    """Two categories and their total are three numbers of which one follows from the others."""
    catalogue = Catalogue.of(
        [kpi("A 24", teller_telling="t"), *(kpi("A 24", uitsplitsing=name, teller_telling=name) for name in "abc")],
        [count("t"), *(count(name) for name in "abc")],
        [relation("t", name) for name in "abc"],
    )
    values = {"totaal": 92, "a": 50, "b": 35, "c": 7}
    rows = [exact("A 24", "ORG", "2024", value, uitsplitsing=name) for name, value in values.items()]

    result = protect(rows, catalogue, RULES)

    assert result.passed
    assert {row.uitsplitsing: row.waarde for row in result.rows} == {"totaal": 90, "a": 50, "b": None, "c": None}


def test_means_and_durations_are_rounded_and_have_a_minimum_of_their_own() -> None:
    """An exact mean of a known number of scores gives their exact sum; a p90 of few is one person."""
    catalogue = Catalogue.of(
        [
            *(
                kpi("A 4", variant, noemer_telling="t", soort_waarde="duur")
                for variant in ("mediaan", "p90", "gemiddelde")
            ),
            kpi("A 32", "gemiddelde", noemer_telling="t", soort_waarde="gemiddelde"),
            kpi("A 8", "fte", noemer_telling="t", soort_waarde="gemiddelde"),
        ],
        [count("t")],
        [],
    )
    rows = [
        exact("A 4", "ORG", "2024", 1000, noemer=29, variant="mediaan", waarde=17.5),
        exact("A 4", "ORG", "2024", 1000, noemer=29, variant="gemiddelde", waarde=34.4827),
        exact("A 4", "ORG", "2024", 1000, noemer=29, variant="p90", waarde=90.2),
        exact("A 32", "ORG", "2024", 200, noemer=29, variant="gemiddelde", waarde=6.8965),
        exact("A 8", "ORG", "2024", 1, noemer=29, variant="fte", waarde=0.03448),
    ]

    result = by_key(protect(rows, catalogue, RULES).rows)
    figures = {(key.kpi_id, key.variant): (row.waarde, row.teller, row.noemer) for key, row in result.items()}

    assert figures == {
        ("A 4", "mediaan"): (18, None, 30),
        ("A 4", "gemiddelde"): (34, None, 30),
        ("A 4", "p90"): (None, None, None),
        ("A 32", "gemiddelde"): (6.9, None, 30),
        ("A 8", "fte"): (0.034, None, 30),
    }


@pytest.mark.parametrize(
    ("n", "largest", "two", "expected"),
    [
        (12, 0.3, 0.5, 61.2),
        (9, 0.3, 0.5, None),
        (12, 0.51, 0.6, None),
        (12, 0.5, 0.86, None),
        (12, None, None, None),
    ],
    ids=["fine", "few", "one large", "two large", "unknown"],
)
def test_an_amount_of_few_or_of_one_large_client_is_hidden(
    n: int, largest: float | None, two: float | None, expected: float | None
) -> None:
    """Of an amount that one client makes up, everybody knows that client's amount."""
    catalogue = Catalogue.of(
        [kpi("A 20", "euro", noemer="euro", noemer_herkomst="eigen", soort_waarde="percentage_bedrag", factor="100")],
        [],
        [],
    )
    row = exact("A 20", "ORG", "2024", 6120, noemer=10_000, variant="euro", n=n, grootste=largest, grootste_twee=two)

    (made,) = protect([row], catalogue, RULES).rows

    assert (made.waarde, made.teller, made.noemer) == (expected, None, None)


def test_amounts_are_rounded_and_hidden_together() -> None:
    """Supplements and refunds add up to the net amount: one of three is never hidden alone."""
    variants = ("netto", "aanvullend", "restitutie")
    catalogue = Catalogue.of([kpi("A 42", variant, soort_waarde="bedrag") for variant in variants], [], [])
    fine = {"grootste": 0.2, "grootste_twee": 0.3}
    rows = [
        exact("A 42", "ORG", "2024", 43_210, variant="netto", n=30, **fine),
        exact("A 42", "ORG", "2024", 52_345, variant="aanvullend", n=28, **fine),
        exact("A 42", "ORG", "2024", -9_135, variant="restitutie", n=4, **fine),
    ]

    result = protect(rows, catalogue, RULES)

    assert result.passed
    assert {row.variant: row.waarde for row in result.rows} == {"netto": 43_200, "aanvullend": None, "restitutie": None}


def test_figures_that_are_not_of_people_have_no_minimum() -> None:
    """Two reports that came back are hidden, although a report is nobody."""
    catalogue = Catalogue.of(
        [
            kpi("A 26", teller_telling="t", bijdrager="geen"),
            kpi("A 1", "uren", soort_waarde="uren", bijdrager="geen"),
            kpi("K 2", "percentage", noemer="x", soort_waarde="percentage", noemer_herkomst="eigen", bijdrager="geen"),
        ],
        [count("t")],
        [],
    )
    rows = [
        exact("A 26", "ORG", "2024", 3),
        exact("A 1", "ORG", "2024", 12.6, variant="uren"),
        exact("K 2", "ORG", "2024", 3, noemer=7),
    ]

    result = by_key(protect(rows, catalogue, RULES).rows)

    assert {key.kpi_id: (row.waarde, row.teller) for key, row in result.items()} == {
        "A 26": (5, 5),
        "A 1": (13, None),
        "K 2": (43, None),
    }


def test_the_score_of_a_commissioner_needs_consent() -> None:
    """A gemeente has one official who gives that score."""
    catalogue = Catalogue.of(
        [kpi("A 34", "gemiddelde", noemer_telling="t", soort_waarde="gemiddelde")], [count("t")], []
    )
    row = exact("A 34", "GM01", "2024", 8, noemer=1, variant="gemiddelde", waarde=8.0)

    (hidden,) = protect([row], catalogue, RULES).rows
    (given,) = protect([row], catalogue, parameters(a34_toestemming="ja")).rows

    assert (hidden.waarde, hidden.ontbreekt_reden) == (None, "onderdrukt")
    assert (given.waarde, given.noemer) == (8.0, None)


def test_a_zero_may_be_shown_where_the_registry_allows_it_and_nothing_is_sensitive() -> None:
    """A zero that anybody may know would be hidden, or one that is about relapse shown."""
    counts = [count("t"), count("u", gevoelig="true")]
    kpis = [
        kpi("A 3", teller_telling="t", nul_publiceren="ja"),
        kpi("A 37", teller_telling="u", nul_publiceren="ja"),
    ]
    rows = [exact("A 3", "ORG", "2024", 0), exact("A 37", "ORG", "2024", 0)]

    result = protect(rows, Catalogue.of(kpis, counts, []), RULES).rows

    assert [(row.kpi_id, row.waarde) for row in result] == [("A 3", 0), ("A 37", None)]


def test_other_reasons_stay_and_tell_nothing() -> None:
    """A table that was not delivered would look like a small group."""
    rows = [
        exact("A 1", "ORG", "2024", None, waarde=None, ontbreekt_reden="niet_geleverd", status=None),
        exact("A 1", "ORG", "2023", 20),
    ]

    result = protect(rows, one_count(), RULES)

    assert [row.ontbreekt_reden for row in result.rows] == [None, "niet_geleverd"]
    assert result.passed


def test_two_figures_that_disagree_on_a_cell_are_both_hidden() -> None:
    """Both would be shown, and the attacker would have been given a wrong picture of what they say."""
    catalogue = Catalogue.of([kpi("A 1", teller_telling="t"), kpi("A 2", teller_telling="t")], [count("t")], [])
    result = protect([exact("A 1", "ORG", "2024", 40), exact("A 2", "ORG", "2024", 70)], catalogue, RULES)

    assert [row.ontbreekt_reden for row in result.rows] == ["onderdrukt"] * 2
    assert [cell.maat for cell in result.conflicts] == ["t"]


def test_a_figure_that_is_not_in_the_registry_is_refused() -> None:
    """It would go out without anybody having said how to protect it."""
    with pytest.raises(CatalogueError, match="A 99"):
        protect([exact("A 99", "ORG", "2024", 40)], one_count(), RULES)


def test_members_of_an_open_list_are_cells_of_their_own() -> None:
    """A code with three would be shown because another has thirty."""
    catalogue = Catalogue.of(
        [kpi("A 40", uitsplitsing="bijvangst", lijst="true", teller_telling="t", bijdrager="interventie")],
        [count("t")],
        [],
    )
    rows = [
        exact("A 40", "ORG", "2024", 30, uitsplitsing="bijvangst: veel"),
        exact("A 40", "ORG", "2024", 3, uitsplitsing="bijvangst: weinig"),
    ]

    result = protect(rows, catalogue, RULES)

    assert {row.uitsplitsing: row.waarde for row in result.rows} == {"bijvangst: veel": 30, "bijvangst: weinig": None}


def test_the_order_of_the_rows_does_not_matter() -> None:
    """The same figures would be protected differently from night to night, which tells what was hidden."""
    draw = random.Random(3)
    rows = [
        exact("A 1", area, period, draw.randint(0, 60))
        for area in ("GM01", "GM02", "GM03", "GM9999", "ORG")
        for period in ("2024", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
    ]
    shuffled = draw.sample(rows, len(rows))

    assert protect(rows, one_count(), RULES) == protect(shuffled, one_count(), RULES)


def test_the_reason_in_the_publication_does_not_say_which_rule_hid_a_figure() -> None:
    """Who knows that a figure is too small itself, knows that it is below ten."""
    rows = protect(counts_of({"GM01": 4, "GM02": 25, "GM03": 60, "ORG": 89}), one_count(), RULES).rows

    assert {row.ontbreekt_reden for row in rows if row.waarde is None} == {"onderdrukt"}
    assert {row.gemeente_code: row.onderdrukking for row in rows} == {
        "GM01": "primair",
        "GM02": "secundair",
        "GM03": None,
        "ORG": None,
    }


def test_a_leak_that_cannot_be_closed_is_reported() -> None:
    """The batch would go out with a leak because the attempts ran out."""
    kpis = [kpi("A 1", teller_telling="t"), kpi("A 2", teller_telling="u"), kpi("A 3", teller_telling="v")]
    catalogue = Catalogue.of(
        kpis,
        [count("t"), count("u"), count("v")],
        [relation("t", "u", "omvat"), relation("u", "v", "omvat")],
    )
    rows = [
        exact("A 1", "ORG", "2024", 40),
        exact("A 2", "ORG", "2024", 39, n=5),
        exact("A 3", "ORG", "2024", 38),
    ]

    once = protect(rows, catalogue, parameters(audit_rondes=1))
    often = protect(rows, catalogue, RULES)

    assert (once.passed, [bound.cell.maat for bound in once.remaining]) == (False, ["u"])
    assert often.passed
    assert often.hidden_audit == 1
    assert by_key(often.rows)[RowKey("A 3", "aantal", "totaal", "ORG", "2024")].waarde is None


def test_rows_keep_what_is_not_a_figure() -> None:
    """Status, year and model version would be lost on the way."""
    row = replace(exact("A 1", "ORG", "2024-Q1", 23), status="voorlopig", model_versie="v1")

    (made,) = protect([row], one_count(), RULES).rows

    assert (made.status, made.model_versie, made.periode_soort, made.jaar) == ("voorlopig", "v1", "kwartaal", 2024)
    assert (made.waarde, made.teller, made.noemer) == (25, 25, None)
