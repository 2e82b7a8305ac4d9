"""A person who asks to be forgotten is gone from the lake, and stays gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.activity.erase import remove_deelnemer, remove_delivery
from sources.activity.key import make_key
from sources.errors import DeliveryError
from sources.lake import current_edition
from tests.sources.activity.landing_folder import about, deliver, deliver_mapped, installation, landed, load, rows

# Of person 1: everything with an even number. Of person 2: what is odd. Intervention 9 is for a group of both.
TABLES = {
    "deelnemer": "deelnemer_id,soort\n1,persoon\n2,persoon\n",
    "signaal": "signaal_id,deelnemer_id,datum_ontvangen\n2,1,2025-01-01\n3,2,2025-01-01\n",
    "casus": """
        casus_id,deelnemer_id,signaal_id,startdatum,terugval_van_casus_id
        2,1,2,2025-02-01,
        3,2,2,2025-02-01,2
        """,
    "casus_complexiteit": "casus_id,vanaf,complexiteit\n2,2025-02-01,laag\n3,2025-02-01,laag\n",
    "casus_betrokkene": "casus_id,betrokkene_id,instantie,van\n2,b,x,2025-02-01\n3,b,x,2025-02-01\n",
    "zrm_score": "casus_id,meetdatum,domein,score\n2,2025-02-01,1,3\n3,2025-02-01,1,3\n",
    "plan": "plan_id,casus_id,datum_vastgesteld\n2,2,2025-03-01\n3,3,2025-03-01\n",
    "plan_wijziging": "plan_wijziging_id,plan_id,datum\n2,2,2025-04-01\n3,3,2025-04-01\n",
    "interventie": "interventie_id,casus_id,startdatum\n2,2,2025-03-01\n3,3,2025-03-01\n9,,2025-03-01\n",
    "interventie_deelname": """
        interventie_id,deelnemer_id,van
        2,1,2025-03-01
        3,2,2025-03-01
        9,1,2025-03-01
        9,2,2025-03-01
        """,
    "nazorgmeting": "nazorgmeting_id,interventie_id,deelnemer_id,datum\n2,9,1,2025-09-01\n3,9,2,2025-09-01\n",
    "urenregistratie": """
        uren_id,medewerker_id,datum,uren,soort,interventie_id,casus_id
        2,m,2025-03-01,1,casus,,2
        4,m,2025-03-01,1,interventie,2,
        3,m,2025-03-01,1,casus,,3
        5,m,2025-03-01,1,interventie,9,
        """,
    "vragenlijst_afname": """
        afname_id,vragenlijst,versie,datum,deelnemer_id
        2,deelnemers,1,2025-05-01,1
        3,deelnemers,1,2025-05-01,2
        """,
    "vragenlijst_antwoord": "afname_id,vraagcode,antwoord\n2,1a1,ja\n3,1a1,ja\n",
}
# Rows left per table when person 1 is gone.
LEFT = dict.fromkeys(TABLES, 1) | {"interventie": 2, "interventie_deelname": 2, "urenregistratie": 2}


def sizes(lake: Path) -> dict[str, int]:
    return {table: len(rows(lake, table)) for table in TABLES}


def test_a_person_goes_with_everything_that_hangs_on_them_and_nobody_else(tmp_path: Path) -> None:
    """A case without its person is still that person's story; a group does not end because one leaves."""
    lake = tmp_path / "lake"
    load(deliver(tmp_path / "in", TABLES), lake)
    before = current_edition(lake, "levering")
    erasure = remove_deelnemer(" 1 ", installation(lake))
    assert (erasure.gevonden, erasure.was_gewist) == (True, False)
    assert sizes(lake) == LEFT
    # The other person's case pointed at what is gone.
    assert rows(lake, "casus", "signaal_id, terugval_van_casus_id") == [(None, None)]
    assert before is not None
    assert [path.name for path in before.folder.rglob("*")] == ["manifest.json"]
    counts = "select geaccepteerd, gewist from {} where tabel = 'urenregistratie'"
    assert about(lake, "levering_tabel", counts) == [(2, 2)]


