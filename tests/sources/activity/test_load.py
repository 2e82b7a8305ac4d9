"""A delivery becomes the one in use, once, whole, and without anything in it that identifies a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.activity.key import make_key
from sources.activity.load import check_delivery, load_delivery
from sources.errors import DeliveryError, DeliveryRefusedError
from sources.lake import current_edition, list_editions
from sources.results import Progress
from tests.sources.activity.landing_folder import (
    KEY,
    about,
    deliver,
    deliver_mapped,
    installation,
    landed,
    load,
    quarantine,
    rows,
)

CASES = "casus_id,deelnemer_id,startdatum,gemeente_code\nK-771,Klant-4711,2025-01-01,GM0344\n"
OTHER_KEY = make_key(bytes(range(1, 33)))


def everything(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder, hidden ones too."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def test_an_edition_holds_every_table_of_the_contract_delivered_or_not(tmp_path: Path) -> None:
    """The mart reads all 31; a table that is not there stops the night."""
    landed(deliver(tmp_path / "in", {"casus": CASES}), tmp_path / "lake")
    edition = current_edition(tmp_path / "lake", "levering")
    assert edition is not None
    names = sorted(path.name for path in edition.folder.iterdir())
    assert names == [
        "levering.parquet",
        "levering_kolom.parquet",
        "levering_tabel.parquet",
        "manifest.json",
        "quarantaine.parquet",
        "tabel",
        "waarschuwing.parquet",
    ]
    assert len(list((edition.folder / "tabel").iterdir())) == 31
    assert rows(tmp_path / "lake", "zrm_score") == []
    assert about(
        tmp_path / "lake", "levering", "select levering_id, organisatie_id, sleutel_id, peildatum::text from {}"
    ) == [("2025", "org-a", KEY.sleutel_id, "2025-12-31")]
    counts = "select geleverd, gelezen, geaccepteerd, bestand from {} where tabel = 'casus'"
    assert about(tmp_path / "lake", "levering_tabel", counts) == [(True, 1, 1, "casus.csv")]
    given = "select kolom from {} where tabel = 'casus' and geleverd order by 1"
    assert about(tmp_path / "lake", "levering_kolom", given) == [
        ("casus_id",),
        ("deelnemer_id",),
        ("gemeente_code",),
        ("startdatum",),
    ]


def test_l39_the_same_delivery_twice_changes_nothing(tmp_path: Path) -> None:
    """An edition per attempt would look like a revision of every figure."""
    folder = deliver(tmp_path / "in", {"casus": CASES})
    first = load(folder, tmp_path / "lake")
    second = load(folder, tmp_path / "lake")
    assert (first.state, second.state, second.edition) == ("geladen", "ongewijzigd", first.edition)
    assert list_editions(tmp_path / "lake", "levering") == [first.edition.edition_id]


@pytest.mark.parametrize("change", ["levering", "key"])
def test_another_delivery_or_key_is_not_the_same_delivery(tmp_path: Path, change: str) -> None:
    """The same files under a later peildatum say something else of the last months."""
    folder = deliver(tmp_path / "in", {"casus": CASES})
    load(folder, tmp_path / "lake")
    if change == "levering":
        folder = deliver(tmp_path / "in", {"casus": CASES}, peildatum="2026-01-31")
        assert load(folder, tmp_path / "lake").state == "geladen"
    else:
        assert load(folder, tmp_path / "lake", key=OTHER_KEY, nieuwe_sleutel=True).state == "geladen"


def test_a_corrected_delivery_replaces_the_old_one_of_which_only_the_trace_stays(tmp_path: Path) -> None:
    """People in a replaced delivery have no reason to be kept; what was delivered when has."""
    lake = tmp_path / "lake"
    old = load(deliver(tmp_path / "in", {"casus": CASES}), lake).edition
    new = load(deliver(tmp_path / "in", {"casus": CASES.replace("GM0344", "GM0363")}, levering_id="b"), lake).edition
    assert rows(lake, "casus", "gemeente_code") == [("GM0363",)]
    assert [path.name for path in old.folder.rglob("*")] == ["manifest.json"]
    trace = json.loads((old.folder / "manifest.json").read_text(encoding="utf-8"))
    assert (trace["table_id"], trace["rows"], trace["requests"][0]["url"]) == ("2025", 1, "casus.csv")
    assert len(trace["requests"][0]["sha256"]) == 64
    assert current_edition(lake, "levering") == new


def test_a_second_organisation_is_refused(tmp_path: Path) -> None:
    """Two organisations in one mart would add up to figures of nobody."""
    load(deliver(tmp_path / "in", {"casus": CASES}), tmp_path / "lake")
    folder = deliver(tmp_path / "in", {"casus": CASES}, organisatie_id="org-b")
    with pytest.raises(DeliveryRefusedError, match="organisatie 'org-b' en hier staan gegevens van 'org-a'"):
        load(folder, tmp_path / "lake")
    assert check_delivery(folder, installation(tmp_path / "lake")).weigeringen
    assert rows(tmp_path / "lake", "casus", "organisatie_id") == [("org-a",)]


def test_another_key_needs_a_decision(tmp_path: Path) -> None:
    """With a new key nobody is recognised: relapse over the years would fall to zero unnoticed."""
    folder = deliver(tmp_path / "in", {"casus": CASES})
    load(folder, tmp_path / "lake")
    with pytest.raises(DeliveryRefusedError, match="--nieuwe-sleutel"):
        load(folder, tmp_path / "lake", key=OTHER_KEY)
    outcome = landed(folder, tmp_path / "lake", key=OTHER_KEY, nieuwe_sleutel=True)
    assert any("breuk" in remark for remark in outcome.opmerkingen)


def test_an_older_peildatum_needs_a_decision_and_a_shorter_window_a_word(tmp_path: Path) -> None:
    """Last month's files loaded by mistake take a month off every figure."""
    load(deliver(tmp_path / "in", {"casus": CASES}), tmp_path / "lake")
    folder = deliver(tmp_path / "in", {"casus": CASES}, peildatum="2025-11-30", periode_van="2025-01-01")
    with pytest.raises(DeliveryRefusedError, match="--ouder"):
        load(folder, tmp_path / "lake")
    outcome = landed(folder, tmp_path / "lake", ouder=True)
    assert any("de perioden daarvoor verdwijnen" in remark for remark in outcome.opmerkingen)


