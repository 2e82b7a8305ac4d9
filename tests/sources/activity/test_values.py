"""How cells become values, on real files: each test is named after the case of the reader requirements it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.activity.sql import literal
from sources.activity.values import date_sql, number_sql, timestamp_sql
from tests.sources.activity.landing_folder import deliver, deliver_mapped, landed, quarantine, rows

HOURS = """
tabellen:
  capaciteit:
    bestand: planning.csv
    scheiding: ";"
    kolommen:
      gemeente_code: Gemeente
      maand: {{bron: Maand, datum: "%d-%m-%Y"}}
      gevraagde_uren: {{bron: Gevraagd, {style}}}
      beschikbare_uren: {{vast: "0"}}
"""
SIGNALS = """
tabellen:
  signaal:
    bestand: signalen.csv
    scheiding: ";"
    kolommen:
      signaal_id: Nr
      datum_ontvangen: {{bron: Ontvangen, datum: "%d-%m-%Y"}}
      {column}
"""
REQUESTS = """
tabellen:
  casus:
    bestand: casus.csv
    kolommen: {casus_id: id, deelnemer_id: wie, startdatum: start}
  partnerverzoek:
    bestand: verzoek.csv
    scheiding: ";"
    kolommen:
      verzoek_id: id
      casus_id: casus
      partner_id: partner
      verzocht_op: {bron: gevraagd, datum: ["%d-%m-%Y %H:%M", "%d-%m-%Y"]}