def test_the_same_files_do_not_bring_a_person_back(tmp_path: Path) -> None:
    """The source system still has them, and delivers them every month."""
    lake = tmp_path / "lake"
    folder = deliver(tmp_path / "in", TABLES)
    load(folder, lake)
    remove_deelnemer("1", installation(lake))
    assert load(folder, lake).state == "ongewijzigd"
    outcome = landed(deliver(tmp_path / "in", TABLES, levering_id="b"), lake)
    assert sizes(lake) == LEFT
    assert outcome.quarantaine == 0
    assert sum(counts.gewist for counts in outcome.tabellen.values()) == 16
    assert about(lake, "levering_tabel", "select gelezen, geaccepteerd, gewist from {} where tabel = 'casus'") == [
        (2, 1, 1)
    ]


def test_somebody_who_is_not_there_yet_is_left_out_later(tmp_path: Path) -> None:
    """A request that comes before the delivery holds for it too."""
    lake = tmp_path / "lake"
    load(deliver(tmp_path / "in", {"casus": "casus_id,deelnemer_id,startdatum\n8,8,2025-01-01\n"}), lake)
    assert not remove_deelnemer("1", installation(lake)).gevonden
    assert remove_deelnemer("1", installation(lake)).was_gewist
    load(deliver(tmp_path / "in", TABLES, levering_id="b"), lake)
    assert sizes(lake) == LEFT


def test_no_identifier_is_kept_of_who_was_erased(tmp_path: Path) -> None:
    """A list of who asked to be forgotten is the last thing to keep in clear."""
    lake = tmp_path / "lake"
    load(deliver(tmp_path / "in", {"casus": "casus_id,deelnemer_id,startdatum\n8,Plant-771,2025-01-01\n"}), lake)
    remove_deelnemer("plant-771", installation(lake))
    kept = [path.read_bytes().lower() for path in lake.rglob("*") if path.is_file()]
    assert not any(b"plant" in content for content in kept)
    assert rows(lake, "casus") == []


def test_leading_zeros_are_treated_as_the_mapping_did(tmp_path: Path) -> None:
    """007 and 7 are one person in a system that loses zeros, and two in one that does not."""
    lake = tmp_path / "lake"
    mapping = """
    tabellen:
      casus:
        bestand: c.csv
        kolommen:
          casus_id: id
          deelnemer_id: {bron: wie, id_voorloopnullen: strippen}
          startdatum: s
    """
    load(deliver_mapped(tmp_path / "in", mapping, {"c.csv": "id,wie,s\n1,7,2025-01-01\n2,8,2025-01-01\n"}), lake)
    assert remove_deelnemer("007", installation(lake)).rijen == {"casus": 1}
    load(
        deliver(tmp_path / "in", {"casus": "casus_id,deelnemer_id,startdatum\n1,7,2025-01-01\n"}, levering_id="b"), lake
    )
    assert not remove_deelnemer("07", installation(lake)).gevonden


def test_another_key_finds_nobody_and_says_so(tmp_path: Path) -> None:
    """'Not found' would be taken for: there was nothing of this person."""
    load(deliver(tmp_path / "in", TABLES), tmp_path / "lake")
    with pytest.raises(DeliveryError, match="andere sleutel"):
        remove_deelnemer("1", installation(tmp_path / "lake", make_key(bytes(range(1, 33)))))


def test_an_empty_number_erases_nobody(tmp_path: Path) -> None:
    """An Enter too many must not be remembered as a person."""
    load(deliver(tmp_path / "in", TABLES), tmp_path / "lake")
    for identifier in ("", "  "):
        with pytest.raises(DeliveryError, match="geen nummer"):
            remove_deelnemer(identifier, installation(tmp_path / "lake"))


def test_a_delivery_can_be_removed_and_its_trace_stays(tmp_path: Path) -> None:
    """An organisation that stops takes its data along; that it was here remains."""
    lake = tmp_path / "lake"
    load(deliver(tmp_path / "in", TABLES), lake)
    load(deliver(tmp_path / "in", TABLES, levering_id="b"), lake)
    assert not remove_delivery(lake, "2025")
    assert sizes(lake)["casus"] == 2
    assert remove_delivery(lake, "b")
    assert current_edition(lake, "levering") is None
    assert {path.name for path in lake.rglob("*") if path.is_file()} == {"manifest.json"}
    with pytest.raises(DeliveryError, match=r"er is geen levering 'c'\. Geladen zijn: (2025, b|b, 2025)"):
        remove_delivery(lake, "c")
    assert load(deliver(tmp_path / "in", TABLES, organisatie_id="org-b"), lake).state == "geladen"
