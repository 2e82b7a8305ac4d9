"""The mapping file: what it may say, and that every slip is named by file, table and key."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from sources.activity.mapping import Mapping, contract_mapping, load_mapping
from sources.errors import MappingError
from tests.sources.activity.reading import contract

HEAD = "organisatie: org-a\ncontract: v0\nbronsysteem: Systeem 1\n"
CASUS = "casus_id: Nr, deelnemer_id: Klant, startdatum: Start"


def load(folder: Path, text: str) -> Mapping:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path, contract())


def casus(columns: str = CASUS, more: str = "", standaard: str = "{}") -> str:
    table = f"casus: {{bestand: 'a.csv', kolommen: {{{columns}}}{more}}}"
    return f"{HEAD}standaard: {standaard}\ntabellen: {{{table}}}\n"


def test_the_layout_of_a_table_is_read(tmp_path: Path) -> None:
    """A key that is read and not used changes figures in silence."""
    text = HEAD + (
        "standaard: {encoding: windows-1252, scheiding: ';', decimaal: ',', duizendtal: '.', datum: '%d-%m-%Y',"
        " ontbrekend: ['', '-', null], waar: [ja, 1]}\n"
        "tabellen:\n"
        "  casus:\n"
        "    bestand: 'Dossiers_*.csv'\n"
        "    kopregel: 3\n"
        "    totaalregel: Som\n"
        "    blad: Blad 2\n"
        "    kolommen:\n"
        "      casus_id: {bron: Dossiernr, pseudoniem: casus}\n"
        "      deelnemer_id: {bron: Klant, id_voorloopnullen: strippen}\n"
        "      startdatum: {bron: 4, datum: ['%d-%m-%Y', '%Y-%m-%d']}\n"
        "      einddatum: {bron: Afsluitdatum, einde: inclusief}\n"
        "      gemeente_code: {bron: [Gemeente, Postcode], soort: gemeente, huisnummer: Huisnr}\n"
        "      leefgebied: {bron: Domein, waarden: {Geld: 1, 'Wonen  en  zo': 2, Anders: ''}}\n"
        "    onbekende_waarde: leeg\n"
        "    weglaten: [BSN, 'E-mail', 9]\n"
    )
    [layout] = load(tmp_path, text).tabellen["casus"]
    assert (layout.codering, layout.scheiding, layout.kopregel, layout.blad) == ("cp1252", ";", (3,), "Blad 2")
    assert (layout.totaalregel, layout.onbekende_waarde) == ("Som", "leeg")
    assert layout.weglaten == {"BSN", "E-mail", 9}
    columns = {column.kolom: column for column in layout.columns}
    assert columns["deelnemer_id"].id_voorloopnullen == "strippen"
    assert columns["startdatum"].bron == (4,)
    assert columns["startdatum"].datum == ("%d-%m-%Y", "%Y-%m-%d")
    assert columns["einddatum"].einde == "inclusief"
    assert columns["einddatum"].datum == ("%d-%m-%Y",)
    assert (columns["gemeente_code"].bron, columns["gemeente_code"].huisnummer) == (("Gemeente", "Postcode"), "Huisnr")
    assert columns["leefgebied"].waarden == {"Geld": "1", "Wonen en zo": "2", "Anders": ""}
    assert columns["leefgebied"].ontbrekend == {"", "-"}
    assert columns["leefgebied"].waar == {"ja", "1"}
    assert layout.sources == ("Dossiernr", "Klant", "Gemeente", "Postcode", "Domein", 4, "Afsluitdatum", "Huisnr")


def test_the_rest_of_the_file_is_read(tmp_path: Path) -> None:
    """Without it a delivery has no period, and a judgement no definition."""
    (tmp_path / "pc.csv").write_text("x", encoding="utf-8")
    mapping = load(
        tmp_path,
        casus()
        + "levering: {levering_id: 2025, periode_van: 2024-01-01, peildatum: 2025-12-31}\n"
        + "definities: {te_laat: {tekst: na 14 dagen, versie: 2}}\n"
        + "postcodes: pc.csv\n",
    )
    assert mapping.levering is not None
    assert mapping.levering.levering_id == "2025"
    assert mapping.levering.aangemaakt_op == datetime.fromisoformat("2025-12-31")
    assert mapping.levering.periode_van == date(2024, 1, 1)
    assert mapping.definities == {"te_laat": {"tekst": "na 14 dagen", "versie": "2"}}
    assert mapping.postcodes == tmp_path / "pc.csv"
    assert (mapping.organisatie, mapping.bronsysteem, len(mapping.versie)) == ("org-a", "Systeem 1", 64)


def test_a_table_can_come_from_several_exports(tmp_path: Path) -> None:
    """Two systems deliver the same kind of rows in two layouts."""
    block = f"{{bestand: a.csv, kolommen: {{{CASUS}}}}}"
    mapping = load(tmp_path, f"{HEAD}tabellen: {{casus: [{block}, {block.replace('a.csv', 'b.csv')}]}}\n")
    assert [layout.bestand for layout in mapping.tabellen["casus"]] == ["a.csv", "b.csv"]


def test_hours_can_be_derived_from_contacts(tmp_path: Path) -> None:
    """A system that counts contacts has no hours to deliver."""
    columns = "uren_id: Nr, medewerker_id: M, datum: D, soort: {vast: casus}"
    derived = "{uit: Aantal, contactsoort: Soort, minuten_per_contact: {huisbezoek: 60, telefoon: 7.5}}"
    block = f"urenregistratie: {{bestand: a.csv, kolommen: {{{columns}}}, afgeleid: {derived}}}"
    [layout] = load(tmp_path, f"{HEAD}tabellen: {{{block}}}\n").tabellen["urenregistratie"]
    assert layout.afgeleid is not None
    assert layout.afgeleid.minuten == {"huisbezoek": Decimal(60), "telefoon": Decimal("7.5")}
    assert {"Aantal", "Soort"} <= set(layout.sources)


def test_contract_form_reads_every_column_by_its_name() -> None:
    """A delivery written to the contract needs no mapping."""
    mapping = contract_mapping(contract())
    [layout] = mapping.tabellen["zrm_score"]
    assert mapping.contractvorm
    assert [column.bron for column in layout.columns] == [(name,) for name in contract().tables["zrm_score"].names]
    needed = {column.kolom for column in layout.columns if column.moet}
    assert needed == {"casus_id", "meetdatum", "domein"}


def test_a_column_with_a_default_may_be_absent() -> None:
    """A supplier without the number of persons would be refused, while the contract says it is one."""
    [layout] = contract_mapping(contract()).tabellen["deelnemer"]
    column = layout.column("aantal_personen")
    assert column is not None
    assert not column.moet


def test_a_column_with_its_own_decimal_sign_forgets_the_thousands_of_the_others(tmp_path: Path) -> None:
    """A point that is both signs makes 1.5 into 15."""
    text = casus(CASUS + ", leefgebied: {bron: X, decimaal: '.'}", standaard="{decimaal: ',', duizendtal: '.'}")
    [layout] = load(tmp_path, text).tabellen["casus"]
    column = layout.column("leefgebied")
    assert column is not None
    assert (column.decimaal, column.duizendtal) == (".", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", ": is geen geldige YAML"),
        ("- a", "mapping.yaml: is geen blok met sleutels."),
        (HEAD + "tabellen: {casus: {bestand: a.csv, bestand: b.csv}}", "'bestand' staat er twee keer"),
        (HEAD, "mapping.yaml, sleutel tabellen: ontbreekt."),
        (HEAD + "tabellen: {}", "sleutel tabellen: noemt geen enkele tabel."),
        (HEAD + "tabelen: {}", "sleutel tabelen: deze sleutel bestaat niet. Bedoelt u tabellen?"),
        (HEAD + "tabellen: {dossier: {}}", "tabel dossier: deze sleutel bestaat niet."),
        (HEAD.replace("org-a", "organisatie met spaties") + "tabellen: {}", "sleutel organisatie: 'organisatie met"),
        (HEAD.replace("v0", "v9") + "tabellen: {}", "sleutel contract: 'v9' kan hier niet. Kies uit: v0."),
        (HEAD + "tabellen: {casus: {kolommen: {}}}", "tabel casus, sleutel bestand: ontbreekt."),
        (HEAD + f"tabellen: {{casus: {{bestand: ../a.csv, kolommen: {{{CASUS}}}}}}}", "bestand: wijst buiten de map"),
        (
            casus("casus_id: Nr, startdatum: S"),
            "tabel casus, sleutel kolommen.deelnemer_id: ontbreekt en is verplicht.",
        ),
        (casus(CASUS + ", start: S"), "kolommen.start: deze sleutel bestaat niet. Bedoelt u startdatum?"),
        (
            casus(CASUS + ", einddatum: {bron: E, eind: x}"),
            "einddatum.eind: deze sleutel bestaat niet. Bedoelt u einde?",
        ),
        (casus(CASUS + ", einddatum: {bron: E, einde: tot}"), "einddatum.einde: 'tot' kan hier niet. Kies uit: excl"),
        (casus(CASUS + ", einddatum: {}"), "kolommen.einddatum: heeft precies één van bron en vast nodig."),
        (casus(CASUS + ", leefgebied: {bron: L, einde: inclusief}"), "leefgebied.einde: kan alleen bij een datum."),
        (
            casus(CASUS + ", einddatum: {bron: E, datum: dd-mm-jjjj}"),
            "einddatum.datum: 'dd-mm-jjjj' is geen datumvorm.",
        ),
        (casus(CASUS + ", leefgebied: {bron: L, decimaal: ;}"), "leefgebied.decimaal: ';' kan hier niet."),
        (casus(CASUS + ", signaal_id: {bron: S, pseudoniem: casus}"), "signaal_id.pseudoniem: 'casus' kan hier niet."),
        (casus(CASUS + ", vraagstuk: {bron: V, pseudoniem: casus}"), "vraagstuk.pseudoniem: vraagstuk is geen nummer."),
        (
            casus(CASUS + ", signaal_id: {vast: 1}"),
            "signaal_id.vast: een nummer kan niet voor alle regels gelijk zijn.",
        ),
        (casus(CASUS + ", vraagstuk: {bron: V, soort: gemeente}"), "vraagstuk.soort: kan alleen bij een gemeente."),
        (casus(CASUS + ", leefgebied: {bron: 0}"), "leefgebied.bron: is geen plaats van een kolom."),
        (
            casus(CASUS + ", vraagstuk: Klant"),
            "vraagstuk: kolom 'klant' is elders een nummer dat een pseudoniem wordt.",
        ),
        (casus(more=", weglaten: [KLANT]"), "deelnemer_id: leest kolom 'Klant', die onder weglaten staat."),
        (casus(more=", scheiding: x"), "sleutel scheiding: is geen scheidingsteken."),
        (casus(more=", encoding: klingon"), "is geen bekende codering."),
        (casus(more=", kopregel: nul"), "sleutel kopregel: is geen regelnummer."),
        (casus(more=", kopregel: [3, 5]"), "sleutel kopregel: noemt regels die niet op elkaar volgen."),
        (casus(more=", afgeleid: {uit: X, minuten_per_contact: 5}"), "afgeleid: kan alleen bij urenregistratie."),
        (casus(standaard="{decimaal: ',', duizendtal: ','}"), "duizendtal: is gelijk aan het decimaalteken."),
        (
            casus("casus_id: {bron: N, splits: ';'}, deelnemer_id: {bron: K, splits: ','}, startdatum: S"),
            "deelnemer_id: splitst, en casus_id ook.",
        ),
        (casus() + "postcodes: weg.csv\n", "sleutel postcodes: het bestand weg.csv is er niet."),
        (casus() + "levering: {levering_id: x}\n", "levering.periode_van: ontbreekt."),
        (
            casus() + "levering: {levering_id: x, periode_van: 2025-01-01, peildatum: 2024-01-01}\n",
            "levering.peildatum: ligt vóór periode_van.",
        ),
        (casus() + "levering: {levering_id: x, periode_van: 1-1-24, peildatum: 2024-01-01}\n", "is geen datum."),
        (casus() + "definities: {te_laat: {tekst: x}}\n", "definities.te_laat.versie: ontbreekt."),
    ],
)
def test_a_slip_is_named_by_file_table_and_key(tmp_path: Path, text: str, message: str) -> None:
    """A mapping that is silently half understood gives wrong figures for a year."""
    with pytest.raises(MappingError) as raised:
        load(tmp_path, text)
    assert message in str(raised.value)
    assert str(raised.value).startswith("mapping.yaml")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("herkomst: {bron: H, waarden: {Zelf: actief}}", "'actief' is geen waarde van herkomst. Kies uit: proactief"),
        ("te_laat: {bron: T, waarden: {Ja: ja}}", "'ja' is geen ja of nee. Schrijf true of false"),
        ("herkomst: {vast: actief}", "herkomst.vast: 'actief' is geen waarde van herkomst."),
    ],
)
def test_a_value_map_leads_to_values_of_the_contract(tmp_path: Path, columns: str, message: str) -> None:
    """A typing error in a value map would send every row to quarantine."""
    block = f"signaal: {{bestand: a.csv, kolommen: {{signaal_id: Nr, datum_ontvangen: D, {columns}}}}}"
    with pytest.raises(MappingError) as raised:
        load(tmp_path, f"{HEAD}tabellen: {{{block}}}\n")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("derived", "message"),
    [
        ("{uit: Aantal, minuten_per_contact: {huisbezoek: 60}}", "per soort contact een aantal minuten"),
        ("{uit: Aantal, contactsoort: S, minuten_per_contact: 60}", "per soort contact een aantal minuten"),
        ("{uit: Aantal, minuten_per_contact: veel}", "minuten_per_contact: is geen aantal minuten tussen 0 en 1440."),
        ("{minuten_per_contact: 60}", "afgeleid.uit: ontbreekt."),
    ],
)
def test_derived_hours_say_how_long_every_contact_is(tmp_path: Path, derived: str, message: str) -> None:
    """A contact of unknown length gives hours that nobody can check."""
    columns = "uren_id: Nr, medewerker_id: M, datum: D, soort: {vast: casus}"
    block = f"urenregistratie: {{bestand: a.csv, kolommen: {{{columns}}}, afgeleid: {derived}}}"
    with pytest.raises(MappingError) as raised:
        load(tmp_path, f"{HEAD}tabellen: {{{block}}}\n")
    assert message in str(raised.value)


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The name alone tells which of the settings points at nothing."""
    with pytest.raises(MappingError, match=r"weg\.yaml: is niet te lezen"):
        load_mapping(tmp_path / "weg.yaml", contract())