"""
GEMEENTEN = ("GM0344", "GM0363", "GM0599", "GM0518", "GM0014", "GM0758", "GM0034", "GM0855")


def write_book(path: Path, header: list[str], lines: list[list[Any]]) -> None:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for line in [header, *lines]:
        book.worksheets[0].append(line)
    book.save(path)


def lines_of(cells: Iterable[Any]) -> list[list[Any]]:
    """A line of planning per cell, each for another gemeente."""
    return [[gemeente, "01-01-2025", cell] for gemeente, cell in zip(GEMEENTEN, cells, strict=False)]


def hours(tmp_path: Path, style: str, *cells: str) -> list[Any]:
    """The numbers that cells of a number column become; None for a cell in quarantine as unreadable."""
    lines = [";".join(line) for line in lines_of(cells)]
    text = "\n".join(["Gemeente;Maand;Gevraagd", *lines, ""])
    folder = deliver_mapped(tmp_path / "in", HOURS.format(style=style), {"planning.csv": text})
    landed(folder, tmp_path / "lake")
    return _by_line(tmp_path / "lake", "capaciteit", "gevraagde_uren", len(cells))


def signals(tmp_path: Path, column: str, *cells: str, **levering: str) -> list[Any]:
    """What cells of a column of signaal become; None for empty, the reason code for quarantine."""
    mapping = SIGNALS.format(column=column)
    lines = [f"{number};01-01-2025;{cell}" for number, cell in enumerate(cells)]
    text = "\n".join(["Nr;Ontvangen;X", *lines, ""])
    folder = deliver_mapped(tmp_path / "in", mapping, {"signalen.csv": text}, **levering)
    landed(folder, tmp_path / "lake")
    return _by_line(tmp_path / "lake", "signaal", column.split(":", maxsplit=1)[0], len(cells))


def received(tmp_path: Path, *cells: str, formats: str = '"%d-%m-%Y"', **levering: str) -> list[Any]:
    """What cells of a date column become; the reason code for quarantine."""
    mapping = SIGNALS.format(column="herkomst: {vast: reactief}").replace('"%d-%m-%Y"', formats)
    text = "\n".join(["Nr;Ontvangen", *(f"{number};{cell}" for number, cell in enumerate(cells)), "99;01-01-2024", ""])
    folder = deliver_mapped(tmp_path / "in", mapping, {"signalen.csv": text}, **levering)
    landed(folder, tmp_path / "lake")
    return _by_line(tmp_path / "lake", "signaal", "datum_ontvangen", len(cells))


def requested(tmp_path: Path, *cells: str) -> list[Any]:
    """(moment, is only a day) of cells of a timestamp column; the reason code for quarantine."""
    text = "\n".join(["id;casus;partner;gevraagd", *(f"{number};1;p;{cell}" for number, cell in enumerate(cells)), ""])
    files = {"casus.csv": "id,wie,start\n1,d,2025-01-01\n", "verzoek.csv": text}
    landed(deliver_mapped(tmp_path / "in", REQUESTS, files), tmp_path / "lake")
    return _by_line(tmp_path / "lake", "partnerverzoek", "verzocht_op::varchar, verzocht_op_is_datum", len(cells))


def _by_line(lake: Path, table: str, column: str, number: int) -> list[Any]:
    found = {
        line: value[0] if len(value) == 1 else tuple(value)
        for line, *value in rows(lake, table, f"_bronregel, {column}")
    }
    faults = {line: reason for tabel, line, _, reason in quarantine(lake) if tabel == table}
    return [faults[line] if line in faults else found[line] for line in range(2, number + 2)]


@pytest.mark.parametrize(
    ("style", "cells"),
    [
        (
            'decimaal: ","',
            {"12,5": "12.5", "€ 12,50": "12.5", "EUR 12": "12", "45%": "45", "€ 12,-": "12", ",5": "0.5"},
        ),
        (
            'decimaal: ",", duizendtal: "."',
            {"1.234,50": "1234.5", "1.234": "1234", "1.234.567,8": "1234567.8", "€ 1.234,50": "1234.5"},
        ),
        ('decimaal: "."', {"1.234": "1.23", "12.50": "12.5"}),
        ('decimaal: ".", duizendtal: ","', {"1,234.5": "1234.5", "1234.5": "1234.5"}),
        ('decimaal: ",", duizendtal: " "', {"12 345,6": "12345.6"}),
    ],
)
def test_l4_l5_l6_l36_numbers_are_read_by_the_signs_of_the_mapping(
    tmp_path: Path, style: str, cells: dict[str, str]
) -> None:
    """`1.234` is a thousand in one file and one and a bit in the next; guessing makes money out of nothing."""
    wanted = [Decimal(value).quantize(Decimal("0.01")) for value in cells.values()]
    assert hours(tmp_path, style, *cells) == wanted


@pytest.mark.parametrize(
    ("style", "cells"),
    [
        ('decimaal: ","', ["1.234", "1.5"]),
        ('decimaal: ",", duizendtal: "."', ["1.23", "12.5", "1.2345", "1,234.5"]),
        ('decimaal: "."', ["12,5", "veel", "1e3", "12 13", "--12", "-12-"]),
    ],
)
def test_l6_a_number_in_another_style_is_never_guessed(tmp_path: Path, style: str, cells: list[str]) -> None:
    """A cell that does not fit the declared signs is a fault to show, not a figure to invent."""
    assert hours(tmp_path, style, *cells, "1") == [*["type_onleesbaar"] * len(cells), Decimal(1)]


def test_l36_a_negative_amount_keeps_its_sign(tmp_path: Path) -> None:
    """A restitution read as an extra payment doubles the error."""
    mapping = """
    tabellen:
      budget:
        bestand: b.csv
        kolommen:
          {budget_id: id, gemeente_code: gm, soort: {vast: overig}, datum_aanvraag: d, bedrag_aangevraagd: {vast: "1"}}
      budgetcorrectie:
        bestand: c.csv
        scheiding: ";"
        kolommen: {correctie_id: id, budget_id: budget, datum: d, bedrag: {bron: bedrag, decimaal: ","}}
    """
    cells = ["-12,50", "12,50-", "€ -12,50", "-€ 12,50", "- 12,50"]
    lines = [f"{number};1;2025-02-01;{cell}" for number, cell in enumerate(cells)]
    files = {"b.csv": "id,gm,d\n1,GM0344,2025-01-01\n", "c.csv": "\n".join(["id;budget;d;bedrag", *lines, ""])}
    landed(deliver_mapped(tmp_path / "in", mapping, files), tmp_path / "lake")
    assert rows(tmp_path / "lake", "budgetcorrectie", "bedrag") == [(Decimal("-12.50"),)] * len(cells)


def test_l11_to_l16_dates_are_read_in_every_spelling_and_impossible_ones_are_not(tmp_path: Path) -> None:
    """A date that shifts a month or a century moves a case to another year."""
    unreadable = ["31-02-2025", "2025-02-29", "00-01-2025", "31-12-1899", "gisteren", "31-12-2025 x", "1-2-3-4", "99"]
    expected = {
        "31-12-2025": date(2025, 12, 31),
        "1-3-25": date(2025, 3, 1),
        "1-3-26": date(1926, 3, 1),
        "01/03/2025": date(2025, 3, 1),
        "2025-12-31": date(2025, 12, 31),
        "2025-12-31T09:30:00": date(2025, 12, 31),
        "31-12-2025 09:30": date(2025, 12, 31),
        "45658": date(2025, 1, 1),
        "46022": date(2025, 12, 31),
        "45351": date(2024, 2, 29),
        "45658,3958": date(2025, 1, 1),
        "2024-02-29": date(2024, 2, 29),
        '"01-01-2025; 02-01-2025"': "meerwaardige_cel",
        **dict.fromkeys(unreadable, "type_onleesbaar"),
    }
    assert dict(zip(expected, received(tmp_path, *expected), strict=True)) == expected


def test_l12_two_digits_turn_at_the_year_of_the_peildatum(tmp_path: Path) -> None:
    """A fixed pivot would put next year's delivery a hundred years back."""
    assert received(tmp_path, "1-3-25", "1-3-24", peildatum="2024-12-31") == [date(1925, 3, 1), date(2024, 3, 1)]


