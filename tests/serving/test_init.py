"""The folder an organisation starts from."""

import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from serving.errors import WrongUseError
from serving.init import start_folder


def test_the_folder_holds_all_there_is_to_fill_in(tmp_path: Path) -> None:
    """A newcomer who must guess the columns of the CSV gives up."""
    target = tmp_path / "Stichting 't Voorbeeld"
    files = start_folder(target)
    assert {path.relative_to(target).as_posix() for path in files} == {
        "profiel.yaml",
        "handmatig/cijfers.csv",
        "handmatig/LEESMIJ.txt",
        ".env.voorbeeld",
        ".gitignore",
        "sleutel.hex",
    }
    assert (target / "handmatig/cijfers.csv").read_text("utf-8") == "kpi_id,gemeente_code,jaar,waarde,eenheid,bron\n"
    assert set(yaml.safe_load((target / "profiel.yaml").read_text("utf-8"))) == {
        "organisatie",
        "gemeenten",
        "kpis",
        "werksoorten",
        "benchmark",
        "labels",
        "richtingen",
    }


def test_a_shell_reads_the_settings_back(tmp_path: Path) -> None:
    """A path with a space or a quote would be cut off, and the figures land elsewhere."""
    target = tmp_path / "Stichting 't Voorbeeld"
    start_folder(target)
    run = subprocess.run(
        [
            "sh",
            "-c",
            'set -a; . ./.env.voorbeeld; printf "%s\\n" "$IMPACT_KPI_HANDMATIG" "$IMPACT_KPI_SOURCES"',
        ],
        cwd=target,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == [str(target / "handmatig"), "live"]


def test_the_key_is_random_and_for_its_owner_only(tmp_path: Path) -> None:
    """A key that others can read, or that two organisations share, protects nobody."""
    keys = []
    for name in ("a", "b"):
        start_folder(tmp_path / name)
        path = tmp_path / name / "sleutel.hex"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        keys.append(bytes.fromhex(path.read_text("ascii").strip()))
    assert keys[0] != keys[1]
    assert {len(key) for key in keys} == {32}
    assert "sleutel.hex" in (tmp_path / "a" / ".gitignore").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", ["sleutel.hex", "profiel.yaml", "handmatig/cijfers.csv"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    """A second init would make a new key, and every pseudonym of the past would be lost."""
    start_folder(tmp_path)
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for path in kept:
        if path != tmp_path / name:
            path.unlink()
    with pytest.raises(WrongUseError, match=name):
        start_folder(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / name]
    assert (tmp_path / name).read_bytes() == kept[tmp_path / name]


def test_an_example_of_a_delivery_is_not_overwritten_either(tmp_path: Path) -> None:
    """Somebody who filled in the empty tables would lose them."""
    (tmp_path / "levering-voorbeeld").mkdir()
    with pytest.raises(WrongUseError, match="levering-voorbeeld"):
        start_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["levering-voorbeeld"]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A stack trace for a typing error."""
    (tmp_path / "x").write_text("", encoding="utf-8")
    with pytest.raises(WrongUseError, match="kan niet worden gevuld"):
        start_folder(tmp_path / "x")
