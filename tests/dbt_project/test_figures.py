"""What becomes of a cell of a source: the rules of the mart on a small lake, through the whole dbt project."""

from __future__ import annotations

import datetime

import pytest

from tests.dbt_project.conftest import Build

pytestmark = pytest.mark.xdist_group("dbt")

POLICE = "pol_huisverbod_vredebreuk"
VIOLENCE = "pol_lichamelijke_integriteit"
LOW_INCOME = "cbs_laag_inkomen_1jaar"
CARERS = "rivm_mantelzorger"
BENEFITS = "cbs_bijstand_huishoudens"


def test_the_whole_build_passes(build: Build) -> None:
    """A failing data test or unit test would go unseen."""
    failed = [
        f"{name}: {status}: {build.messages[name]}"
        for name, status in build.results.items()
        if status not in ("success", "pass", "no-op", "skipped")
    ]
    assert not failed, "\n".join(failed)
    assert len(build.results) > 300


def test_a_published_figure_passes_untouched(build: Build) -> None:
    """A figure that an advisor knows from the source would differ in its last digits."""
    figure = build.figure("I 1.1.1", LOW_INCOME, "GM0014", "2023")
    assert figure["waarde"] == 8.123456789012345
    assert (figure["status"], figure["is_herleid"], figure["breuk"]) == ("voorlopig", False, False)
    assert (figure["bron_id"], figure["indelingsjaar"], figure["eenheid"]) == ("cbs_86202NED", 2024, "%")
    assert (figure["herkomst"], figure["soort"], figure["oi_methode"]) == ("open", "direct", "geen")


@pytest.mark.parametrize(
    ("gemeente_code", "periode", "reason"),
    [
        ("GM0758", "2023", "geheim_bron"),
        ("GM0153", "2023", "niet_gepubliceerd"),
        ("GM0014", "2012", "niet_gepubliceerd"),
        ("NL", "2012", "niet_gepubliceerd"),
    ],
)
def test_a_missing_figure_says_why(build: Build, gemeente_code: str, periode: str, reason: str) -> None:
    """A secret figure, a gemeente without a row and a year that is not out yet would look the same."""
    figure = build.figure("I 1.1.1", LOW_INCOME, gemeente_code, periode)
    assert (figure["waarde"], figure["status"], figure["ontbreekt_reden"]) == (None, None, reason)


def test_years_outside_the_registrys_years_are_not_loaded(build: Build) -> None:
    """A year of another method would continue the line."""
    assert build.query("select count(*) from kpi_waarde where variant = ? and periode = '2024'", LOW_INCOME) == [(0,)]


@pytest.mark.parametrize(
    ("gemeente_code", "value", "reason"),
    [
        ("NL", 4525.0, None),
        ("GM0014", 42.0, None),
        ("GM0758", 20.0, None),
        ("GM1680", 0.0, None),
        ("GM0153", None, "geheim_bron"),
        ("GM0344", None, "niet_gepubliceerd"),
    ],
)
def test_police_zero_missing_and_secret_are_told_apart(
    build: Build, gemeente_code: str, value: float | None, reason: str | None
) -> None:
    """An advisor would read that there is no nuisance where nobody knows, or the other way round."""
    figure = build.figure("I 2.1.4", POLICE, gemeente_code, "2023")
    assert (figure["waarde"], figure["teller"], figure["ontbreekt_reden"]) == (value, value, reason)
    assert figure["verouderd_sinds"] == datetime.date(2026, 10, 1)


def test_regions_that_are_no_gemeente_stay_out_of_the_mart(build: Build) -> None:
    """Crimes abroad or a province would be counted as a gemeente."""
    assert build.query("select distinct gemeente_code from kpi_waarde where gemeente_code in ('GM0998', 'PV20')") == []
    assert build.query("select distinct gemeente_code from kpi_waarde_bron where gemeente_code = 'GM0998'") == []