def test_l12_a_planned_date_of_two_digits_may_lie_ahead(tmp_path: Path) -> None:
    """A deadline next year is not one of a century ago."""
    mapping = """
    tabellen:
      interventie:
        bestand: i.csv
        kolommen: {interventie_id: id, startdatum: s, geplande_einddatum: g}
    """
    files = {"i.csv": "id,s,g\n1,1-3-25,1-3-27\n"}
    landed(deliver_mapped(tmp_path / "in", mapping, files), tmp_path / "lake")
    assert rows(tmp_path / "lake", "interventie", "startdatum, geplande_einddatum") == [
        (date(2025, 3, 1), date(2027, 3, 1))
    ]


def test_l11_the_format_of_the_mapping_decides_between_day_and_month(tmp_path: Path) -> None:
    """American exports exist: 03-04 is then the fourth of March."""
    assert received(tmp_path, "03-04-2025", formats='"%m-%d-%Y"') == [date(2025, 3, 4)]
    assert received(tmp_path, "20250304", formats='["%Y%m%d", "%d-%m-%Y"]') == [date(2025, 3, 4)]


def test_l15_real_dates_and_text_dates_in_one_column_of_a_workbook(tmp_path: Path) -> None:
    """A sheet that people worked in has both, and half the cases would be gone."""
    folder = deliver_mapped(
        tmp_path / "in",
        SIGNALS.format(column="leefgebied: X").replace("signalen.csv", "signalen.xlsx"),
        {},
    )
    lines = [[1, datetime(2025, 3, 4), 1], [2, "05-03-2025", 2], [3, "2025-03-06", 3]]  # noqa: DTZ001 - as Excel has it
    write_book(folder / "signalen.xlsx", ["Nr", "Ontvangen", "X"], lines)
    landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "signaal", "datum_ontvangen") == [
        (date(2025, 3, 4),),
        (date(2025, 3, 5),),
        (date(2025, 3, 6),),
    ]


