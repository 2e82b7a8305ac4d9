"""What is pinned: it is published with the figures and kept to build them again."""

from __future__ import annotations

from pathlib import Path

from orchestration.pins import _without_places
from orchestration.settings import load_settings
from sources.results import SeriesProblem, TableResult


def test_a_remark_does_not_say_where_on_this_machine(tmp_path: Path) -> None:
    """The name of an employee's folder would be published in table `bron` and kept in bouw.json."""
    supplied, archive = tmp_path / "data" / "van J. Jansen", tmp_path / "archief"
    for folder in (supplied, archive):
        folder.mkdir(parents=True)
    settings = load_settings(
        {
            "IMPACT_KPI_DATA": str(tmp_path / "data"),
            "IMPACT_KPI_HANDMATIG": str(supplied),
            "IMPACT_KPI_SOURCES": str(archive),
        }
    )
    melding = f"{supplied}/a.csv is niet te lezen; {tmp_path}/data/recorded/lake ook niet; {archive}/odata evenmin"
    problem = SeriesProblem("s", "totaal", "b", "t", "niet_gepubliceerd", f"{Path.home()}/x is er niet")
    told = _without_places(TableResult("b", "fout", None, melding, (problem,)), settings)
    assert told.melding == (
        "IMPACT_KPI_HANDMATIG/a.csv is niet te lezen; IMPACT_KPI_DATA/recorded/lake ook niet; "
        "IMPACT_KPI_SOURCES/odata evenmin"
    )
    assert told.problems[0].melding == "~/x is er niet"
    assert _without_places(TableResult("b", "ververst", None), settings).melding is None
