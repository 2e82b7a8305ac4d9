"""The dbt project itself: contracts, documentation, storage, and the rules its SQL keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.dbt_project.conftest import PROJECT, Build

pytestmark = pytest.mark.xdist_group("dbt")

PUBLISHED = {
    "aandachtspunten",
    "bron",
    "buurgroep",
    "buurgroep_kenmerk",
    "gemeente",
    "kpi",
    "kpi_dekking",
    "kpi_gemeente",
    "kpi_trend",
    "kpi_vergelijking",
    "kpi_waarde",
    "kpi_waarde_bron",
    "resultaatketen",
    "resultaatketen_schakel",
}
# Made of published tables, for other published tables.
AFTER_THE_MARTS = {"samenvatting", "publicatie", "vergelijking"}
MODELS = sorted((PROJECT / "models").rglob("*.sql"))


def _models(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


def test_the_exposure_names_exactly_the_marts(manifest: Mapping[str, Any]) -> None:
    """A mart would be built and never published, or an intermediate table would reach an advisor."""
    (exposure,) = manifest["exposures"].values()
    assert exposure["name"] == "kpi_mart"
    assert exposure["owner"]["name"]
    published = {name.rsplit(".", 1)[-1] for name in exposure["depends_on"]["nodes"]}
    marts = {name for name, node in _models(manifest).items() if node["fqn"][1] == "marts"}
    assert published == marts == PUBLISHED


@pytest.mark.parametrize("table", sorted(PUBLISHED))
def test_documented_columns_equal_the_columns_of_the_table(
    build: Build, manifest: Mapping[str, Any], table: str
) -> None:
    """A column would be handed out without its meaning, or described without being there."""
    found = build.query(
        "select column_name, comment from duckdb_columns() where schema_name = 'marts' and table_name = ? "
        "order by column_index",
        table,
    )
    model = _models(manifest)[table]
    assert [name for name, _ in found] == list(model["columns"])
    assert [name for name, comment in found if not comment] == []
    assert build.one("select comment from duckdb_tables() where schema_name = 'marts' and table_name = ?", table)[0]


@pytest.mark.parametrize("table", sorted(PUBLISHED))
def test_every_mart_has_an_enforced_contract_and_a_key(build: Build, manifest: Mapping[str, Any], table: str) -> None:
    """A changed type or a doubled row would reach advisors."""
    model = _models(manifest)[table]
    assert model["config"]["contract"]["enforced"] is True
    assert all(column["data_type"] for column in model["columns"].values())
    key = ", ".join(model["config"]["meta"]["sleutel"])
    rows, distinct = build.one(f"select count(*), count(distinct ({key})) from {table}")
    assert rows == distinct


def test_every_model_and_column_is_described(manifest: Mapping[str, Any], build: Build) -> None:
    """A stranger could not tell what a row is."""
    for name, model in _models(manifest).items():
        assert model["description"].strip(), name
        assert model["config"]["meta"].get("owner"), name
        described = {column for column, node in model["columns"].items() if node["description"].strip()}
        found = {
            column
            for (column,) in build.query(
                "select column_name from duckdb_columns() where schema_name = ? and table_name = ?",
                model["schema"],
                model["alias"],
            )
        }
        assert described == found, name


def test_the_warehouse_opens_in_older_clients(build: Build) -> None:
    """DuckDB 2 writes a format that no 1.x client opens unless it is told otherwise."""
    version = build.one("select tags['storage_version'] from duckdb_databases() where database_name = 'read'")[0]
    assert version.startswith("v1.0.0")


def test_no_published_column_has_a_time_zone(build: Build) -> None:
    """Fetching it in Python would need a package that readers do not have."""
    assert (
        build.query(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = 'marts' and data_type like '%TIME ZONE%'"
        )
        == []
    )


def test_every_source_has_an_asset_a_licence_and_a_cadence(manifest: Mapping[str, Any]) -> None:
    """A family would hang loose in the asset graph, or be published without its licence."""
    sources = {source["name"]: source for source in manifest["sources"].values()}
    assert {name for name, source in sources.items() if source["source_name"] == "lake"} == {
        "beschermd",
        "cbs",
        "rivm",
        "politie",
        "leefbaarometer",
        "handmatig",
        "gebieden",
        "herindeling",
        "editie",
        "reeks_selectie",
        "reeks_probleem",
        "profiel",
        "profiel_kpi",
        "profiel_gemeente",
        "profiel_werksoort",
    }
    for name, source in sources.items():
        meta = source["config"]["meta"]
        family = name if source["source_name"] == "lake" else source["source_name"]
        assert meta["dagster"]["asset_key"] == ["lake", family]
        assert source["loader"]
        assert {"licentie", "bronvermelding", "ritme", "verwachte_versheid"} <= set(meta), name


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_no_year_table_or_gemeente_stands_in_the_sql(path: Any) -> None:
    """Adding a year, a table or a merger would need code instead of a row in the registry."""
    sql = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    assert re.findall(r"\b(?:19|20)\d\d\b|\b\d{5}(?:NED|ned)\b|\bGM\d{4}\b|'NL'", sql) == []


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_standard_deviation_does_not_hang_on_the_order_of_the_rows(path: Any) -> None:
    """Its last digit would differ from night to night: a revision of a figure that nobody revised."""
    assert re.findall(r"\b(?:stddev|variance|var_)\w*\s*\(", path.read_text(encoding="utf-8")) == []


def test_only_staging_reads_the_lake(manifest: Mapping[str, Any]) -> None:
    """A mart would depend on how a source spells its codes."""
    readers = {
        name
        for name, model in _models(manifest).items()
        if any(parent.startswith("source.") for parent in model["depends_on"]["nodes"])
    }
    assert readers == {name for name in _models(manifest) if name.startswith("stg_")}


def test_intermediate_models_know_no_mart(manifest: Mapping[str, Any]) -> None:
    """Meaning would hide in a published table, where nobody looks for it."""
    models = _models(manifest)
    for name, model in models.items():
        parents = {parent.rsplit(".", 1)[-1] for parent in model["depends_on"]["nodes"]}
        if name.startswith(("stg_", "int_")) and not AFTER_THE_MARTS & set(model["fqn"]):
            assert not parents & PUBLISHED, name


def test_the_spread_of_marks_stops_before_protection(build: Build, manifest: Mapping[str, Any]) -> None:
    """Mean, number and spread of three marks give the marks away: protection would not know that it hands them out."""
    holders = {
        name for (name,) in build.query("select table_name from duckdb_columns() where column_name = 'spreiding'")
    }
    beyond = {
        node["alias"]
        for node in _models(manifest).values()
        if node["fqn"][1] == "marts" or {"bescherming", "publicatie"} & set(node["fqn"])
    }
    assert "int_eigen_waarde" in holders
    assert "int_eigen_te_publiceren" in beyond
    assert not holders & beyond


def test_every_environment_variable_has_a_default() -> None:
    """Parsing would fail on a machine without our settings."""
    files = [*PROJECT.glob("*.yml"), *(PROJECT / "macros").glob("*.sql"), *MODELS]
    for path in files:
        for call in re.findall(r"env_var\(([^)]*)\)", path.read_text(encoding="utf-8")):
            assert "," in call, f"{path.name}: env_var({call})"


def test_the_project_is_no_python_package_and_needs_no_dbt_package() -> None:
    """It would be imported as a plugin of dbt, or want the network for its packages."""
    assert not (PROJECT / "__init__.py").exists()
    assert not (PROJECT / "packages.yml").exists()
    assert not (PROJECT / "dependencies.yml").exists()
    assert list(PROJECT.parent.glob("dbt_*.py")) == []