def test_l13_l17_a_moment_keeps_its_minute_and_says_when_it_has_none(tmp_path: Path) -> None:
    """A reply in hours computed from days without a time is twelve hours off."""
    half_past_nine = ("2025-12-31 09:30:00", False)
    expected = {
        "31-12-2025 09:30": half_past_nine,
        "46022,3958": half_past_nine,
        "31-12-2025 0,3958": half_past_nine,
        "2025-12-31 9:30": half_past_nine,
        "2025-12-31T08:30:00Z": half_past_nine,
        "2025-12-31T09:30:15": ("2025-12-31 09:30:15", False),
        "2025-06-30T09:30:00+02:00": ("2025-06-30 09:30:00", False),
        "2025-12-31T00:00:00": ("2025-12-31 00:00:00", False),
        "31-12-2025": ("2025-12-31 00:00:00", True),
        "46022": ("2025-12-31 00:00:00", True),
        # L16: midnight in their place would look like an answer given at night.
        **dict.fromkeys(["31-12-2025 25:10", "31-12-2025 straks", "31-02-2025 10:00"], "type_onleesbaar"),
    }
    assert dict(zip(expected, requested(tmp_path, *expected), strict=True)) == expected


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (("ja", "Ja", "JA", "J", "j", "1", "waar", "WAAR", "true", "True"), True),
        (("nee", "NEE", "N", "n", "0", "onwaar", "ONWAAR", "false", "False"), False),
        (("", "-", "n.v.t.", "N.V.T.", "onbekend", "Onbekend", "."), None),
        (("X", "misschien", "2"), "type_onleesbaar"),
    ],
)
def test_l18_l19_l20_booleans_in_all_spellings(tmp_path: Path, cells: tuple[str, ...], value: object) -> None:
    """Three values, not two: what nobody judged is not a no."""
    assert signals(tmp_path, "vroegsignaal: X", *cells, "ja")[:-1] == [value] * len(cells)


def test_l19_x_and_blank_mean_yes_and_no_only_when_the_mapping_says_so(tmp_path: Path) -> None:
    """In a list with crosses a blank is a no; anywhere else it is a question nobody asked."""
    column = 'vroegsignaal: {bron: X, waar: ["X"], onwaar: [""]}'
    assert signals(tmp_path, column, "X", "x", "", "-", "ja") == [True, True, False, None, True]


def test_l20_nvt_is_an_answer_in_a_questionnaire(tmp_path: Path) -> None:
    """Blanked, it would lower the response instead of being left out of the score."""
    folder = deliver(
        tmp_path / "in",
        {
            "vragenlijst_afname": """
                afname_id,vragenlijst,versie,datum
                1,deelnemers,1,2025-05-01
                """,
            "vragenlijst_antwoord": """
                afname_id,vraagcode,antwoord
                1,1a1,n.v.t.
                1,1a2, JA
                1,1a3,
                """,
        },
    )
    landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "vragenlijst_antwoord", "antwoord") == [("n.v.t.",), ("JA",)]
    assert quarantine(tmp_path / "lake") == [("vragenlijst_antwoord", 4, "antwoord", "verplicht_veld_leeg")]


def test_l26_a_gemeente_code_gets_its_zeros_back(tmp_path: Path) -> None:
    """A spreadsheet takes the zero off and the gemeente becomes unknown."""
    cells = ["344", "0344", "344.0", "344,0", "GM0344", "gm 344", "GM344", "WK034401", "BU03440101"]
    assert signals(tmp_path, "gemeente_code: X", *cells) == ["GM0344"] * len(cells)


@pytest.mark.parametrize(("zeros", "alike"), [("strippen", True), ("houden", False)])
def test_l26_zeros_of_identifiers_go_by_the_option(tmp_path: Path, zeros: str, alike: bool) -> None:
    """Two exports of one system, one through a spreadsheet, must give one person."""
    column = f"deelnemer_id: {{bron: X, id_voorloopnullen: {zeros}}}"
    one, other, third = signals(tmp_path, column, "007", "7", "7.0")
    assert (one == other, other == third) == (alike, True)