def test_a_rate_is_computed_and_rounded_only_in_the_mart(build: Build) -> None:
    """A rate per 10 000 would be a percentage, or differ every night in its last bits."""
    figure = build.figure("I 5.3.2", VIOLENCE, "GM0014", "2023")
    assert figure["waarde"] == 33.5926969
    assert (figure["teller"], figure["noemer"]) == (800.0, 238147.0)
    assert figure["status"] == "voorlopig"
    assert (figure["bron_id"], figure["noemer_bron_id"]) == ("politie_47013NED", "cbs_03759ned")
    assert build.source_figure("I 5.3.2", VIOLENCE, "GM0014", "2023")["waarde"] == 10000 * 800 / 238147


@pytest.mark.parametrize(
    ("gemeente_code", "reason"),
    [("GM1680", "noemer_nul"), ("GM0153", "noemer_ontbreekt"), ("GM0344", "niet_gepubliceerd")],
)
def test_a_rate_without_a_denominator_is_no_figure(build: Build, gemeente_code: str, reason: str) -> None:
    """A division by nothing would be infinite, or a count would be shown as a rate."""
    figure = build.figure("I 5.3.2", VIOLENCE, gemeente_code, "2023")
    assert (figure["waarde"], figure["ontbreekt_reden"]) == (None, reason)


def test_the_denominator_of_an_old_year_is_added_over_the_gemeenten_of_then(build: Build) -> None:
    """The police recast old years to Eemsdelta; its inhabitants of 2020 stand under three other codes."""
    figure = build.figure("I 5.3.2", VIOLENCE, "GM1979", "2020")
    assert figure["waarde"] == 10.0176398
    assert (figure["noemer"], figure["is_herleid"]) == (45919.0, True)
    original = build.source_figure("I 5.3.2", VIOLENCE, "GM1979", "2020")
    assert original["waarde"] == pytest.approx(10000 * 46 / 45919, rel=1e-12)
    assert (original["indelingsjaar"], original["is_herleid"]) == (2024, True)


def test_a_december_figure_is_divided_by_the_households_of_the_next_year(build: Build) -> None:
    """December would be divided by the households of eleven months before, or November would be taken."""
    figure = build.figure("I 1.2.1", BENEFITS, "GM0014", "2022")
    assert (figure["waarde"], figure["teller"], figure["noemer"]) == (6.0, 8400.0, 140000.0)
    assert figure["periode_soort"] == "jaar"
    later = build.figure("I 1.2.1", BENEFITS, "GM0014", "2024")
    assert (later["waarde"], later["ontbreekt_reden"]) == (None, "noemer_ontbreekt")


@pytest.mark.parametrize(("gemeente_code", "reason"), [("GM0758", "geheim_bron"), ("GM1680", "niet_gepubliceerd")])
def test_a_sum_misses_none_of_its_parts(build: Build, gemeente_code: str, reason: str) -> None:
    """Two of the three kinds of household would be published as all of them."""
    figure = build.figure("I 1.2.1", BENEFITS, gemeente_code, "2022")
    assert (figure["waarde"], figure["ontbreekt_reden"]) == (None, reason)


def test_a_ratio_of_merged_gemeenten_is_computed_anew_from_its_parts(build: Build) -> None:
    """Three gemeenten of 2022 would not find their households, which CBS gives for the merged one of 2023."""
    figure = build.figure("I 1.2.1", BENEFITS, "GM1992", "2022")
    assert (figure["waarde"], figure["teller"], figure["is_herleid"]) == (1.65625, 530.0, True)
    part = build.source_figure("I 1.2.1", BENEFITS, "GM0501", "2022")
    assert (part["waarde"], part["teller"], part["indelingsjaar"]) == (None, 150.0, 2022)
    assert part["ontbreekt_reden"] == "noemer_ontbreekt"
    unchanged = build.source_figure("I 1.2.1", BENEFITS, "GM0014", "2022")
    assert unchanged["waarde"] == 6.0


