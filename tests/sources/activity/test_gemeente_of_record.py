"""From what a record says of its place to a gemeente, step by step, on real files."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from sources.activity.gemeente_of_record import dissolved_with_several_successors, names_of
from sources.errors import DeliveryError
from sources.gemeente_register import GemeenteRegister, RegisteredGemeente
from tests.sources.activity.landing_folder import deliver, deliver_mapped, landed, quarantine, rows, warnings
from tests.sources.plain_archives import SEEDS, real_register

MAPPING = """
postcodes: postcodes.csv
tabellen:
  signaal:
    bestand: signalen.csv
    scheiding: ";"
    kolommen:
      signaal_id: Nr
      datum_ontvangen: {vast: "2025-01-01"}
      gemeente_code: {bron: [Gemeente, Postcode], huisnummer: Huisnr}
"""
# GM0344 Utrecht, GM0363 Amsterdam, GM0599 Rotterdam; 1234AB straddles, 3511 lies for 96 % in Utrecht, 3512 for 90 %.
POSTCODES = ["1012AB;1;x;y;363", "1012AB;2;x;y;0363", "1234AB;1;x;y;0344", "1234AB;2;x;y;0344", "1234AB;3;x;y;0363"]
POSTCODES += [f"3511AA;{number};x;y;0344" for number in range(96)] + [
    f"3511AB;{number};x;y;0599" for number in range(4)
]
POSTCODES += [f"3512AA;{number};x;y;0344" for number in range(90)] + [
    f"3512AB;{number};x;y;0599" for number in range(10)
]
POSTCODES += ["4000AA;1;x;y;0344", "4000AA;2;x;y;0599"]


def postcode_file(path: Path, header: str = "PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025") -> Path:
    path.write_text("\n".join([header, *POSTCODES, ""]), encoding="utf-8")
    return path


def places(tmp_path: Path, *lines: str) -> list[tuple[str | None, str]]:
    """(gemeente, how it was found) per line `Gemeente;Postcode;Huisnr`."""
    text = "\n".join(["Nr;Gemeente;Postcode;Huisnr", *(f"{nr};{line}" for nr, line in enumerate(lines)), ""])
    folder = deliver_mapped(tmp_path / "in", MAPPING, {"signalen.csv": text})
    postcode_file(folder / "postcodes.csv")
    landed(folder, tmp_path / "lake")
    return [(code, how) for code, how in rows(tmp_path / "lake", "signaal", "gemeente_code, gemeente_herkomst")]


def test_code_comes_before_name_before_postcode(tmp_path: Path) -> None:
    """Each step further is less certain, and the share per step is a figure of quality."""
    expected = {
        "0344;1012AB;": ("GM0344", "code"),
        "Utrecht;1012AB;": ("GM0344", "naam"),
        ";1012AB;": ("GM0363", "pc6"),
        ";1012 ab;": ("GM0363", "pc6"),
        "Atlantis;1012ab;": ("GM0363", "pc6"),
        ";3511;": ("GM0344", "pc4"),
        ";3511ZZ;": ("GM0344", "pc4"),
        "1012AB;;": ("GM0363", "pc6"),
    }
    assert dict(zip(expected, places(tmp_path, *expected), strict=True)) == expected


def test_what_does_not_resolve_stays_unknown_and_is_counted(tmp_path: Path) -> None:
    """A guess puts a person in a gemeente where they never were; dropping the row loses them from the total."""
    lines = [
        "0000;;",
        "Atlantis;;",
        "onbekend;;",
        ";;",
        ";9999ZZ;",
        ";3512;",
        ";4000AA;",
        "Bergen;;",
        "GM9999;;",
        "GM0998;;",
    ]
    assert places(tmp_path, *lines) == [(None, "onbekend")] * len(lines)
    assert quarantine(tmp_path / "lake") == []


def test_a_house_number_decides_on_a_border(tmp_path: Path) -> None:
    """Most of a postcode in one gemeente says nothing of the door that is in the other."""
    assert places(tmp_path, ";1234AB;3", ";1234AB;3 a", ";1234AB;1", ";1234AB;", ";1234AB;77") == [
        ("GM0363", "pc6"),
        ("GM0363", "pc6"),
        ("GM0344", "pc6"),
        ("GM0344", "pc6"),
        ("GM0344", "pc6"),
    ]


def test_l32_a_postcode_that_is_none_goes_to_quarantine_when_it_is_needed(tmp_path: Path) -> None:
    """A typing error in a postcode is a typing error; beside a good code it does no harm."""
    places(tmp_path, ";1012A;", ";12AB;", "0344;xx;", ";10123AB;", "1012ABC;;")
    lake = tmp_path / "lake"
    assert quarantine(lake) == [("signaal", line, "gemeente_code", "postcode_ongeldig") for line in (2, 3, 5, 6)]
    assert rows(lake, "signaal", "gemeente_code") == [("GM0344",)]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("GM0518", ["Den Haag", "'s-Gravenhage", "\u2019s Gravenhage", "DEN  HAAG", "s-gravenhage (gemeente)"]),
        ("GM0796", ["'s-Hertogenbosch", "Den Bosch", "den bosch"]),
        ("GM1900", ["Súdwest-Fryslân", "Sudwest Fryslan", "SÚDWEST-FRYSLÂN"]),
        ("GM0080", ["Leeuwarden", "Ljouwert", "Leeuwarden/Ljouwert", "Leeuwarden (Ljouwert)"]),
        ("GM0737", ["Tytsjerksteradiel", "Tietjerksteradeel"]),
        ("GM0893", ["Bergen (L.)", "Bergen (L)", "Bergen L", "Bergen (Limburg)"]),
        ("GM0373", ["Bergen (NH.)", "Bergen NH", "Bergen (Noord-Holland)"]),
        ("GM0164", ["Hengelo", "Hengelo (O.)", "Hengelo (Ov)", "gemeente Hengelo"]),
        ("GM0014", ["Groningen", "gemeente Groningen", "Groningen (gemeente)"]),
    ],
)
def test_a_name_is_known_in_all_its_spellings(tmp_path: Path, code: str, names: list[str]) -> None:
    """Every system spells these differently, and a name that is not known is a gemeente that is not there."""
    folder = deliver_mapped(
        tmp_path / "in",
        MAPPING,
        {"signalen.csv": "\n".join(["Nr;Gemeente;Postcode;Huisnr", *(f"{n};{x};;" for n, x in enumerate(names)), ""])},
    )
    postcode_file(folder / "postcodes.csv")
    landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "signaal", "gemeente_code, gemeente_herkomst") == [(code, "naam")] * len(names)


def test_a_name_of_two_gemeenten_is_nobodys() -> None:
    """Half of the people of Bergen would move from one end of the country to the other."""
    known = names_of(real_register())
    assert "bergen" not in known
    assert known["bergen nh"] != known["bergen l"]


def test_a_living_gemeente_comes_before_a_dissolved_one_of_that_name() -> None:
    """After a merger that keeps the name under a new code, the name means the new one."""
    gone = RegisteredGemeente("GM0001", "Dorp", date(2000, 1, 1), date(2020, 1, 1))
    alive = RegisteredGemeente("GM0002", "Dorp", date(2020, 1, 1), None)
    assert names_of(GemeenteRegister({"GM0001": gone, "GM0002": alive}, {}))["dorp"] == "GM0002"


def test_a_dissolved_code_stays_unless_its_heirs_are_several_and_a_postcode_tells(tmp_path: Path) -> None:
    """Haaren went to four gemeenten: only the address says which. Delfzijl went to one, so the code is enough."""
    assert places(tmp_path, "0788;1012AB;", "0788;;", "0010;1012AB;") == [
        ("GM0363", "pc6"),
        ("GM0788", "code"),
        ("GM0010", "code"),
    ]
    assert "GM0788" in dissolved_with_several_successors(real_register(), SEEDS)
    assert "GM0010" not in dissolved_with_several_successors(real_register(), SEEDS)


def test_a_required_gemeente_is_gm9999_when_unknown_and_faulty_when_empty(tmp_path: Path) -> None:
    """A subsidy to a gemeente that nobody recognises is still money spent."""
    folder = deliver(
        tmp_path / "in",
        {
            "budget": """
                budget_id,gemeente_code,soort,datum_aanvraag,bedrag_aangevraagd
                1,Atlantis,overig,2025-01-01,5
                2,GM9999,overig,2025-01-01,5
                3,onbekend,overig,2025-01-01,5
                4,,overig,2025-01-01,5
                5,-,overig,2025-01-01,5
                """
        },
    )
    outcome = landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "budget", "gemeente_code, gemeente_herkomst") == [("GM9999", "onbekend")] * 3
    assert quarantine(tmp_path / "lake") == [
        ("budget", line, "gemeente_code", "verplicht_veld_leeg") for line in (5, 6)
    ]
    assert warnings(outcome)["gemeente"] == 3


def test_a_value_map_may_name_the_gemeente_of_a_district(tmp_path: Path) -> None:
    """Many systems know teams, not gemeenten."""
    mapping = MAPPING.replace("bron: [Gemeente, Postcode]", "bron: Gemeente, waarden: {Team Noord: GM0363}").replace(
        "postcodes: postcodes.csv", ""
    )
    text = "Nr;Gemeente;Postcode;Huisnr\n1;team noord;;\n2;Utrecht;;\n"
    landed(deliver_mapped(tmp_path / "in", mapping, {"signalen.csv": text}), tmp_path / "lake")
    assert rows(tmp_path / "lake", "signaal", "gemeente_code") == [("GM0363",), ("GM0344",)]


@pytest.mark.parametrize("zipped", [False, True])
def test_the_postcodes_may_stay_in_the_zip_they_came_in(tmp_path: Path, zipped: bool) -> None:
    """Eight million lines unpacked by hand is a step too many."""
    folder = deliver_mapped(tmp_path / "in", MAPPING, {"signalen.csv": "Nr;Gemeente;Postcode;Huisnr\n1;;1012AB;\n"})
    listed = postcode_file(folder / "postcodes.csv", "PC6;Huisnummer;Buurt2024;Wijk2024;Gemeente2024")
    if zipped:
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr("leesmij.txt", "uitleg")
            archive.write(listed, "pc6-gwb.csv")
        (tmp_path / "p.zip").replace(listed)
    landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "signaal", "gemeente_code") == [("GM0363",)]


def test_another_file_is_not_taken_for_the_postcodes(tmp_path: Path) -> None:
    """A list with other columns would place everybody somewhere."""
    folder = deliver_mapped(tmp_path / "in", MAPPING, {"signalen.csv": "Nr;Gemeente;Postcode;Huisnr\n1;;1012AB;\n"})
    postcode_file(folder / "postcodes.csv", "Postcode;Nummer;A;B;C")
    with pytest.raises(DeliveryError, match="PC6;Huisnummer"):
        landed(folder, tmp_path / "lake")
