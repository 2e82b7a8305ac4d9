"""On recorded answers of the real services, percentages of gemeenten that merged since are worked out by hand here.

Figures come from the untyped text of the RIVM table of 2020, inhabitants from the district figures of 2020, and which
gemeenten merged is written down below. No code and no registry of the project takes part.
"""

from __future__ import annotations

import duckdb
import pytest

from tests.end_to_end.conftest import RECORDED, Night

pytestmark = [pytest.mark.long, pytest.mark.recorded, pytest.mark.xdist_group("recorded")]

RIVM = RECORDED / "odata" / "dataderden.cbs.nl" / "50090NED" / "UntypedDataSet.parquet"
DISTRICTS = RECORDED / "odata" / "opendata.cbs.nl" / "84799NED" / "TypedDataSet.parquet"
AGES = {"20300": "18+", "53115": "18-65", "80200": "65+"}
COLUMNS = {
    "I 1.1.3": "MoeiteMetRondkomen_38",
    "I 3.3.2": "Mantelzorger_32",
    "I 5.1.1": "VoldoetAanBeweegrichtlijn_5",
    "I 5.1.3": "Overgewicht_9",
    "I 6.1.2": "HoogRisicoOpAngstOfDepressie_25",
    "I 7.1.1": "MatigVeelRegieOverEigenLeven_27",
}
MERGED = {
    "GM1979": ("GM0003", "GM0010", "GM0024"),  # Eemsdelta: Appingedam, Delfzijl, Loppersum
    "GM1980": ("GM0398", "GM0416"),  # Dijk en Waard: Heerhugowaard, Langedijk
    # Land van Cuijk: Boxmeer, Cuijk, Grave, Mill en Sint Hubert, Sint Anthonis
    "GM1982": ("GM0756", "GM1684", "GM0786", "GM0815", "GM1702"),
    "GM1992": ("GM0501", "GM0530", "GM0614"),  # Voorne aan Zee: Brielle, Hellevoetsluis, Westvoorne
}
# Haaren went to four neighbours in 2021, that all stayed what they were.
HAAREN, NEIGHBOURS = "GM0788", {"GM0757": "Boxtel", "GM0824": "Oisterwijk", "GM0855": "Tilburg", "GM0865": "Vught"}

Key = tuple[str, str, str, str]


def test_percentages_of_2020_are_weighted_over_the_gemeenten_that_merged_since(recorded_night: Night) -> None:
    """A figure of before the merger would be empty, or that of one village, or a mean in which all weigh the same."""
    figures, inhabitants = _figures(), _inhabitants()
    expected = {}
    for merged, parts in MERGED.items():
        people = [inhabitants[part] for part in parts]
        for kpi_id in COLUMNS:
            for age in AGES.values():
                values = [figures.get((kpi_id, age, part, "2020")) for part in parts]
                if None in values:
                    assert values == [None] * len(parts)
                    continue
                value = sum(number * share for number, share in zip(people, values, strict=True)) / sum(people)
                expected[kpi_id, age, merged, "2020"] = float(f"{value:.9g}")
    found = _mart(recorded_night, tuple(MERGED), "2020")
    assert len(expected) >= 4 * 6 * 2
    assert {key: row[0] for key, row in found.items() if row[0] is not None} == pytest.approx(expected, rel=1e-9)
    assert {row[1:] for row in found.values() if row[0] is not None} == {(None, True, False, "geen")}
    assert expected["I 3.3.2", "18+", "GM1979", "2020"] == pytest.approx(13.7927, abs=5e-5)


def test_a_year_without_inhabitants_stays_empty_and_says_so(recorded_night: Night) -> None:
    """Figures of 2016 would be weighted with the inhabitants of another year without anybody being told."""
    figures = _figures()
    known = {
        (kpi_id, age, merged, "2016")
        for merged, parts in MERGED.items()
        for kpi_id in COLUMNS
        for age in AGES.values()
        if all((kpi_id, age, part, "2016") in figures for part in parts)
    }
    found = _mart(recorded_night, tuple(MERGED), "2016")
    assert known
    assert {found[key] for key in known} == {(None, "herindeling", False, False, "geen")}


def test_the_neighbours_that_took_in_haaren_keep_their_own_percentage_and_are_marked(recorded_night: Night) -> None:
    """Oisterwijk would be mixed with a village of which nobody knows how it answered, or change without a mark."""
    figures = _figures()
    expected = {key: value for key, value in figures.items() if key[2] in NEIGHBOURS and key[3] == "2020"}
    found = _mart(recorded_night, tuple(NEIGHBOURS), "2020")
    assert {key[2] for key in expected} == set(NEIGHBOURS)
    assert {key: found[key][0] for key in expected} == expected
    assert {found[key][1:] for key in expected} == {(None, False, True, "geen")}


def test_a_gemeente_that_is_gone_is_found_only_as_its_source_published_it(recorded_night: Night) -> None:
    """The figure of Haaren would be lost, or stand on a division that has no Haaren."""
    originals = {
        (kpi_id, age, gemeente_code, periode): waarde
        for kpi_id, age, gemeente_code, periode, waarde in recorded_night.query(
            """select kpi_id, uitsplitsing, gemeente_code, periode, waarde from kpi_waarde_bron
            where variant like 'rivm%' and hoofdreeks and waarde is not null"""
        )
    }
    gone = {HAAREN, *(part for parts in MERGED.values() for part in parts)}
    expected = {key: value for key, value in _figures().items() if key[2] in gone}
    assert {key: originals.get(key) for key in expected} == expected
    assert recorded_night.query("select count(*) from kpi_waarde where gemeente_code = ?", HAAREN) == [(0,)]


def _mart(night: Night, codes: tuple[str, ...], period: str) -> dict[Key, tuple[object, ...]]:
    """Figure, reason, is_herleid, breuk and oi_methode in the mart, of the KPIs above."""
    rows = night.query(
        f"""select kpi_id, uitsplitsing, gemeente_code, periode, waarde, ontbreekt_reden, is_herleid, breuk, oi_methode
        from kpi_waarde where hoofdreeks and variant like 'rivm%' and periode = ? and kpi_id in {tuple(COLUMNS)}
        and gemeente_code in {codes}""",
        period,
    )
    return {row[:4]: row[4:] for row in rows}


def _figures() -> dict[Key, float]:
    """The published percentages; '       .' is nothing."""
    columns = ", ".join(COLUMNS.values())
    rows = duckdb.execute(
        f"""select trim(Leeftijd), trim(WijkenEnBuurten), left(trim(Perioden), 4), {columns} from '{RIVM}'
        where WijkenEnBuurten like 'GM%' and trim(Marges) = 'MW00000'"""
    ).fetchall()
    return {
        (kpi_id, AGES[age], region, period): float(text)
        for age, region, period, *texts in rows
        for kpi_id, text in zip(COLUMNS, texts, strict=True)
        if text is not None and text.strip() not in ("", ".")
    }


def _inhabitants() -> dict[str, int]:
    """Inhabitants on 1 January 2020."""
    return dict(
        duckdb.execute(
            f"select trim(WijkenEnBuurten), AantalInwoners_5 from '{DISTRICTS}' where WijkenEnBuurten like 'GM%'"
        ).fetchall()
    )