def test_a_school_year_keeps_its_own_label(build: Build) -> None:
    """2022/23 would be read as a calendar year, or not find its denominator."""
    figure = build.figure("I 3.2.2", "cbs_vsv", "GM1680", "2022/23")
    assert (figure["waarde"], figure["periode_soort"], figure["jaar"]) == (2.23463687, "schooljaar", 2022)
    assert build.query("select * from kpi_waarde_bron where variant = 'cbs_vsv' and gemeente_code = 'GM0738'") == []


def test_each_year_table_gives_its_own_year(build: Build) -> None:
    """A newer year table that also holds last year would overwrite the definite figure."""
    assert build.figure("I 4.2.2", "cbs_sociaal_domein_totaal", "GM0014", "2024")["waarde"] == 12.34
    assert build.figure("I 4.2.2", "cbs_sociaal_domein_totaal", "GM0014", "2025")["waarde"] == 12.5


@pytest.mark.parametrize(
    ("gemeente_code", "teller", "reason"),
    [("GM0344", 17650.0, None), ("GM0014", None, "niet_gepubliceerd"), ("GM0758", None, "geheim_bron")],
)
def test_codes_are_added_only_when_all_are_there(
    build: Build, gemeente_code: str, teller: float | None, reason: str | None
) -> None:
    """Households with Wmo would be counted without those that also have another provision."""
    figure = build.figure("I 4.2.2", "cbs_sociaal_domein_wmo", gemeente_code, "2024")
    assert (figure["teller"], figure["ontbreekt_reden"]) == (teller, reason)


def test_the_leefbaarometer_has_the_country_at_zero_every_year(build: Build) -> None:
    """There would be nothing to compare a score with, or a mean that counts a village as much as a city."""
    found = build.query(
        "select distinct periode, waarde, status from kpi_waarde "
        "where variant = 'lbm3_onv' and gemeente_code = 'NL' order by all"
    )
    assert found == [("2014", 0.0, "definitief"), ("2024", 0.0, "definitief")]
    assert build.figure("I 2.1.1", "lbm3_onv", "GM0014", "2024")["waarde"] == -0.0343701
    assert build.query("select * from kpi_waarde_bron where variant = 'lbm3_onv' and gemeente_code = 'NL'") == []


@pytest.mark.parametrize(
    ("gemeente_code", "value", "is_break", "is_weighted", "reason"),
    [
        ("GM0758", 13.1, False, False, None),
        ("GM0757", 14.4, True, False, None),
        ("GM0855", 12.5, True, False, None),
        ("GM0080", 13.3, False, False, None),
        ("GM1979", 14.6699623, False, True, None),
        ("GM0439", None, False, False, "herindeling"),
        ("NL", 13.6, False, False, None),
    ],
)
def test_a_percentage_stays_with_its_gemeente_and_is_weighted_over_the_parts_of_a_merged_one(
    build: Build, gemeente_code: str, value: float | None, is_break: bool, is_weighted: bool, reason: str | None
) -> None:
    """Eemsdelta would show a part's percentage, Purmerend a mean without weights, Boxtel a change that is a border."""
    figure = build.figure("I 3.3.2", CARERS, gemeente_code, "2020")
    assert (figure["waarde"], figure["breuk"], figure["ontbreekt_reden"]) == (value, is_break, reason)
    assert figure["is_herleid"] is is_weighted
    assert figure["oi_methode"] == "geen"


def test_the_original_figure_of_an_abolished_gemeente_is_kept(build: Build) -> None:
    """Nobody could go back to what the source said."""
    original = build.source_figure("I 3.3.2", CARERS, "GM0003", "2020")
    assert (original["waarde"], original["indelingsjaar"], original["breuk"]) == (15.0, 2020, False)


def test_a_stand_in_series_becomes_the_main_series_when_the_main_one_is_not_served(build: Build) -> None:
    """The KPI would be empty while a usable figure lies beside it."""
    figure = build.figure("I 3.1.1", "kwb_netto_arbeidsparticipatie", "GM0014", "2024")
    assert (figure["waarde"], figure["hoofdreeks"], figure["periode"]) == (66.0, True, "2024")
    shown = build.row("kpi_gemeente", kpi_id="I 3.1.1", uitsplitsing="totaal", gemeente_code="GM0014")
    assert (shown["waarde"], shown["variant"]) == (66.0, "kwb_netto_arbeidsparticipatie")