def test_a_load_that_fails_leaves_the_current_delivery_and_no_scraps(tmp_path: Path) -> None:
    """Half a delivery, or work files with pseudonyms, must not stay behind."""
    lake = tmp_path / "lake"
    load(deliver(tmp_path / "in", {"casus": CASES}), lake)
    before = sorted(path for path, _ in everything(lake))
    bad = CASES + "K-2,jan@voorbeeld.nl,2025-01-01,GM0344\n"
    folder = deliver(tmp_path / "in", {"casus": bad}, levering_id="b")
    with pytest.raises(
        DeliveryRefusedError, match=r"casus\.csv, kolom 'deelnemer_id': bevat een e-mailadres"
    ) as caught:
        load(folder, lake)
    assert "jan@" not in str(caught.value)
    assert sorted(path for path, _ in everything(lake)) == before
    assert rows(lake, "casus", "levering_id") == [("2025",)]


def test_nothing_usable_is_no_delivery(tmp_path: Path) -> None:
    """A file in the wrong format must not empty every figure."""
    load(deliver(tmp_path / "in", {"casus": CASES}), tmp_path / "lake")
    folder = deliver(tmp_path / "in", {"casus": CASES.replace("2025-01-01", "gisteren")}, levering_id="b")
    with pytest.raises(DeliveryError, match="geen enkele rij"):
        load(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "casus", "levering_id") == [("2025",)]


def test_an_empty_file_counts_as_delivered(tmp_path: Path) -> None:
    """Nobody had a relapse is a figure; not delivered is none."""
    folder = deliver(tmp_path / "in", {"casus": CASES, "plan": "plan_id,casus_id,datum_vastgesteld\n"})
    assert landed(folder, tmp_path / "lake").tabellen["plan"].gelezen == 0
    query = "select geleverd, gelezen from {} where tabel in ('plan', 'zrm_score') order by tabel"
    assert about(tmp_path / "lake", "levering_tabel", query) == [(True, 0), (False, 0)]


def test_checking_writes_nothing_and_tells_all_that_is_wrong(tmp_path: Path) -> None:
    """A supplier mends everything in one go, before anything is loaded."""
    folder = deliver(
        tmp_path / "in",
        {
            "casus": CASES + "K-2,,2025-02-30,GM0344\n",
            "signaal": "signaal_id,datum_ontvangen,bsn\n1,2025-01-01,\n",
            "plan": "plan_id,casus_id\n1,K-771\n",
        },
    )
    outcome = check_delivery(folder, installation(tmp_path / "lake"))
    assert not (tmp_path / "lake").exists()
    assert [refusal.partition(":")[0] for refusal in outcome.weigeringen] == ["signaal.csv, kolom 'bsn'", "plan.csv"]
    (folder / "signaal.csv").unlink()
    (folder / "plan.csv").unlink()
    outcome = check_delivery(folder, installation(tmp_path / "lake"))
    assert [(group.kolom, group.reden, group.voorbeelden) for group in outcome.fouten] == [
        ("deelnemer_id", "verplicht_veld_leeg", (("casus.csv", 3),)),
        ("startdatum", "type_onleesbaar", (("casus.csv", 3),)),
    ]
    assert "A 12" in outcome.kpis.berekenbaar
    assert dict(outcome.kpis.ontbreekt)["A 9"] == ("situatiebeoordeling",)
    assert not (tmp_path / "lake").exists()


