"""The registry's own list of gemeenten: which exist on 1 January of a year."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.gemeente_register import load_gemeente_register
from sources.registry import RegistryError
from tests.sources.plain_archives import SEEDS, real_register

REGISTER = real_register()


@pytest.mark.parametrize(
    ("year", "number"),
    [
        (2011, 418),
        (2012, 415),
        (2014, 403),
        (2018, 380),
        (2019, 355),
        (2021, 352),
        (2022, 345),
        (2023, 342),
        (2026, 342),
    ],
)
def test_the_number_of_gemeenten_is_that_of_the_official_lists(year: int, number: int) -> None:
    """One gemeente too many or too few in a year is one figure without a place."""
    assert len(REGISTER.codes_in(year)) == number


def test_a_gemeente_ends_on_the_day_that_is_written() -> None:
    """The last day and the first day after it are easily mixed up by a year."""
    assert "GM0003" in REGISTER.codes_in(2020)
    assert "GM0003" not in REGISTER.codes_in(2021)
    assert "GM1979" not in REGISTER.codes_in(2020)
    assert "GM1979" in REGISTER.codes_in(2021)
    assert set(REGISTER.pseudo) >= {"GM0998", "GM0999"}


def seeds(folder: Path, register: str) -> Path:
    (folder / "gemeente_register.csv").write_text(register, encoding="utf-8")
    (folder / "pseudo_gebied.csv").write_bytes((SEEDS / "pseudo_gebied.csv").read_bytes())
    return folder


def test_a_malformed_day_names_its_line(tmp_path: Path) -> None:
    """A day that is skipped makes a gemeente exist for ever."""
    text = "gemeente_code,gemeente_naam,geldig_van,geldig_tot\nGM0003,Appingedam,1970-01-01,01-01-2021\n"
    with pytest.raises(
        RegistryError, match=r"gemeente_register.csv, line 2, column geldig_tot: '01-01-2021' is no day"
    ):
        load_gemeente_register(seeds(tmp_path, text))


def test_a_missing_column_or_file_is_named(tmp_path: Path) -> None:
    """An empty list would refuse every roster and every hand-supplied figure."""
    with pytest.raises(RegistryError, match=r"gemeente_register\.csv"):
        load_gemeente_register(tmp_path)
    with pytest.raises(RegistryError, match="column geldig_tot"):
        load_gemeente_register(seeds(tmp_path, "gemeente_code,gemeente_naam,geldig_van\n"))
