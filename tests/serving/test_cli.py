"""`impact-kpi` as people type it: what it says, where it says it, and the status it leaves."""

import csv
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from serving.cli import cli
from tests.serving.conftest import Mini

REPOSITORY = Path(__file__).parents[2]
Run = Callable[..., Result]


@pytest.fixture
def run(published: Mini, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the published miniature."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(published.locations.data))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    return lambda *arguments: CliRunner().invoke(cli, list(arguments), prog_name="impact-kpi")


def started(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "serving.cli", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_command_the_help_is_dutch_and_complete(run: Run) -> None:
    """An advisor who meets 'Usage: [OPTIONS] COMMAND' thinks it is for programmers."""
    result = run()
    assert result.exit_code == 0
    for word in ("Gebruik:", "Opdrachten:", "refresh", "query", "gemeente", "kpi", "bronnen", "overzicht", "init"):
        assert word in result.stdout
    for word in ("Usage", "Options", "Commands", "Show this message"):
        assert word not in result.stdout


@pytest.mark.parametrize("command", list(cli.commands))
def test_every_command_explains_itself_in_dutch(run: Run, command: str) -> None:
    """A command without help is found by trial and error."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Gebruik: impact-kpi {command}")
    assert "Toon deze uitleg." in result.stdout
    assert "Options" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["qeury"], "Er is geen opdracht 'qeury'. Bedoelt u query?"),
        (["query"], "Er ontbreekt iets: VRAAG."),
        (["query", "select 1", "--formt", "csv"], "De optie --formt bestaat niet. Bedoelt u --formaat?"),
        (["query", "select 1", "--formaat", "xls"], "Kies uit: tabel, csv, json."),
        (["query", "select 1", "--rijen", "veel"], "Verwacht: een geheel getal."),
        (["query", "select 1", "--rijen", "-1"], "--rijen is een aantal"),
        (["query", "select 1", "--uitvoer"], "er hoort een waarde achter"),
        (["query", "select", "1"], "aanhalingstekens"),
        (["--soort", "echt", "bronnen"], "Kies uit: demo, recorded, live."),
        (["query", "select x from kpi"], "Kolom x bestaat niet."),
        (["query", "drop table kpi"], "alleen om te lezen"),
        (["gemeente", "Atlantis"], "Er is geen gemeente 'Atlantis'"),
        (["gemeente", "Bergen"], "Bergen (NH.) (GM0373) of Bergen (L.) (GM0893)"),
        (["kpi", "I", "3.3.3"], "Bedoelt u I 3.3.2 (% vrijwilligerswerk)"),
        (["--soort", "recorded", "refresh"], "--bronnen MAP"),
        (["--soort", "recorded", "levering", "laden", "x"], "Zet IMPACT_KPI_SOURCES op de map of het adres"),
    ],
)
def test_a_mistake_gets_one_plain_message_and_status_2(run: Run, arguments: list[str], says: str) -> None:
    """A stack trace, or English, for a typing error."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments", [["query", "select 1"], ["gemeente", "Breda"], ["kpi", "I 3.3.2"], ["bronnen"], ["overzicht"]]
)
def test_without_a_publication_every_command_names_the_remedy(run: Run, arguments: list[str]) -> None:
    """The first thing a newcomer types must tell how to go on."""
    result = run("--soort", "live", *arguments)
    assert result.exit_code == 1
    assert "Er is nog geen publicatie; draai `make mart SOURCES=live`" in result.stderr


def test_a_setting_that_means_nothing_is_explained(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`IMPACT_KPI_SOURCES=liev` would otherwise read an empty folder."""
    monkeypatch.setenv("IMPACT_KPI_SOURCES", "liev")
    result = run("bronnen")
    assert result.exit_code == 2
    assert "IMPACT_KPI_SOURCES='liev'" in result.stderr


def test_the_answer_is_on_stdout_and_the_warning_beside_it(run: Run) -> None:
    """A demo warning inside the CSV breaks every script; none at all misleads."""
    result = run("query", "select kpi_id, waarde from kpi_waarde order by all limit 2", "--formaat", "csv")
    assert result.exit_code == 0
    assert list(csv.reader(io.StringIO(result.stdout))) == [
        ["kpi_id", "waarde"],
        ["I 2.1.1", "-0.0343701"],
        ["I 2.1.1", "0.5"],
    ]
    assert "verzonnen" in result.stderr


def test_json_is_for_programs(run: Run) -> None:
    """Anything but JSON on stdout breaks the program that reads it."""
    result = run("query", "select gemeente_code, inwoners from gemeente order by 1 limit 1", "--formaat", "json")
    assert json.loads(result.stdout) == [{"gemeente_code": "GM0373", "inwoners": 30000}]


def test_a_long_table_says_that_it_was_cut(run: Run) -> None:
    """Somebody counts the rows on the screen and reports the wrong number."""
    result = run("query", "select gemeente_code from gemeente", "--rijen", "2")
    assert len(result.stdout.splitlines()) == 3
    assert "2 rijen; er zijn er meer" in result.stderr
    assert "7 rijen\n" in run("query", "select gemeente_code from gemeente", "--rijen", "0").stderr


@pytest.mark.parametrize(
    ("name", "options", "content"),
    [
        ("x.csv", [], b"a,b\r\n'=1+1,1.5\r\n"),
        ("x.CSV", ["--komma"], b"\xef\xbb\xbfa;b\r\n'=1+1;1,5\r\n"),
        ("x.json", [], b'[\n {"a": "=1+1", "b": 1.5}\n]\n'),
        ("x.txt", ["--formaat", "csv"], b"a,b\r\n'=1+1,1.5\r\n"),
    ],
)
def test_an_answer_goes_to_a_file_in_the_form_of_its_name(
    run: Run, tmp_path: Path, name: str, options: list[str], content: bytes
) -> None:
    """A .csv that holds a drawn table opens in no spreadsheet."""
    result = run("query", "select '=1+1' as a, 1.5::double as b", "--uitvoer", str(tmp_path / name), *options)
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / name).read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_replaced_only_by_a_whole_answer(run: Run, tmp_path: Path) -> None:
    """A question that fails half-way must not leave half a file where a good one was."""
    target = tmp_path / "x.csv"
    target.write_text("oud", encoding="utf-8")
    result = run("query", "select cast(kpi_id as int) from kpi", "--uitvoer", str(target))
    assert result.exit_code == 2
    assert target.read_text(encoding="utf-8") == "oud"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there_is_explained(run: Run, tmp_path: Path) -> None:
    """A stack trace for a typing error in a path."""
    result = run("query", "select 1", "--uitvoer", str(tmp_path / "nergens" / "x.csv"))
    assert result.exit_code == 2
    assert "kan niet worden geschreven" in result.stderr


def test_the_publication_itself_is_no_place_for_output(run: Run, published: Mini) -> None:
    """`--uitvoer actueel/impact_kpi.duckdb` would replace what everybody reads."""
    target = published.link / "impact_kpi.duckdb"
    before = target.read_bytes()
    result = run("query", "select 1", "--uitvoer", str(target), "--formaat", "csv")
    assert result.exit_code == 2
    assert "map van de publicaties" in result.stderr
    assert target.read_bytes() == before


def entry(text: str, start: str) -> tuple[str, str]:
    """The line that starts so, and the line of remarks under it."""
    lines = text.splitlines()
    index = next(index for index, line in enumerate(lines) if line.startswith(start))
    return lines[index].strip(), lines[index + 1].strip()


def test_the_profile_has_beside_each_figure_what_makes_it_readable(run: Run) -> None:
    """A figure without unit, period, source or mark must never be shown."""
    result = run("gemeente", "breda")
    assert result.exit_code == 0
    assert result.stdout.startswith("Breda (GM0758) · Noord-Brabant · 188.078 inwoners (2025) · indeling 2024")
    assert "verzonnen" in result.stdout.splitlines()[1]
    figure, remarks = entry(result.stdout, "I 3.3.2")
    assert figure.split()[:7] == ["I", "3.3.2", "13,1", "%", "13,6", "%", "2020"]
    assert figure.endswith("% vrijwilligerswerk (18 jaar en ouder)")
    assert remarks.startswith("definitief, modelmatig geschat · 95 %-interval 12,8 % tot 13,4 %")
    assert remarks.endswith(" · RIVM, tabel 1")
    assert "benadering (proxy)" in entry(result.stdout, "I 4.1.1")[1]
    assert "I 4.1.1: Sterke eenzaamheid; zegt niets over uitsluiting zelf." in result.stdout
    assert "signalen om te bespreken, geen oordeel" in result.stdout


def test_the_profile_says_how_a_figure_compares_and_where_it_goes(run: Run) -> None:
    """A figure beside the national one leaves it to the reader to see a difference in chance."""
    text = run("gemeente", "Breda").stdout
    for line in (
        "ongunstiger: ligt lager dan Nederland (13,1 % tegen 13,6 %); het verschil is groter dan door toeval te",
        "sinds 2016 dalend (vijf jaar, getoetst), een ongunstig signaal",
        "niet vergeleken met Nederland: er is geen cijfer om mee te vergelijken",
        "trend niet te bepalen: minder dan vijf jaren met een cijfer",
    ):
        assert line in text


@pytest.fixture
def chosen(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a miniature of which the profile chooses one KPI, with a name and a direction of its own."""
    mini.sql("""
        update marts.kpi set gekozen = kpi_id = 'I 3.3.2';
        update marts.kpi set label = 'Vrijwillig', richting = 'neutraal', richting_herkomst = 'profiel' where gekozen;
        update marts.gemeente set gekozen = gemeente_code <> 'GM0518';
    """)
    mini.publish()
    monkeypatch.setenv("IMPACT_KPI_DATA", str(mini.locations.data))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    return lambda *arguments: CliRunner().invoke(cli, list(arguments), prog_name="impact-kpi")


def test_a_choice_comes_first_and_says_that_there_is_more(chosen: Run) -> None:
    """Somebody would take three KPIs for all there are, or find nothing of the rest."""
    short, everything = chosen("gemeente", "Breda").stdout, chosen("gemeente", "Breda", "--alles").stdout
    assert [line[:7] for line in short.splitlines() if line.startswith("I ")] == ["I 3.3.2"]
    assert "Uw profiel kiest 1 van 6 KPI's, en alleen die staan hier. --alles toont ze allemaal." in short
    assert "Vrijwillig (18 jaar en ouder)" in short
    assert {"I 2.1.1", "I 4.1.1"} <= {line[:7] for line in everything.splitlines()}
    assert "Deze gemeente staat niet in uw profiel." in chosen("gemeente", "Den", "Haag").stdout
    assert "Deze gemeente" not in short


def test_the_card_says_what_the_profile_made_of_a_kpi(chosen: Run) -> None:
    """A direction of one organisation would pass for that of the model."""
    text = chosen("kpi", "I 3.3.2").stdout
    assert "geen gunstige richting (volgens uw profiel)" in text
    assert "bij u heet hij Vrijwillig" in text
    assert "niet gekozen; de cijfers staan er wel" in chosen("kpi", "I 2.1.1").stdout


def test_the_points_are_signals_with_their_ground_and_their_counterpart(run: Run) -> None:
    """Bad news alone, tested and untested mixed, or a sentence that blames."""
    text = run("aandachtspunten", "breda").stdout
    assert text.startswith("Aandachtspunten van Breda (GM0758): signalen om te bespreken, geen oordeel\n")
    assert "verzonnen" in text.splitlines()[1]
    bad, good = text.split("Wat gunstig is")
    tested, register = bad.split("Uit registers, zonder toets")
    assert (
        "I 3.3.2  % vrijwilligerswerk (18 jaar en ouder) ligt in Breda lager dan Nederland (13,1 % tegen 13,6 %); "
        "het verschil is groter dan door toeval te verwachten is. Een signaal om te bespreken."
    ) in tested
    assert "om ernaast te leggen: B 3, E 3.3.2" in tested
    assert "in het laagste vijfde deel van de gemeenten. Niet getoetst." in register
    assert "toeval" not in register
    assert "Geschat met een model" in good
    assert "I 4.1.1" in good
    assert "    benadering, gemeten is: Sterke eenzaamheid; zegt niets over uitsluiting zelf\n" in good
    assert "benadering" not in bad
    empty = run("aandachtspunten", "GM0893").stdout
    assert empty.count("Geen.") == 2


def test_the_points_follow_the_choice(chosen: Run) -> None:
    """An advisor would discuss a KPI that the organisation does not use."""
    short = chosen("aandachtspunten", "Breda").stdout
    assert "Van KPI's buiten uw profiel zijn er nog 2; --alles toont ze." in short
    assert "I 2.1.1" not in short
    assert "I 2.1.1" in chosen("aandachtspunten", "Breda", "--alles").stdout


def test_a_publication_of_the_release_before_is_read_as_it_is(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade nobody could look anything up until the first refresh was done."""
    added = {
        "kpi": ("label", "gekozen", "waarom", "richting_herkomst", "meetwijze", "teller_definitie", "noemer_definitie",
                "link", "afbakening", "hergebruik", "soort_waarde", "jaar_soort"),
        "gemeente": ("gekozen",),
        "kpi_gemeente": ("label", "gekozen", "oi_laag", "oi_hoog", "oi_methode", "benchmark_type", "benchmark_naam",
                         "benchmark_waarde", "vergelijkingswaarde", "vergelijkingseenheid", "oordeel", "oordeel_reden",
                         "positie", "trend", "trend_signaal", "trend_reden"),
    }  # fmt: skip
    for table, columns in added.items():
        mini.sql(";".join(f"alter table marts.{table} drop column {column}" for column in columns))
    mini.sql("drop table marts.kpi_trend; drop table marts.kpi_vergelijking; drop table marts.aandachtspunten")
    monkeypatch.setattr("serving.views.FOLDER", mini.folder / "none")  # it had no ready views either
    mini.write_manifest()
    mini.publish()
    monkeypatch.setenv("IMPACT_KPI_DATA", str(mini.locations.data))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    gemeente = CliRunner().invoke(cli, ["gemeente", "Breda"])
    assert gemeente.exit_code == 0, gemeente.stderr
    assert entry(gemeente.stdout, "I 3.3.2")[1] == "definitief, modelmatig geschat · RIVM, tabel 1"
    assert "profiel kiest" not in gemeente.stdout
    assert CliRunner().invoke(cli, ["kpi", "I", "3.3.2"]).exit_code == 0
    points = CliRunner().invoke(cli, ["aandachtspunten", "Breda"])
    assert (points.exit_code, "Draai impact-kpi refresh" in points.stderr) == (1, True)


def test_a_missing_figure_says_why_in_words(run: Run) -> None:
    """A bare dash, or `geheim_bron`, leaves an advisor guessing; a KPI that is left out looks like an oversight."""
    result = run("gemeente", "Den", "Haag")
    kpis = [line[:7] for line in result.stdout.splitlines() if line.startswith("I ")]
    assert kpis == ["I 2.1.1", "I 3.3.2", "I 4.1.1", "I 4.3.1"]
    assert entry(result.stdout, "I 3.3.2")[1].startswith("geen cijfer: De bron houdt dit cijfer geheim")
    assert "eigen cijfer kan worden aangeleverd" in entry(result.stdout, "I 4.3.1")[1]


def test_the_profile_keeps_own_figures_apart_and_says_what_is_held_back(run: Run) -> None:
    """An advisor would take a figure of the organisation for a statistic, or a protected one for a missing one."""
    done = run("gemeente", "Breda")
    open_part, own_part = done.stdout.split("Uit de eigen registratie van de organisatie")
    assert "I 3.3.2" in open_part
    assert "A 1" not in open_part
    assert "I 3.3.2" not in own_part
    assert "Activiteiten en kwaliteit" in own_part
    assert re.search(r"A 1\s+45", own_part)
    assert "te weinig mensen" in own_part


def test_the_profile_shows_the_parts_when_asked(run: Run) -> None:
    """Age groups double the length of the page, but they must be reachable."""
    assert "65 jaar en ouder" not in run("gemeente", "GM0758").stdout
    assert "21,5 %" in run("gemeente", "GM0758", "--alles").stdout


@pytest.mark.parametrize("spelling", [["I 3.3.2"], ["i3.3.2"], ["I", "3.3.2"], ["I3.3.2"]])
def test_a_kpi_is_found_however_it_is_written(run: Run, spelling: list[str]) -> None:
    """The model writes a space that nobody types."""
    result = run("kpi", *spelling)
    assert result.exit_code == 0
    assert result.stdout.startswith("I 3.3.2  % vrijwilligerswerk")


def test_the_card_of_a_kpi_says_how_it_is_made_and_how_far_it_is_filled(run: Run) -> None:
    """A definition without source and coverage cannot be defended in a meeting."""
    text = run("kpi", "I 3.3.2").stdout
    for part in (
        "vrijwilligerswerk doet.",
        "hoger is gunstiger",
        "RIVM 50150NED",
        "modelmatig geschat",
        "Schatting met een model.",
        "deels beschikbaar. Reden van I 3.3.2.",
        "13,6 %",
        "rivm_vrijwilliger",
        "rivm_1",
    ):
        assert part in text


def test_a_kpi_that_changed_shows_both_versions_the_valid_one_first(run: Run) -> None:
    """I 4.3.1 means two things; the old one must not pass for the new."""
    text = run("kpi", "I 4.3.1").stdout
    assert text.index("Stabiele opvoeding") < text.index("In versie v1 van het model: Relatie met ouders.")


def test_professional_ids_are_found_too(run: Run) -> None:
    """`prof E1` has a space and a capital in the middle."""
    assert run("kpi", "PROF", "e1").stdout.startswith("prof E1  Oordeel")


def test_sources_show_edition_age_and_state(run: Run) -> None:
    """'Is this still fresh?' is the first question about any figure."""
    result = run("bronnen")
    assert result.exit_code == 0
    figures, title = entry(result.stdout, "rivm_1")
    assert figures.split() == ["rivm_1", "ververst", "12.000", "05-11-2024", "20-11-2026"]
    assert title == "Gezondheid | per regio, editie 20261120T010000Z-aa"
    assert entry(result.stdout, "politie_9")[0].endswith("niet aangeboden")
    assert "    De dienst biedt deze tabel niet aan." in result.stdout
    assert "cbs_oud" not in result.stdout
    assert "1 tabel was niet nodig" in result.stdout
    assert "cbs_oud" in run("bronnen", "--alles").stdout


LAST_RUN = {
    "gestart": "2026-11-22T03:30:00+00:00",
    "klaar": "2026-11-22T03:34:00+00:00",
    "soort": "demo",
    "gelukt": True,
    "bronnen": [
        {
            "bron_id": "rivm_1",
            "state": "fout",
            "melding": "Dienst gaf 503.",
            "verouderd_sinds": "2026-11-22",
            "kpis": ["I 1.1.1", "I 3.3.2"],
            "controles": [
                {"naam": "ververst", "melding": "Dienst gaf 503."},
                {"naam": "versheid", "melding": "Te oud voor een jaarlijkse tabel."},
            ],
        },
        {"bron_id": "lbm", "state": "ongewijzigd", "melding": None},
    ],
    "publicatie": {"state": "ongewijzigd", "publicatie_id": "x"},
}


def test_the_last_look_goes_before_the_state_at_publication(standing: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that has been down for a week while nothing was published must not read 'ververst'."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(standing.locations.data))
    standing.locations.last_run.write_text(json.dumps(LAST_RUN), encoding="utf-8")
    text = CliRunner().invoke(cli, ["--soort", "demo", "bronnen"]).stdout
    assert entry(text, "rivm_1")[0].split()[1] == "mislukt"
    assert "    Verouderd sinds 22-11-2026. Dienst gaf 503. Voedt " in text
    assert "    Toets versheid: Te oud voor een jaarlijkse tabel." in text
    assert text.count("Dienst gaf 503.") == 1
    assert entry(text, "lbm")[0].split()[1] == "ongewijzigd"
    assert entry(text, "politie_9")[0].endswith("niet aangeboden")
    assert "Laatst gekeken: 22-11-2026 03:34 UTC" in text


def test_the_summary_counts_what_was_built_and_shows_the_way_on(
    standing: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of `make mart`: somebody who sees only 'done' does not know what to do."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(standing.locations.data))
    standing.locations.last_run.write_text(json.dumps(LAST_RUN), encoding="utf-8")
    result = CliRunner().invoke(cli, ["--soort", "demo", "overzicht"])
    assert result.exit_code == 0
    for part in (
        "verzonnen",
        "2 brontabellen, 12.342 rijen (1 ongewijzigd, 1 mislukt)",
        "Verouderd      rivm_1 sinds 22-11-2026; voedt I 1.1.1, I 3.3.2",
        "1 door de dienst niet aangeboden (politie_9)",
        "3 van 6 met een cijfer (impact 3 van 4",
        "1 van 5 met een cijfer, 6 cijfers in totaal",
        "impact-kpi gemeente",
        str(standing.link / "impact_kpi.duckdb"),
    ):
        assert part in result.stdout
    assert "mislukt: dit is de publicatie van daarvoor" not in result.stdout


def test_the_summary_says_when_the_last_run_failed(standing: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    """Yesterday's publication must not pass for tonight's."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(standing.locations.data))
    standing.locations.last_run.write_text(json.dumps(LAST_RUN | {"gelukt": False}), encoding="utf-8")
    assert "mislukt: dit is de publicatie van daarvoor" in CliRunner().invoke(cli, ["overzicht"]).stdout


def test_a_report_of_an_older_version_is_read(standing: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade every command would fail until the first night."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(standing.locations.data))
    old = {"bron_id": "rivm_1", "state": "fout", "melding": None, "verouderd_sinds": "2026-11-22T03:31:00+00:00"}
    standing.locations.last_run.write_text(json.dumps(LAST_RUN | {"bronnen": [old]}), encoding="utf-8")
    assert "Verouderd sinds 22-11-2026 03:31." in CliRunner().invoke(cli, ["bronnen"]).stdout
    summary = CliRunner().invoke(cli, ["overzicht"]).stdout
    assert "Verouderd      rivm_1 sinds 22-11-2026\n" in summary


@pytest.mark.parametrize("content", ["", "[]", '{"bronnen": [1]}', "geen json"])
def test_a_damaged_report_of_the_last_run_stops_nothing(
    standing: Mini, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    """The report is a comfort; the publication is there without it."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(standing.locations.data))
    standing.locations.last_run.write_text(content, encoding="utf-8")
    assert CliRunner().invoke(cli, ["bronnen"]).exit_code == 0


def test_the_commands_that_the_summary_shows_really_work(run: Run) -> None:
    """A manual that does not work is worse than none."""
    shown = [line for line in run("overzicht").stdout.splitlines() if line.startswith("  impact-kpi ")]
    assert len(shown) == 4
    for line in shown:
        assert run(*shlex.split(line)[1:]).exit_code == 0, line


def test_init_tells_what_it_made_and_never_shows_the_key(run: Run, tmp_path: Path) -> None:
    """A key in the scrollback of a terminal is no longer a key."""
    target = tmp_path / "org"
    result = run("init", str(target))
    assert result.exit_code == 0
    for part in ("sleutel.hex", "levering-voorbeeld/", "impact-kpi profiel controleren", "impact-kpi refresh"):
        assert part in result.stdout
    assert "kolommen:" in (target / "levering-voorbeeld" / "mapping-voorbeeld.yaml").read_text("utf-8")
    assert (target / "sleutel.hex").read_text("ascii").strip() not in result.output
    again = run("init", str(target))
    assert again.exit_code == 2
    assert "niets overschreven" in again.stderr


# From here on as a process of its own, as a shell starts it.


def test_the_command_line_knows_nothing_of_the_pipeline() -> None:
    """Importing Dagster costs two seconds on every question; and imports must point one way."""
    script = "import sys, serving.cli, serving.publish; print(sorted({name.split('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    for name in ("dagster", "dbt", "sources", "orchestration"):
        assert f"'{name}'" not in run.stdout


def test_a_real_process_answers_and_leaves_its_status(published: Mini) -> None:
    """The runner of the test library hides what happens at the very end of a process."""
    data = str(published.locations.data)
    good = started(["query", "select waarde from kpi_waarde where gemeente_code = 'NL'"], IMPACT_KPI_DATA=data)
    assert (good.returncode, good.stdout.split()) == (0, ["waarde", "13.6"])
    bad = started(["query", "select waard from kpi_waarde"], IMPACT_KPI_DATA=data)
    assert bad.returncode == 2
    assert bad.stdout == ""
    assert "Bedoelt u waarde" in bad.stderr
    assert "Traceback" not in bad.stderr
    assert "leaked" not in bad.stderr


@pytest.mark.parametrize("form", ["csv", "json", "tabel --rijen 0"])
def test_a_reader_that_stops_early_is_no_fault(published: Mini, form: str) -> None:
    """`impact-kpi query … | head` must not end in a stack trace."""
    question = "select range as r from range(20000)"
    command = f"{sys.executable} -m serving.cli query '{question}' --formaat {form} | head -1"
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=REPOSITORY,
        env={**os.environ, "IMPACT_KPI_DATA": str(published.locations.data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, "[" if form == "json" else "r")
    assert "Error" not in run.stderr


_NIGHTLY = """
import os, signal, sys, time
print(os.environ.get("IMPACT_KPI_SOURCES"), flush=True)
if os.environ["STATUS"] == "wait":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(42))
    print("ready", flush=True)
    time.sleep(30)
sys.exit(int(os.environ["STATUS"]))
"""


@pytest.fixture
def nightly(tmp_path: Path) -> dict[str, str]:
    """A stand-in for the nightly command, which is not for `serving` to import."""
    (tmp_path / "orchestration").mkdir()
    (tmp_path / "orchestration" / "__init__.py").touch()
    (tmp_path / "orchestration" / "nightly.py").write_text(_NIGHTLY, encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "IMPACT_KPI_SOURCES"}
    return {**environment, "PYTHONPATH": str(REPOSITORY)}


@pytest.mark.parametrize(
    ("arguments", "status", "sources"),
    [
        (["refresh"], "0", "None"),
        (["refresh", "--bronnen", "live"], "1", "live"),
        (["refresh", "--bronnen", "../archief"], "2", "../archief"),
        (["--soort", "live", "refresh"], "3", "live"),
    ],
)
def test_refresh_passes_the_sources_in_and_the_status_out(
    tmp_path: Path, nightly: dict[str, str], arguments: list[str], status: str, sources: str
) -> None:
    """Both cron and make decide on the status of the night."""
    run = subprocess.run(
        [sys.executable, "-m", "serving.cli", *arguments],
        cwd=tmp_path,
        env={**nightly, "STATUS": status},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (int(status), sources)


def test_refresh_passes_the_division_in(tmp_path: Path, nightly: dict[str, str]) -> None:
    """The option would be taken and the newest division published all the same."""
    script = tmp_path / "orchestration" / "nightly.py"
    script.write_text("import os\nprint(os.environ['IMPACT_KPI_INDELINGSJAAR'])\n", encoding="utf-8")
    command = [sys.executable, "-m", "serving.cli", "refresh", "--indelingsjaar", "2020"]
    run = subprocess.run(command, cwd=tmp_path, env=nightly, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "2020")


def test_refresh_stops_when_told_to_stop(tmp_path: Path, nightly: dict[str, str]) -> None:
    """A night that goes on after `systemctl stop` holds the lock (fact: dbt outlives a killed parent)."""
    with subprocess.Popen(
        [sys.executable, "-m", "serving.cli", "refresh"],
        cwd=tmp_path,
        env={**nightly, "STATUS": "wait"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert [process.stdout.readline(), process.stdout.readline()] == ["None\n", "ready\n"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 42


def test_refresh_asks_for_everything_again(tmp_path: Path, nightly: dict[str, str]) -> None:
    """The option would be taken and nothing would be pulled again."""
    (tmp_path / "orchestration" / "nightly.py").write_text("import sys\nprint(sys.argv[1:])\n", encoding="utf-8")
    for words, passed in ((["--volledig"], "['--volledig']"), ([], "[]")):
        command = [sys.executable, "-m", "serving.cli", "refresh", *words]
        run = subprocess.run(command, cwd=tmp_path, env=nightly, capture_output=True, text=True, timeout=60, check=True)
        assert run.stdout.strip() == passed