def test_a_supplied_figure_goes_before_a_stand_in_and_names_its_source(build: Build) -> None:
    """The gemeente's own survey would be hidden behind a rough approximation."""
    supplied = build.row("kpi_gemeente", kpi_id="I 2.3.1", uitsplitsing="totaal", gemeente_code="GM0014")
    assert (supplied["waarde"], supplied["eenheid"], supplied["soort"]) == (33.0, "%", "handmatig")
    assert supplied["bronvermelding"] == "Bron: Burgerpeiling"
    other = build.row("kpi_gemeente", kpi_id="I 2.3.1", uitsplitsing="totaal", gemeente_code="GM0758")
    assert (other["waarde"], other["periode"], other["soort"]) == (6.0, "2023", "proxy")


def test_a_supplied_figure_stands_for_the_kpi_when_it_has_a_split_of_its_own(build: Build) -> None:
    """The approximation would stay the headline although somebody measured the real thing."""
    shown = build.row("kpi_gemeente", kpi_id="I 4.1.1", gemeente_code="GM0014", hoofduitsplitsing=True)
    assert (shown["uitsplitsing"], shown["waarde"]) == ("totaal", 12.5)
    elsewhere = build.row("kpi_gemeente", kpi_id="I 4.1.1", gemeente_code="GM0758", hoofduitsplitsing=True)
    assert (elsewhere["uitsplitsing"], elsewhere["waarde"]) == ("18+", None)


def test_supplied_counts_of_former_gemeenten_are_added(build: Build) -> None:
    """An organisation that delivered per former gemeente would find nothing under the new one."""
    figure = build.figure("I 1.3.2", "handmatig", "GM1979", "2020")
    assert (figure["waarde"], figure["is_herleid"], figure["herkomst"]) == (35.0, True, "handmatig")
    assert build.figure("I 1.3.2", "handmatig", "GM0758", "2024")["ontbreekt_reden"] == "niet_geleverd"


def test_a_national_series_stands_beside_a_supplied_figure_of_the_same_period(build: Build) -> None:
    """A survey result would have nothing to be held against, or the Nederland of another year."""
    shown = build.row("kpi_gemeente", kpi_id="I 2.2.1", uitsplitsing="totaal", gemeente_code="GM0014")
    assert (shown["waarde"], shown["nl_waarde"], shown["periode"]) == (29.0, 30.1, "2023")
    national = build.query("select distinct gemeente_code from kpi_waarde where variant = 'cbs_informele_hulp'")
    assert national == [("NL",)]
    empty = build.row("kpi_gemeente", kpi_id="I 2.2.1", uitsplitsing="totaal", gemeente_code="GM0758")
    assert (empty["waarde"], empty["ontbreekt_reden"]) == (None, "eigen_levering_nodig")


def test_the_newest_period_with_a_figure_is_shown_beside_nederland_of_that_period(build: Build) -> None:
    """An empty newest year would hide the last figure."""
    shown = build.row("kpi_gemeente", kpi_id="I 1.1.1", uitsplitsing="totaal", gemeente_code="GM0014")
    assert (shown["periode"], shown["nl_waarde"], shown["hoofduitsplitsing"]) == ("2023", 5.1, True)
    empty = build.row("kpi_gemeente", kpi_id="I 1.1.1", uitsplitsing="totaal", gemeente_code="GM0758")
    assert (empty["waarde"], empty["periode"], empty["ontbreekt_reden"]) == (None, "2023", "geheim_bron")


def test_every_impact_kpi_has_a_row_for_every_gemeente(build: Build) -> None:
    """A KPI without a figure would silently disappear from the profile of a gemeente."""
    kpis, regions, rows = build.one(
        "select count(distinct kpi_id), count(distinct gemeente_code), count(*) filter (where hoofduitsplitsing) "
        "from kpi_gemeente"
    )
    expected = build.one("select count(*) from kpi where familie = 'impact' and geldend")[0]
    assert (kpis, regions, rows) == (expected, 343, expected * 343)


