"""Which rows are accepted, and what is said of those that do not fit together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sources.activity.key import make_key
from tests.sources.activity.landing_folder import about, deliver, landed, quarantine, rows, warnings

CASES = """
    casus_id,deelnemer_id,startdatum,einddatum
    1,d1,2025-01-01,
    2,d2,2025-02-01,2025-06-01
    """


def test_a_faulty_row_is_out_with_its_reason_and_a_good_one_stays(tmp_path: Path) -> None:
    """The reason is what the supplier mends the row by; the other rows wait for nobody."""
    folder = deliver(
        tmp_path / "in",
        {
            "deelnemer": "deelnemer_id,soort,geboortejaar\n1,persoon,2026\n",
            "signaal": "signaal_id,datum_ontvangen,leefgebied\n1,2025-01-01,8\n",
            "capaciteit": "gemeente_code,maand,gevraagde_uren,beschikbare_uren\nGM0344,2025-01-02,1,1\n",
            "casus": f"""
                casus_id,deelnemer_id,startdatum,einddatum,vraagstuk
                1,d,2025-02-01,2025-02-01,geld
                2,d,2025-02-01,2025-01-31,geld
                3,d,2026-01-01,,geld
                4,d,2025-01-01,,zie 111222333
                5,,2025-01-01,,geld
                6,d,2025-02-30,,geld
                7,d,2025-01-01,,"geld, wonen"
                8,d,2025-01-01,,{"lang " * 20}
                9,d,2025-02-30,2026-01-01,geld
                """,
            "casus_complexiteit": "casus_id,vanaf,complexiteit\n77,2025-01-01,laag\n1,2025-02-01,Laag\n",
            "interventie": """
                interventie_id,startdatum,geplande_einddatum,einddatum,reden_einde
                1,2025-01-01,,2025-02-01,
                2,2025-01-01,,,afgerond
                3,2025-01-01,2024-12-31,,
                """,
            "urenregistratie": """
                uren_id,medewerker_id,datum,uren,soort,vindplaats
                1,m,2025-01-01,,vindplaats,plein
                2,m,2025-01-01,,indirect,
                3,m,2025-01-01,1,vindplaats,
                4,m,2025-01-01,24.5,indirect,
                5,m,2025-01-01,0,indirect,
                6,m,2025-01-01,24,indirect,
                """,
            "partnerverzoek": """
                verzoek_id,casus_id,partner_id,verzocht_op,gereageerd_op
                1,1,p,2025-02-01T10:00,2025-02-01T09:00
                """,
            "doorverwijzing": """
                doorverwijzing_id,casus_id,datum,van_lijn,naar_lijn,aangekomen_op
                1,1,2025-02-01,0,1,2025-01-01
                2,1,2025-02-01,0,5,
                """,
            "budget": """
                budget_id,gemeente_code,soort,datum_aanvraag,bedrag_aangevraagd,datum_besluit,bedrag_toegekend
                1,GM0344,overig,2025-01-01,5,2025-02-01,
                2,GM0344,overig,2025-01-01,5,,1
                3,GM0344,overig,2025-01-01,-1,,
                """,
        },
    )
    outcome = landed(folder, tmp_path / "lake")
    assert quarantine(tmp_path / "lake") == [
        ("budget", 2, "bedrag_toegekend", "samenhang_geschonden"),
        ("budget", 3, "datum_besluit", "samenhang_geschonden"),
        ("budget", 4, "bedrag_aangevraagd", "waarde_buiten_domein"),
        ("capaciteit", 2, "maand", "waarde_buiten_domein"),
        ("casus", 3, "einddatum", "eind_voor_start"),
        ("casus", 4, "startdatum", "datum_in_toekomst"),
        ("casus", 5, "", "bsn_aangetroffen"),
        ("casus", 6, "deelnemer_id", "verplicht_veld_leeg"),
        ("casus", 7, "startdatum", "type_onleesbaar"),
        ("casus", 8, "vraagstuk", "meerwaardige_cel"),
        ("casus", 9, "vraagstuk", "waarde_buiten_domein"),
        ("casus", 10, "einddatum", "datum_in_toekomst"),
        ("casus", 10, "startdatum", "type_onleesbaar"),
        ("casus_complexiteit", 2, "casus_id", "onbekende_sleutel"),
        ("casus_complexiteit", 3, "complexiteit", "waarde_buiten_domein"),
        ("deelnemer", 2, "geboortejaar", "waarde_buiten_domein"),
        ("doorverwijzing", 2, "aangekomen_op", "samenhang_geschonden"),
        ("doorverwijzing", 3, "naar_lijn", "waarde_buiten_domein"),
        ("interventie", 2, "reden_einde", "samenhang_geschonden"),
        ("interventie", 3, "einddatum", "samenhang_geschonden"),
        ("interventie", 4, "geplande_einddatum", "eind_voor_start"),
        ("partnerverzoek", 2, "gereageerd_op", "samenhang_geschonden"),
        ("signaal", 2, "leefgebied", "waarde_buiten_domein"),
        ("urenregistratie", 2, "uren", "uren_ontbreken"),
        ("urenregistratie", 3, "uren", "verplicht_veld_leeg"),
        ("urenregistratie", 4, "vindplaats", "verplicht_veld_leeg"),
        ("urenregistratie", 5, "uren", "waarde_buiten_domein"),
        ("urenregistratie", 6, "uren", "waarde_buiten_domein"),
    ]
    assert (outcome.tabellen["casus"].quarantaine, outcome.geaccepteerd) == (8, 2)
    assert rows(tmp_path / "lake", "casus", "_bronregel") == [(2,)]


def test_postcode_ongeldig_and_antwoord_onbekend_are_reasons_too(tmp_path: Path) -> None:
    """An unknown answer counted as 'not positive' would lower the score in silence."""
    folder = deliver(
        tmp_path / "in",
        {
            "signaal": "signaal_id,datum_ontvangen,gemeente_code\n1,2025-01-01,10123 AB\n",
            "vragenlijst_afname": """
                afname_id,vragenlijst,versie,datum
                1,deelnemers,1,2025-05-01
                2,deelnemers,9,2025-05-01
                """,
            "vragenlijst_antwoord": """
                afname_id,vraagcode,antwoord
                1,1a1,ja
                1,1a2,misschien
                1,E1,ja
                2,1a1,ja
                """,
        },
    )
    landed(folder, tmp_path / "lake")
    assert quarantine(tmp_path / "lake") == [
        ("signaal", 2, "gemeente_code", "postcode_ongeldig"),
        ("vragenlijst_antwoord", 3, "antwoord", "antwoord_onbekend"),
        ("vragenlijst_antwoord", 4, "antwoord", "antwoord_onbekend"),
        ("vragenlijst_antwoord", 5, "antwoord", "antwoord_onbekend"),
    ]


def test_equal_doubles_become_one_and_unequal_ones_are_all_out(tmp_path: Path) -> None:
    """Which of two different rows is right, nobody here knows; and a double is decided before any other fault."""
    folder = deliver(
        tmp_path / "in",
        {
            "casus": """
                casus_id,deelnemer_id,startdatum,einddatum
                1,d1,2025-01-01,
                1,d1,01-01-2025,
                2,d2,2025-01-01,
                2,d3,2025-01-01,
                3,d4,2025-01-01,
                3,d4,2025-13-01,
                4,d5,2025-13-01,
                4,d5,2025-14-01,
                5,d6,2025-13-01,
                5,d6,2025-13-01,
                ,d7,2025-01-01,
                ,d8,2025-01-01,
                """
        },
    )
    outcome = landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "casus", "_bronregel") == [(2,)]
    double = [("casus", line, "casus_id", "dubbele_sleutel") for line in range(4, 10)]
    empty = [("casus", line, "casus_id", "verplicht_veld_leeg") for line in (12, 13)]
    assert quarantine(tmp_path / "lake") == [*double, ("casus", 10, "startdatum", "type_onleesbaar"), *empty]
    counts = outcome.tabellen["casus"]
    assert (counts.gelezen, counts.geaccepteerd, counts.quarantaine, counts.dubbel_samengevoegd) == (12, 1, 9, 2)


def test_a_key_is_the_gemeente_as_delivered(tmp_path: Path) -> None:
    """Two merged gemeenten, or two unknown ones, both bring their hours; the same one twice does not."""
    folder = deliver(
        tmp_path / "in",
        {
            "capaciteit": """
                gemeente_code,maand,gevraagde_uren,beschikbare_uren
                GM0003,2025-01-01,10,5
                GM0010,2025-01-01,20,5
                Wijk Oost,2025-01-01,30,5
                Wijk West,2025-01-01,40,5
                Utrecht,2025-01-01,1,1
                GM0344,2025-01-01,2,1
                """
        },
    )
    landed(folder, tmp_path / "lake")
    assert rows(tmp_path / "lake", "capaciteit", "gemeente_code, gevraagde_uren::int") == [
        ("GM0003", 10),
        ("GM0010", 20),
        ("GM9999", 30),
        ("GM9999", 40),
    ]
    assert quarantine(tmp_path / "lake") == [
        ("capaciteit", line, "gemeente_code, maand", "dubbele_sleutel") for line in (6, 7)
    ]


def test_a_refused_parent_takes_its_children_along_down_to_the_last(tmp_path: Path) -> None:
    """A change of a plan of a case that is not there belongs to nobody."""
    folder = deliver(
        tmp_path / "in",
        {
            "casus": "casus_id,deelnemer_id,startdatum\n1,d,2025-02-30\n2,d,2025-01-01\n",
            "plan": "plan_id,casus_id,datum_vastgesteld\n1,1,2025-03-01\n2,2,2025-03-01\n",
            "plan_wijziging": "plan_wijziging_id,plan_id,datum\n1,1,2025-04-01\n2,2,2025-04-01\n3,7,2025-04-01\n",
        },
    )
    landed(folder, tmp_path / "lake")
    assert quarantine(tmp_path / "lake") == [
        ("casus", 2, "startdatum", "type_onleesbaar"),
        ("plan", 2, "casus_id", "onbekende_sleutel"),
        ("plan_wijziging", 2, "plan_id", "onbekende_sleutel"),
        ("plan_wijziging", 4, "plan_id", "onbekende_sleutel"),
    ]
    assert rows(tmp_path / "lake", "plan_wijziging", "_bronregel") == [(3,)]


def test_a_soft_link_to_nothing_becomes_empty_and_is_counted(tmp_path: Path) -> None:
    """Deliveries have a window: a signal before it is no fault, but nothing may be reached through it."""
    folder = deliver(
        tmp_path / "in",
        {
            "deelnemer": "deelnemer_id,soort\nd1,persoon\n",
            "medewerker": "medewerker_id,soort,in_dienst_van\nm1,medewerker,2020-01-01\n",
            "signaal": "signaal_id,datum_ontvangen\n1,2025-01-01\n2,2025-02-30\n",
            "casus": """
                casus_id,signaal_id,deelnemer_id,startdatum,terugval_van_casus_id
                1,1,d1,2025-02-01,
                2,2,d2,2025-02-01,1
                3,7,d3,2025-02-01,9
                """,
            "interventie": "interventie_id,casus_id,methodiek,startdatum\n1,3,m,2025-03-01\n2,8,m,2025-03-01\n",
            "urenregistratie": "uren_id,medewerker_id,datum,uren,soort\n1,m7,2025-03-01,1,indirect\n",
        },
    )
    found = warnings(landed(folder, tmp_path / "lake"))
    casus = rows(tmp_path / "lake", "casus", "signaal_id is null, deelnemer_id is null, terugval_van_casus_id is null")
    assert casus == [(False, False, True), (True, False, False), (True, False, True)]
    assert rows(tmp_path / "lake", "interventie", "casus_id is null, methodiek") == [(False, "m"), (True, "m")]
    assert rows(tmp_path / "lake", "urenregistratie", "medewerker_id is null") == [(False,)]
    assert (found["FK signaal_id"], found["FK deelnemer_id"], found["FK terugval_van_casus_id"]) == (2, 2, 1)
    assert (found["FK casus_id"], found["FK methodiek"], found["FK medewerker_id"]) == (1, 2, 1)


def test_partners_are_known_by_their_number_when_no_file_gives_them(tmp_path: Path) -> None:
    """The kernset has judgements of partners and no list of them; without stubs all would be out."""
    texts = {
        "casus": CASES,
        "partnerbeoordeling": """
            beoordeling_id,partner_id,gemeente_code,datum,score
            1,p1,GM0344,2025-01-01,8
            2,p1,GM0344,2025-01-01,7
            """,
        "partnerverzoek": "verzoek_id,casus_id,partner_id,verzocht_op\n1,1,p2,2025-01-01\n2,9,p3,2025-01-01\n",
    }
    landed(deliver(tmp_path / "in", texts), tmp_path / "lake")
    stubs = rows(tmp_path / "lake", "partner", "partner_id, soort, _bronbestand")
    assert len({partner for partner, _, _ in stubs}) == len(stubs) == 2
    assert {(soort, file) for _, soort, file in stubs} == {(None, None)}
    assert about(tmp_path / "lake", "levering_tabel", "select geleverd from {} where tabel = 'partner'") == [(False,)]
    landed(deliver(tmp_path / "in", texts | {"partner": "partner_id,soort\np1,formeel\n"}), tmp_path / "lake")
    assert rows(tmp_path / "lake", "partner", "soort") == [("formeel",)]
    assert ("partnerverzoek", 2, "partner_id", "onbekende_sleutel") in quarantine(tmp_path / "lake")


def test_a_reply_on_the_day_of_the_request_is_in_time_when_one_has_no_clock(tmp_path: Path) -> None:
    """A day without a time is its midnight, and midnight is before the request."""
    verzoek = "verzoek_id,casus_id,partner_id,verzocht_op,gereageerd_op\n1,1,p,2025-02-01T10:00,2025-02-01\n"
    landed(deliver(tmp_path / "in", {"casus": CASES, "partnerverzoek": verzoek}), tmp_path / "lake")
    assert rows(tmp_path / "lake", "partnerverzoek", "verzocht_op_is_datum, gereageerd_op_is_datum") == [(False, True)]


def test_planned_and_expiry_dates_may_lie_ahead(tmp_path: Path) -> None:
    """A deadline in the future is what a deadline is for."""
    folder = deliver(
        tmp_path / "in",
        {
            "medewerker": "medewerker_id,soort,in_dienst_van,in_dienst_tot\n1,medewerker,2020-01-01,2030-01-01\n",
            "medewerker_inzet": "medewerker_id,gemeente_code,van,tot,fte\n1,GM0344,2025-01-01,2030-01-01,1\n",
            "medewerker_registratie": "medewerker_id,register,geldig_van,geldig_tot\n1,SKJ,2025-01-01,2030-01-01\n",
            "educatietraject": "educatietraject_id,medewerker_id,startdatum,einddatum\n1,1,2025-01-01,2030-01-01\n",
            "methodiek": "methodiek,erkenning,erkend_van,erkend_tot\nm,effectief,2025-01-01,2030-01-01\n",
            "interventie": "interventie_id,startdatum,geplande_einddatum\n1,2025-01-01,2030-01-01\n",
            "adminopdracht": "opdracht_id,gemeente_code,soort,deadline\n1,GM0344,afronding,2030-01-01\n",
            "capaciteit": "gemeente_code,maand,gevraagde_uren,beschikbare_uren\nGM0344,2030-01-01,1,1\n",
        },
    )
    assert landed(folder, tmp_path / "lake").quarantaine == 0
    assert rows(tmp_path / "lake", "adminopdracht", "aantal_retouren") == [(0,)]


def test_what_does_not_fit_together_is_counted_and_stays(tmp_path: Path) -> None:
    """X1 to X16: a warning that takes the row away changes figures, and no warning leaves them unexplained."""
    folder = deliver(
        tmp_path / "in",
        {
            "medewerker": "medewerker_id,soort,in_dienst_van,in_dienst_tot\n1,medewerker,2024-01-01,2025-06-01\n",
            "medewerker_inzet": """
                medewerker_id,gemeente_code,van,tot,fte
                1,GM0344,2023-12-01,2025-06-01,0.9
                1,GM0363,2025-01-01,2025-06-01,0.9
                1,GM0599,2025-06-01,2025-07-01,0.9
                """,
            "signaal": """
                signaal_id,datum_ontvangen,datum_afgehandeld
                1,2025-03-01,
                2,2024-01-01,
                3,2025-04-01,
                4,2025-04-01,2025-05-01
                """,
            "casus": "casus_id,signaal_id,deelnemer_id,startdatum\n1,1,d,2025-02-01\n2,,d,2025-01-01\n",
            "casus_complexiteit": """
                casus_id,vanaf,complexiteit
                1,2025-02-01,laag
                1,2025-03-01,laag
                1,2025-04-01,hoog
                2,2025-01-15,laag
                """,
            "interventie": """
                interventie_id,casus_id,startdatum,einddatum,reden_einde,vervolg_op_interventie_id
                1,1,2025-01-01,2025-03-01,afgerond,
                2,,2025-02-01,,,1
                3,,2025-03-01,,,1
                4,,2025-03-01,2025-03-01,afgerond,5
                5,,2025-03-01,2025-03-01,afgerond,4
                6,,2025-03-01,,,5
                """,
            "nazorgmeting": """
                nazorgmeting_id,interventie_id,deelnemer_id,datum
                1,1,d,2025-02-28
                2,2,d,2025-05-01
                3,1,d,2025-09-01
                """,
            "urenregistratie": """
                uren_id,medewerker_id,datum,uren,soort,interventie_id,casus_id
                1,1,2025-03-01,1,interventie,,
                2,1,2025-03-01,1,casus,,
                3,1,2025-03-01,1,casus,,1
                """,
        },
    )
    outcome = landed(folder, tmp_path / "lake")
    assert outcome.quarantaine == 0
    found = {code: number for code, number in warnings(outcome).items() if code.startswith("X")}
    # X9: two open signals, of which one is older than a year; X13: two rows outside employment, one person too busy;
    # X14: one of each kind; X16: one follow-up that starts too early, two that follow up on each other.
    assert found == {"X1": 1, "X2": 1, "X3": 1, "X4": 2, "X9": 4, "X12": 1, "X13": 3, "X14": 2, "X16": 3}


def test_x17_a_table_that_shrank_is_worth_a_question(tmp_path: Path) -> None:
    """A filter left on in the export halves every figure."""
    many = "casus_id,deelnemer_id,startdatum\n" + "".join(f"{n},d,2025-01-01\n" for n in range(10))
    few = "casus_id,deelnemer_id,startdatum\n" + "".join(f"{n},d,2025-01-01\n" for n in range(7))
    landed(deliver(tmp_path / "in", {"casus": many}), tmp_path / "lake")
    outcome = landed(deliver(tmp_path / "in", {"casus": few}, levering_id="b"), tmp_path / "lake")
    [warn] = [warn for warn in outcome.waarschuwingen if warn.regel_code == "X17"]
    assert "7 rijen, in de vorige levering 10: 30 % minder" in warn.tekst


def test_a_rule_without_its_table_is_skipped_and_said_so(tmp_path: Path) -> None:
    """Silence would read as: checked and right."""
    folder = deliver(tmp_path / "in", {"interventie": "interventie_id,startdatum\n1,2025-01-01\n"})
    texts = [warn.tekst for warn in landed(folder, tmp_path / "lake").waarschuwingen]
    assert "regel X3 is overgeslagen: casus is niet geleverd" in texts
    assert any(text.startswith("niet geleverd: doelgroep, werksoort") for text in texts)


def test_a_row_hash_is_keyed_and_the_same_row_has_the_same_one(tmp_path: Path) -> None:
    """A plain hash of a row of a few known values is found by trying them all."""
    text = "casus_id,deelnemer_id,startdatum\n1,d,2025-02-30\n2,d,2025-02-30\n3,d,2025-01-01\n"
    query = "select regel, rij_hash from {} order by 1"
    folder = deliver(tmp_path / "in", {"casus": text})
    landed(folder, tmp_path / "lake")
    before = about(tmp_path / "lake", "quarantaine", query)
    landed(folder, tmp_path / "other", key=make_key(bytes(range(1, 33))))
    landed(deliver(tmp_path / "in", {"casus": text}, levering_id="b"), tmp_path / "lake")
    assert about(tmp_path / "lake", "quarantaine", query) == before
    (_, first), (_, second) = before
    (_, elsewhere), _ = about(tmp_path / "other", "quarantaine", query)
    assert len({first, second, elsewhere}) == 3


def test_dates_stay_what_they_are_in_the_lake(tmp_path: Path) -> None:
    """Typed by the contract and not by what the first rows look like."""
    landed(deliver(tmp_path / "in", {"casus": CASES}), tmp_path / "lake")
    assert rows(tmp_path / "lake", "casus", "startdatum, typeof(einddatum), typeof(leefgebied), typeof(vraagstuk)")[
        0
    ] == (
        date(2025, 1, 1),
        "DATE",
        "SMALLINT",
        "VARCHAR",
    )