def test_l30_the_mapping_names_which_of_two_end_dates_is_the_real_one(tmp_path: Path) -> None:
    """Planned ends taken for real ones make every treatment end on time."""
    mapping = """
    tabellen:
      interventie:
        bestand: trajecten.csv
        scheiding: ";"
        kolommen:
          interventie_id: Nummer
          startdatum: Startdatum traject
          geplande_einddatum: Einddatum traject
          einddatum: {bron: Afsluitdatum traject, einde: inclusief}
          reden_einde: {bron: Reden, waarden: {Klaar: afgerond}}
    """
    text = """
    Nummer;Startdatum traject;Einddatum traject;Afsluitdatum traject;Reden
    1;01-02-2025;30-06-2026;15-05-2025;Klaar
    2;01-02-2025;30-06-2025;;
    """
    landed(deliver_mapped(tmp_path / "in", mapping, {"trajecten.csv": text}), tmp_path / "lake")
    assert rows(tmp_path / "lake", "interventie", "geplande_einddatum, einddatum, reden_einde") == [
        (date(2026, 6, 30), date(2025, 5, 16), "afgerond"),
        (date(2025, 6, 30), None, None),
    ]


def test_an_inclusive_end_is_judged_as_it_was_delivered(tmp_path: Path) -> None:
    """A case closed on the peildatum is not in the future; one that ends the day before it starts is wrong."""
    mapping = """
    tabellen:
      casus:
        bestand: c.csv
        kolommen: {casus_id: id, deelnemer_id: d, startdatum: s, einddatum: {bron: e, einde: inclusief}}
    """
    text = "id,d,s,e\n1,1,2025-01-01,2025-12-31\n2,1,2025-01-02,2025-01-01\n3,1,2025-01-02,2025-01-02\n"
    landed(deliver_mapped(tmp_path / "in", mapping, {"c.csv": text}), tmp_path / "lake")
    assert rows(tmp_path / "lake", "casus", "einddatum") == [(date(2026, 1, 1),), (date(2025, 1, 3),)]
    assert quarantine(tmp_path / "lake") == [("casus", 3, "einddatum", "eind_voor_start")]


def test_l31_zrm_99_is_no_score(tmp_path: Path) -> None:
    """A score of 99 would be the progress of the century."""
    folder = deliver(
        tmp_path / "in",
        {
            "casus": "casus_id,deelnemer_id,startdatum\n1,1,2025-01-01\n",
            "zrm_score": """
                casus_id,meetdatum,domein,score
                1,2025-01-01,1,99
                1,2025-01-01,2,5
                1,2025-01-01,3,6
                1,2025-01-01,4,99.0
                """,
        },
    )
    landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "zrm_score", "domein, score") == [(1, None), (2, 5), (4, None)]
    assert quarantine(tmp_path / "lake") == [("zrm_score", 4, "score", "waarde_buiten_domein")]


def test_l37_a_status_list_becomes_a_boolean_by_its_value_map(tmp_path: Path) -> None:
    """`afgewezen` is a no, and a word nobody mapped is a question for the supplier."""
    column = 'vroegsignaal: {bron: X, waarden: {toegewezen: "true", Afgewezen: "false", open: ""}}'
    assert signals(tmp_path, column, "toegewezen", "AFGEWEZEN", "open", "in beraad") == [
        True,
        False,
        None,
        "waarde_buiten_domein",
    ]


def test_a_value_outside_the_map_is_empty_where_the_mapping_allows_it(tmp_path: Path) -> None:
    """Some lists are too long to map; then what is not mapped is left out knowingly."""
    mapping = SIGNALS.format(column="leefgebied: {bron: X, waarden: {Geld: 1}}") + "    onbekende_waarde: leeg\n"
    text = "Nr;Ontvangen;X\n1;01-01-2025;Geld\n2;01-01-2025;Zin\n"
    folder = deliver_mapped(tmp_path / "in", mapping, {"signalen.csv": text})
    landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "signaal", "leefgebied") == [(1,), (None,)]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("herkomst: {bron: X, waarden: {A: proactief, B: reactief}}", "A, B", "meerwaardige_cel"),
        ("herkomst: {bron: X, waarden: {A: proactief, B: reactief}}", "A, C", "waarde_buiten_domein"),
        ("herkomst: X", "proactief, reactief", "meerwaardige_cel"),
        ("herkomst: X", "Proactief", "waarde_buiten_domein"),
        ("deelnemer_id: X", "12, 13", "meerwaardige_cel"),
        ("leefgebied: X", "1, 2", "meerwaardige_cel"),
        ("leefgebied: X", "8", "waarde_buiten_domein"),
        ("leefgebied: X", "3.0", 3),
        ("leefgebied: X", "3.5", "type_onleesbaar"),
        ("leefgebied: X", "99999999999", "waarde_buiten_domein"),
    ],
)
def test_l28_several_values_in_one_cell_are_told_from_a_wrong_value(
    tmp_path: Path, column: str, cell: str, expected: object
) -> None:
    """The remedy differs: split the cell, or correct the word."""
    assert signals(tmp_path, column, cell, "")[0] == expected