def test_nothing_of_a_delivery_that_identifies_a_person_is_in_any_byte_of_the_lake(tmp_path: Path) -> None:
    """The promise of the whole project: not in a table, not in a reason, not in a name of a work file."""
    mapping = """
    postcodes: pc.csv
    tabellen:
      deelnemer:
        bestand: klanten.csv
        scheiding: ";"
        kolommen:
          deelnemer_id: Klantnr
          soort: {bron: Soort, waarden: {P: persoon}}
          gemeente_code: {bron: Postcode}
        weglaten: [BSN, Voornaam, Achternaam, E-mail, Geboortedatum]
      casus:
        bestand: dossiers.csv
        scheiding: ";"
        kolommen:
          casus_id: Dossier
          deelnemer_id: Klantnr
          startdatum: Start
          vraagstuk: {bron: Vraag, waarden: {Schulden: schuld}}
    """
    klanten = """
    Klantnr;BSN;Voornaam;Achternaam;E-mail;Geboortedatum;Soort;Postcode
    Plantnr-90017;111222333;Plantvoornaam;Plantachternaam;plant@voorbeeld.nl;01-02-1983;P;1017PL
    Plantnr-90018;123456782;Plantvoornaam;Plantachternaam;plant@voorbeeld.nl;01-02-1983;Plantsoort;1017 PL
    """
    dossiers = """
    Dossier;Klantnr;Start;Vraag;Notitie
    Plantdossier-1;Plantnr-90017;01-01-2025;Schulden;Plantnotitie
    Plantdossier-2;Plantnr-90017;99-99-2025;Plantvraag;Plantnotitie
    Plantdossier-3;Plantnr-90017;01-01-2025;belde over 111222333;Plantnotitie
    Plantdossier-4, Plantdossier-5;Plantnr-90017;01-01-2025;Schulden;
    """
    folder = deliver_mapped(tmp_path / "in", mapping, {"klanten.csv": klanten, "dossiers.csv": dossiers})
    (folder / "pc.csv").write_text(
        "PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025\n1017PL;1;a;b;363\n", encoding="utf-8"
    )
    steps: list[Progress] = []
    outcome = load_delivery(folder, installation(tmp_path / "lake"), mapping=folder / "mapping.yaml")
    assert outcome.delivery is not None
    assert (outcome.delivery.geaccepteerd, outcome.delivery.quarantaine) == (2, 4)
    assert rows(tmp_path / "lake", "deelnemer", "gemeente_code, gemeente_herkomst") == [("GM0363", "pc6")]
    planted = [
        b"plant",
        b"111222333",
        b"123456782",
        b"1017",
        b"1983",
        b"90017",
        b"schulden",
        KEY.value,
        KEY.value.hex().encode(),
    ]
    for path, content in everything(tmp_path / "lake"):
        for word in planted:
            assert word not in content.lower(), (path, word)
    shown = repr((outcome, steps, quarantine(tmp_path / "lake"))).lower()
    assert not any(word.decode("latin-1") in shown for word in planted[:6] if word != b"schulden")


def test_the_same_person_is_the_same_in_every_table_and_nobody_else(tmp_path: Path) -> None:
    """Without the link there is no relapse; with a link between kinds there is a person to find."""
    folder = deliver(
        tmp_path / "in",
        {
            "casus": "casus_id,deelnemer_id,startdatum\n7,7,2025-01-01\n",
            "signaal": "signaal_id,deelnemer_id,datum_ontvangen\n7,7.0,2025-01-01\n",
        },
    )
    landed(folder, tmp_path / "lake")
    [(casus, person)] = rows(tmp_path / "lake", "casus", "casus_id, deelnemer_id")
    [(signal, same)] = rows(tmp_path / "lake", "signaal", "signaal_id, deelnemer_id")
    assert person == same
    assert len({casus, person, signal}) == 3


def test_progress_is_told_per_file(tmp_path: Path) -> None:
    """Ten million rows without a word look like a program that hangs."""
    steps: list[Progress] = []
    place = installation(tmp_path / "lake")
    folder = deliver(tmp_path / "in", {"casus": CASES})
    load_delivery(folder, type(place)(place.lake, place.registry, place.key, steps.append, place.now))
    assert [(step.bron_id, step.gedaan) for step in steps] == [("casus.csv", 1)]
