"""Which tables are published and what their contract is, read from the dbt manifest."""

from pathlib import Path
from typing import Any

import pytest

from serving.errors import PublicationError
from serving.tables import PublishedTable, published_tables
from tests.serving.conftest import TABLES, Mini

BRON = "model.impact_kpi.bron"


def test_published_tables_come_in_order_of_name_with_their_contract(mini: Mini) -> None:
    """Order, key and type decide what the files look like."""
    tables = {table.name: table for table in published_tables(mini.manifest)}
    assert list(tables) == sorted(TABLES)
    assert tables["kpi"].key == ("kpi_id", "model_versie")
    assert (tables["kpi"].schema, tables["kpi"].relation) == ("marts", "kpi")
    column = next(column for column in tables["kpi_waarde"].columns if column.name == "waarde")
    assert (column.name, column.data_type, column.is_volatile) == ("waarde", "double", False)
    assert column.description == "Kolom waarde van kpi_waarde (proef)."


def test_publicatie_and_what_is_no_model_are_left_out(mini: Mini) -> None:
    """The table publicatie is written by the publication; a seed in the exposure is not a mart."""

    def edit(content: dict[str, Any]) -> None:
        nodes = content["nodes"]
        nodes["model.impact_kpi.publicatie"] = nodes[BRON] | {"name": "publicatie"}
        nodes["seed.impact_kpi.kpi"] = {}
        content["exposures"]["exposure.impact_kpi.kpi_mart"]["depends_on"]["nodes"] = [*nodes]

    mini.write_manifest(edit)
    assert "publicatie" not in {table.name for table in published_tables(mini.manifest)}


def _bron(mini: Mini) -> PublishedTable:
    return next(table for table in published_tables(mini.manifest) if table.name == "bron")


@pytest.mark.parametrize(
    "node",
    [
        {"constraints": [{"type": "primary_key", "columns": ["bron_id"]}]},
        {"config": {"meta": {"sleutel": ["bron_id"]}}},
        {"primary_key": ["bron_id"]},
    ],
    ids=["contract", "meta", "inferred"],
)
def test_the_key_is_found_wherever_dbt_keeps_it(mini: Mini, node: dict[str, Any]) -> None:
    """Without its key a table would be unordered and doubled rows unseen."""

    def edit(content: dict[str, Any]) -> None:
        content["nodes"][BRON] |= {"constraints": [], "config": {}} | node

    mini.write_manifest(edit)
    assert _bron(mini).key == ("bron_id",)


def test_a_key_on_a_column_counts_too(mini: Mini) -> None:
    """The short spelling of a contract is a key all the same."""

    def edit(content: dict[str, Any]) -> None:
        content["nodes"][BRON]["config"] = {}
        content["nodes"][BRON]["columns"]["bron_id"]["constraints"] = [{"type": "primary_key"}]

    mini.write_manifest(edit)
    assert _bron(mini).key == ("bron_id",)


def test_a_column_without_a_description_names_itself(mini: Mini) -> None:
    """A stranger must be able to read every column."""

    def edit(content: dict[str, Any]) -> None:
        content["nodes"][BRON]["columns"]["staat"]["description"] = " "

    mini.write_manifest(edit)
    with pytest.raises(PublicationError, match=r"bron .*columns staat without a description"):
        published_tables(mini.manifest)


def test_a_missing_manifest_says_how_to_make_it(tmp_path: Path) -> None:
    """On a fresh clone there is none (B3)."""
    with pytest.raises(PublicationError, match="dbt parse"):
        published_tables(tmp_path / "manifest.json")


def test_half_a_manifest_says_so(tmp_path: Path) -> None:
    """A killed dbt leaves a file that is no JSON."""
    path = tmp_path / "manifest.json"
    path.write_text('{"nodes": ', encoding="utf-8")
    with pytest.raises(PublicationError, match="no JSON"):
        published_tables(path)


def test_without_the_exposure_the_others_are_named(mini: Mini) -> None:
    """A renamed exposure would publish nothing."""
    mini.write_manifest(lambda content: content["exposures"]["exposure.impact_kpi.kpi_mart"].update(name="mart"))
    with pytest.raises(PublicationError, match=r"no exposure kpi_mart .*found: mart"):
        published_tables(mini.manifest)


def test_an_exposure_without_models_is_refused(mini: Mini) -> None:
    """An empty publication would replace a full one."""
    mini.write_manifest(
        lambda content: content["exposures"]["exposure.impact_kpi.kpi_mart"].update(depends_on={"nodes": []})
    )
    with pytest.raises(PublicationError, match="names no models"):
        published_tables(mini.manifest)
