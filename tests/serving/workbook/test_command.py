"""`impact-kpi werkboek`, and the workbooks that go with a publication."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from serving.cli import cli
from serving.errors import NoPublicationError, WrongUseError
from serving.workbook.read import read_areas
from serving.workbook.selection import chosen_areas, file_name, named_areas
from serving.workbook.workbook import write_workbooks
from tests.serving.conftest import NOW, Mini
from tests.serving.workbook.conftest import opened

Run = Callable[..., Result]
NAME = "impact-kpi_Breda_2026-11-21_demo.xlsx"


@pytest.fixture
def run(published: Mini, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command on the published miniature, in an empty folder."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(published.locations.data))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli, ["werkboek", *arguments], prog_name="impact-kpi")


def test_one_name_gives_one_file_here(run: Run, tmp_path: Path) -> None:
    """An advisor looks for the file in the folder where she stands; half a file is worse than none."""
    result = run("breda")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"Werkboek van Breda geschreven naar {tmp_path / NAME}\n"
    assert "verzonnen" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert load_workbook(tmp_path / NAME).sheetnames[0] == "Overzicht"


def test_several_names_share_a_file(run: Run, tmp_path: Path) -> None:
    """A selection that is called after one of its gemeenten."""
    assert run("Breda", "Den Haag", "GM0758", "--naar", str(tmp_path)).exit_code == 0
    (path,) = tmp_path.iterdir()
    assert path.name == "impact-kpi_selectie_2026-11-21_demo.xlsx"


def test_chosen_gives_the_gemeenten_of_the_organisation(run: Run, tmp_path: Path) -> None:
    """Whoever has a profile types her gemeenten once."""
    assert run("--gekozen", "--naar", "mijn.xlsx").exit_code == 0
    assert load_workbook(tmp_path / "mijn.xlsx").properties.title == "Impact-KPI: Breda"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Noem een of meer gemeenten, of gebruik --gekozen"),
        (["Breda", "--gekozen"], "een van de twee"),
        (["Atlantis"], "Er is geen gemeente 'Atlantis'"),
        (["Den", "Haag"], 'Zet een naam van meer woorden tussen aanhalingstekens: impact-kpi werkboek "Den Haag"'),
        (["Breda", "--naar", "cijfers.csv"], "laat hem eindigen op .xlsx"),
        (["Breda", "--naar", "nergens/x.xlsx"], "is er niet; maak hem eerst"),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: list[str], says: str
) -> None:
    """A stack trace, or an empty file, for a typing error."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_goes_only_when_asked(run: Run, tmp_path: Path) -> None:
    """A workbook with remarks of a colleague in it."""
    (tmp_path / NAME).write_text("met opmerkingen")
    result = run("Breda")
    assert result.exit_code == 2
    assert "bestaat al" in result.stderr
    assert (tmp_path / NAME).read_text() == "met opmerkingen"
    assert run("Breda", "--overschrijf").exit_code == 0
    assert load_workbook(tmp_path / NAME).sheetnames


def test_the_folder_of_publications_stays_as_it_is(run: Run, published: Mini) -> None:
    """A file among the publications that no manifest knows."""
    before = sorted(published.link.resolve().iterdir())
    result = run("Breda", "--naar", str(published.link / "mijn.xlsx"))
    assert result.exit_code == 2
    assert "ligt in de map van de publicaties" in result.stderr
    assert sorted(published.link.resolve().iterdir()) == before


def test_a_name_is_safe_for_every_file_system(published: Mini) -> None:
    """Apostrophes and accents in a name that a mail program or a share refuses."""
    with opened(published) as connection:
        areas = read_areas(connection)
    publicatie = {"soort": "live", "melding": None, "published_at": NOW}
    assert file_name(["GM0518"], areas, publicatie) == "impact-kpi_s-Gravenhage_2026-11-21.xlsx"
    assert file_name(["GM1900"], areas, publicatie) == "impact-kpi_Sudwest-Fryslan_2026-11-21.xlsx"
    assert file_name(["NL", "GM1900"], areas, publicatie) == "impact-kpi_selectie_2026-11-21.xlsx"


def test_more_than_thirty_gemeenten_are_refused_with_a_remedy() -> None:
    """A workbook that no program opens smoothly."""
    areas = {f"GM{number:04}": {"gemeente_naam": f"Plaats {number}"} for number in range(1, 32)}
    with pytest.raises(WrongUseError, match=r"31 gemeenten passen niet .* kunnen er 30 in\. Maak er meer dan een"):
        named_areas(list(areas), areas)


def test_without_a_profile_or_own_figures_there_is_nothing_to_choose(mini: Mini) -> None:
    """A workbook of all gemeenten, or an empty one."""
    mini.sql("delete from marts.kpi_gemeente where familie <> 'impact'")
    mini.publish()
    with opened(mini) as connection, pytest.raises(WrongUseError, match="Noem de gemeenten"):
        chosen_areas(connection, read_areas(connection))


def test_a_profile_that_chooses_gemeenten_is_followed(standing: Mini) -> None:
    """The gemeenten where the organisation happens to work, instead of those it asked for."""
    standing.sql("update marts.gemeente set gekozen = gemeente_code in ('GM0518', 'GM0373')")
    standing.publish()
    with opened(standing) as connection:
        assert chosen_areas(connection, read_areas(connection)) == ["GM0518", "GM0373"]


def test_a_publication_gets_the_workbooks_of_who_has_own_figures(published: Mini, tmp_path: Path) -> None:
    """342 workbooks every night, or none for the gemeenten that matter."""
    with opened(published) as connection:
        written = write_workbooks(connection, tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == ["werkboek/GM0758.xlsx"]
    assert [path.name for path in (tmp_path / "werkboek").iterdir()] == ["GM0758.xlsx"]


def test_the_organisation_gets_one_of_its_own_figures_alone(standing: Mini, tmp_path: Path) -> None:
    """The total of the organisation, laid beside open statistics that it does not have."""
    standing.sql(
        "insert into marts.gemeente by name select 'ORG' as gemeente_code, 'Hele organisatie' as gemeente_naam, "
        "'organisatie' as soort_gebied, true as gekozen, 2024 as indelingsjaar;"
        "insert into marts.kpi_gemeente by name select * replace ('ORG' as gemeente_code, "
        "'Hele organisatie' as gemeente_naam) from marts.kpi_gemeente where familie <> 'impact';"
    )
    standing.publish()
    with opened(standing) as connection:
        written = write_workbooks(connection, tmp_path)
    assert [path.name for path in written] == ["GM0758.xlsx", "ORG.xlsx"]
    book = load_workbook(written[1])
    assert book.sheetnames[:2] == ["Overzicht", "Eigen registratie"]
    said = [value for (value,) in book["Overzicht"].iter_rows(max_col=1, values_only=True)]
    assert "Er zijn geen open cijfers over dit gebied; zie Eigen registratie." in said


def test_a_publication_of_an_older_release_is_named_as_such() -> None:
    """A stack trace about a column nobody knows."""
    with duckdb.connect() as connection:
        connection.execute("create table gemeente (gemeente_code varchar, gemeente_naam varchar, soort_gebied varchar)")
        with pytest.raises(NoPublicationError, match="Draai impact-kpi refresh"):
            read_areas(connection)
