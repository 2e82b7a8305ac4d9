"""The style sheet keeps what every page relies on: readable colours, the agreed classes, and paper."""

import re
from pathlib import Path

import pytest

from serving.site.build import ASSETS

SHEET = (ASSETS / "site.css").read_text(encoding="utf-8")
VARIABLES = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", SHEET))
AGREED = re.findall(
    r"\S+",
    """
    tabel getal stil blok rooster knop melding oordeel o-gunstiger o-ongunstiger o-vergelijkbaar o-hoger o-lager
    o-niet_vergeleken trend merk alleen-lezer zoek kruimel feiten figuur niet-printen
    """,
)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    dark, light = sorted((luminance(VARIABLES[one]), luminance(VARIABLES[two])))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_known_extremes() -> None:
    """A wrong formula would approve any colour."""
    assert (luminance("#fff") + 0.05) / (luminance("#000") + 0.05) == pytest.approx(21)


@pytest.mark.parametrize("ground", ["papier", "vlak"])
@pytest.mark.parametrize("ink", ["inkt", "accent", "gunstig", "ongunstig", "stil"])
def test_text_can_be_read_on_paper_and_on_blocks(ink: str, ground: str) -> None:
    """Who sees less well, or reads outside, could not read the figures."""
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(
    ("ink", "ground"),
    [("gunstig", "gunstig-vlak"), ("ongunstig", "ongunstig-vlak"), ("inkt", "melding-vlak"), ("papier", "accent")],
)
def test_text_can_be_read_on_its_own_ground(ink: str, ground: str) -> None:
    """A signal that cannot be read is a colour only."""
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("name", AGREED)
def test_every_agreed_class_is_styled(name: str) -> None:
    """A template that uses it would fall back to plain text."""
    assert re.search(rf"\.{name}(?![\w-])", SHEET)


@pytest.mark.parametrize("sheet", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(sheet: Path) -> None:
    """A font from another host tells that host who reads what, and the policy of the page refuses it."""
    assert not re.search(r"@import|https?:|url\((?![\"']?(?:data:|#))", sheet.read_text(encoding="utf-8"))


@pytest.mark.parametrize("sheet", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_narrow_layout_is_for_screens_only(sheet: Path) -> None:
    """A sheet of A4 is narrower than a telephone in landscape: its tables would fall apart into cards."""
    for rule in re.findall(r"@media[^{]*max-width[^{]*", sheet.read_text(encoding="utf-8")):
        assert "screen" in rule or "min-width" in rule


def test_paper_is_a4_and_keeps_the_demo_banner() -> None:
    """A printed demo profile without its banner could be taken for real."""
    paper = SHEET[SHEET.index("@media print") :]
    assert re.search(r"@page \{[^}]*size: A4", SHEET)
    hidden = re.findall(r"([^{}]+)\{\s*display: none", paper)
    assert hidden
    assert ".niet-printen" in "".join(hidden)
    assert ".melding" not in "".join(hidden)
