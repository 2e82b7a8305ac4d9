"""How the sheets look: the styles that cells refer to by name, and the colours of a signal."""

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

TITLE = "Impact titel"
NOTICE = "Impact melding"
LINE = "Impact regel"
HEAD = "Impact kop"
NUMBER_HEAD = "Impact kop getal"
TEXT = "Impact tekst"
NUMBER = "Impact getal"

_INK = "1B1B1B"
_QUIET = "545B64"
_ACCENT = "154273"
_RULE = Side(style="thin", color="C9D1DB")
_FACE = "Calibri"
_SIZE = 10
_SIGNALS = {"gunstiger": ("0B5F7A", "DCEDF3"), "ongunstiger": ("9A3B00", "FBE7DB")}


def add_styles(book: Workbook) -> None:
    """Give a workbook the styles."""
    under = Border(bottom=_RULE)
    for style in (
        NamedStyle(TITLE, font=_font(_ACCENT, 16, bold=True)),
        NamedStyle(
            NOTICE,
            font=_font("FFFFFF", 12, bold=True),
            fill=PatternFill("solid", fgColor="9A3B00"),
            alignment=Alignment(horizontal="left", wrap_text=True, vertical="center", indent=1),
        ),
        NamedStyle(LINE, font=_font(_QUIET)),
        _head(HEAD, Alignment(horizontal="left", wrap_text=True, vertical="center", indent=1)),
        _head(NUMBER_HEAD, Alignment(wrap_text=True, vertical="center", horizontal="right")),
        NamedStyle(
            TEXT,
            font=_font(_INK),
            border=under,
            alignment=Alignment(horizontal="left", wrap_text=True, vertical="top", indent=1),
        ),
        NamedStyle(NUMBER, font=_font(_INK), border=under, alignment=Alignment(horizontal="right", vertical="top")),
    ):
        book.add_named_style(style)


def signal_rules() -> list[Rule]:
    """Conditional formatting of a verdict; the word stays, so that nothing hangs on colour."""
    return [
        Rule(
            type="cellIs",
            operator="equal",
            formula=[f'"{word}"'],
            dxf=DifferentialStyle(font=Font(bold=True, color=ink), fill=PatternFill("solid", bgColor=paper)),
        )
        for word, (ink, paper) in _SIGNALS.items()
    ]


def _head(name: str, alignment: Alignment) -> NamedStyle:
    fill = PatternFill("solid", fgColor=_ACCENT)
    return NamedStyle(name, font=_font("FFFFFF", bold=True), fill=fill, alignment=alignment)


def _font(color: str, size: int = _SIZE, *, bold: bool = False) -> Font:
    return Font(name=_FACE, size=size, bold=bold, color=color)