@pytest.mark.parametrize(
    ("kpi_id", "status", "reason", "words"),
    [
        ("I 3.2.2", "deels", None, "1 van de 342 gemeenten, over 2022/23"),
        ("I 2.1.3", "geen_bron", "tabel_ontbreekt", "47021NED"),
        ("I 1.3.1", "geen_bron", "niet_gepubliceerd", "Kolom ParticuliereHuishoudensRelatief niet gevonden."),
        ("I 3.2.3", "eigen_levering_nodig", "eigen_levering_nodig", "aangeleverd"),
        ("I 6.2.1", "nog_niet_gedefinieerd", "nog_niet_gedefinieerd", "gemeten"),
        ("I 4.1.1", "deels", None, "1 van de 342 gemeenten, over 2024"),
        ("I 3.1.1", "deels", None, "Een andere reeks valt in"),
        ("E 1.1.1", "eigen_levering_nodig", "eigen_levering_nodig", "eigen registratie"),
    ],
)
def test_coverage_says_what_there_is_and_what_is_missing(
    build: Build, kpi_id: str, status: str, reason: str | None, words: str
) -> None:
    """An empty KPI would leave an advisor guessing whether to wait, to search or to deliver."""
    row = build.row("kpi_dekking", kpi_id=kpi_id)
    assert (row["status"], row["ontbreekt_reden"]) == (status, reason)
    assert words in row["reden"]


def test_coverage_holds_every_kpi_and_version(build: Build) -> None:
    """A KPI of the model would be gone without anybody being told."""
    missing = build.query("select kpi_id, model_versie from kpi except select kpi_id, model_versie from kpi_dekking")
    assert missing == []
    assert build.one("select count(*) from kpi_dekking where kpi_id = 'I 4.3.1'") == (2,)


def test_the_list_of_gemeenten_says_size_urbanity_and_division(build: Build) -> None:
    """A merged gemeente would lack its inhabitants, or carry a class nobody gave it."""
    groningen = build.row("gemeente", gemeente_code="GM0014")
    assert (groningen["inwoners"], groningen["inwoners_jaar"]) == (238147, 2023)
    assert (groningen["stedelijkheid"], groningen["stedelijkheid_jaar"]) == (1, 2024)
    assert (groningen["grootteklasse"], groningen["provincie"]) == ("150.000 tot 250.000", "Groningen")
    assert (groningen["indelingsjaar"], groningen["indeling_bron"]) == (2024, "gebieden_85755NED")
    unknown = build.row("gemeente", gemeente_code="GM0034")
    assert (unknown["inwoners"], unknown["inwoners_reden"]) == (None, "niet_gepubliceerd")
    assert unknown["grootteklasse_reden"] == "niet_gepubliceerd"
    assert build.one("select count(*) from gemeente where soort_gebied = 'gemeente'") == (342,)
    assert build.query("select gemeente_code from gemeente where soort_gebied <> 'gemeente' order by 1") == [
        ("GM9999",),
        ("NL",),
        ("ORG",),
    ]


def test_the_list_of_sources_says_what_was_used_and_what_was_not_there(build: Build) -> None:
    """A figure could not be traced to its download, or a missing table would not be named."""
    police = build.row("bron", bron_id="politie_47013NED")
    assert (police["staat"], police["verouderd_sinds"]) == ("fout", datetime.date(2026, 10, 1))
    assert police["melding"] == "503 Service Unavailable"
    assert police["loaded_at"] == datetime.datetime(2026, 11, 21, 3, 30)  # noqa: DTZ001 - UTC, without a zone
    assert "I 2.1.4" in police["kpis"]
    absent = build.row("bron", bron_id="cbs_86008NED")
    assert (absent["staat"], absent["editie"]) == ("ontbreekt", None)
    assert build.row("bron", bron_id="cbs_84926NED")["staat"] == "niet_opgehaald"
