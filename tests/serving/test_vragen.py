"""The example questions (docs/vragen), asked."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from serving.cli import cli
from serving.views import ready_views
from tests.serving.conftest import Mini

FOLDER = Path(__file__).parents[2] / "docs" / "vragen"
QUESTIONS = sorted(FOLDER.glob("*.sql"))
# Why the miniature has nothing to say to a question.
WITHOUT_ROWS = {
    "08-wat-is-herzien": "it is the first publication: nothing was revised",
    "15-samengevoegde-gemeenten": "none of its gemeenten was merged",
}


def listed() -> dict[str, str]:
    """File name to question, as the list has them."""
    rows = re.findall(r"^\| (.+) \| \[(.+\.sql)\]\(\2\) \|$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    return {name: question for question, name in rows}


def asked(path: Path) -> str:
    """The question in words: the comment up to the first empty line of it."""
    head = path.read_text(encoding="utf-8").partition("\n--\n")[0]
    return " ".join(line.removeprefix("--").strip() for line in head.splitlines())


def test_there_are_questions() -> None:
    """A folder that moved would leave every test below with nothing to do."""
    assert len(QUESTIONS) == 17
    assert {path.stem for path in QUESTIONS} >= WITHOUT_ROWS.keys()


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_gives_rows(path: Path, published: Mini) -> None:
    """A renamed column, or a name that is nowhere, leaves an advisor with an error or with nothing."""
    rows = published.read(path.read_text(encoding="utf-8"))
    assert bool(rows) is (path.stem not in WITHOUT_ROWS)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_is_asked_from_its_file(
    path: Path, published: Mini, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The way that the list gives."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(published.locations.data))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["query", "--bestand", str(path), "--uitvoer", "antwoord.csv", "--komma"])
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "antwoord.csv").stat().st_size > 0


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_says_what_it_asks_and_what_to_watch_for(path: Path) -> None:
    """SQL alone does not say what its answer may be used for."""
    assert asked(path).endswith("?") or path.stem.startswith("17")
    assert "\n--\n-- " in path.read_text(encoding="utf-8")


def test_the_list_has_every_question_in_its_own_words() -> None:
    """A question that is not listed is not found."""
    assert listed() == {path.name: asked(path) for path in QUESTIONS}


def test_the_list_has_every_ready_view() -> None:
    """A view that nobody knows of."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(v_[a-z]+)` \|", text, re.M)) == {view.name for view in ready_views()}