@pytest.mark.parametrize(
    ("style", "cells"),
    [
        ('decimaal: ","', {1234.5: "1234.5", 1.125: "1.13", "12,5": "12.5", "1.234": "1.23", 7: "7"}),
        # Under this style 1.125 can be either, so it is neither.
        (
            'decimaal: ",", duizendtal: "."',
            {1234.5: "1234.5", "1.234,50": "1234.5", 0.125: "0.13", 1.125: None, 7: "7"},
        ),
    ],
)
def test_numbers_of_a_workbook_survive_a_mapping_with_decimal_commas(
    tmp_path: Path, style: str, cells: dict[Any, str | None]
) -> None:
    """A cell that is a number has a point, whatever the texts in the file have; a thousandfold must not come of it."""
    mapping = HOURS.format(style=style).replace("planning.csv", "planning.xlsx")
    folder = deliver_mapped(tmp_path / "in", mapping, {})
    write_book(folder / "planning.xlsx", ["Gemeente", "Maand", "Gevraagd"], lines_of(cells))
    landed(folder, tmp_path / "lake")
    wanted = [Decimal(value).quantize(Decimal("0.01")) if value else "type_onleesbaar" for value in cells.values()]
    assert _by_line(tmp_path / "lake", "capaciteit", "gevraagde_uren", len(cells)) == wanted


def test_hours_are_derived_from_contacts_when_the_mapping_says_how(tmp_path: Path) -> None:
    """Systems that count contacts have no hours; an unknown kind of contact has no minutes either."""
    mapping = """
    tabellen:
      urenregistratie:
        bestand: contacten.csv
        kolommen: {uren_id: id, medewerker_id: wie, datum: d, soort: {vast: indirect}}
        afgeleid: {uit: aantal, contactsoort: soort, minuten_per_contact: {huisbezoek: 60, telefoon: 15}}
    """
    text = "id,wie,d,aantal,soort\n1,m,2025-01-01,2,Huisbezoek\n2,m,2025-01-01,3,telefoon\n3,m,2025-01-01,1,brief\n"
    landed(deliver_mapped(tmp_path / "in", mapping, {"contacten.csv": text}), tmp_path / "lake")
    assert rows(tmp_path / "lake", "urenregistratie", "uren") == [(Decimal("2.00"),), (Decimal("0.75"),)]
    assert quarantine(tmp_path / "lake") == [("urenregistratie", 4, "uren", "waarde_buiten_domein")]


@settings(deadline=None)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_any_amount_written_the_dutch_way_is_read_back(amount: Decimal) -> None:
    """A rule for signs that holds for the examples alone fails on the first million."""
    dutch = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    behind = f"€ {dutch.lstrip('-')}{'-' if amount < 0 else ''}"
    for text in (dutch, behind):
        found = duckdb.execute(f"select {number_sql(literal(text), ',', '.')}").fetchone()
        assert found == (amount,)


@settings(deadline=None)
@given(st.text(max_size=12))
def test_no_text_at_all_makes_reading_fail(text: str) -> None:
    """An error of the database would quote the cell it stumbled over."""
    cell = literal(text.replace("\0", ""))
    query = f"select {number_sql(cell, ',', '.')}, {date_sql(cell, None, 2025)}, {timestamp_sql(cell, None, 2025)}"
    assert len(duckdb.execute(query).fetchall()) == 1
