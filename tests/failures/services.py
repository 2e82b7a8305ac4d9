"""What changes at a service on the night of the fault, and how it is put right."""

from __future__ import annotations

import shutil

from sources.results import Progress
from tests.archives import CBS, Top
from tests.failures.tables import BRON_IDS, HURT, SIBLING, Shape
from tests.failures.theatre import Theatre

SUCCESSOR = "80009NED"


def next_release(theatre: Theatre) -> None:
    """The service has a new release, as it ought to be."""
    theatre.release(HURT)


def _instead(theatre: Theatre, shape: Shape) -> None:
    """The new release of tonight is served in another shape."""
    theatre.releases[HURT].pop()
    theatre.release(HURT, shape=shape)


def pad_otherwise(theatre: Theatre) -> None:
    """The rows carry another padding than the list of members."""
    _instead(theatre, Shape(row_keys={"E35   ": "E35 "}))


def renumber_columns(theatre: Theatre) -> None:
    """The figures move from column 7 to 8, and what was in 8 is in 7 now."""
    _instead(theatre, Shape(measure="Waarde_8", other="Aantal_7"))


def add_columns(theatre: Theatre) -> None:
    """Beside the column of the figures there is one of another name now, and one of its name in another unit."""
    _instead(theatre, Shape(added=(Top("Anders_1", "misdrijven"), Top("Waarde_2", "per 1 000 inwoners"))))


def rename_column(theatre: Theatre) -> None:
    """The column of the figures is called otherwise."""
    _instead(theatre, Shape(measure="Anders_7"))


def shrink(theatre: Theatre) -> None:
    """Only the country is left."""
    _instead(theatre, Shape(rows=lambda _, area, __: area == "NL01"))


def serve_singles(theatre: Theatre) -> None:
    """The figures are Singles."""
    _instead(theatre, Shape(datatype="Float"))


def double_the_rows(theatre: Theatre) -> None:
    """Every figure comes a second time, with another value."""
    _instead(theatre, Shape(doubled=True))


def publish_in_thousandths(theatre: Theatre) -> None:
    """The figures come a thousand times as large, in the same unit."""
    _instead(theatre, Shape(factor=1000))


def correct_in_silence(theatre: Theatre) -> None:
    """The figures are other ones, the stamps are those of before."""
    theatre.releases[HURT].pop()
    theatre.release(HURT, silent=True)


def stop_the_table(theatre: Theatre) -> None:
    """The table says that it is no longer renewed; another table has its successor."""
    theatre.edit(HURT, "catalog", {"Frequency": "Stopgezet", "OutputStatus": "Gediscontinueerd"})
    home = theatre.archive / "odata" / CBS
    shutil.copytree(home / SIBLING, home / SUCCESSOR)
    text = (home / SUCCESSOR / "catalog.json").read_text(encoding="utf-8").replace(SIBLING, SUCCESSOR)
    (home / SUCCESSOR / "catalog.json").write_text(text, encoding="utf-8")


def withdraw(theatre: Theatre) -> None:
    """The catalogue does not list the table any more."""
    (theatre.archive / "odata" / CBS / HURT).rename(theatre.folder / "withdrawn")


def bring_back(theatre: Theatre) -> None:
    """The catalogue lists it again."""
    (theatre.folder / "withdrawn").rename(theatre.archive / "odata" / CBS / HURT)


def name_internal_hosts(theatre: Theatre) -> None:
    """Every link of the catalogue leads to a host that only the service itself can resolve."""
    for table_id in BRON_IDS:
        link = f"https://dataderden.prod.cbsp.nl/ODataFeed/odata/{table_id}"
        theatre.edit(table_id, "catalog", {"ApiUrl": link, "FeedUrl": link})


def renew_after_first_page(theatre: Theatre) -> None:
    """As soon as the first page is in, the service has another release."""

    def watch(event: Progress) -> None:
        if (event.bron_id, event.stap, event.gedaan) == (BRON_IDS[HURT], "rijen", 1) and len(renewed) == 0:
            renewed.append(theatre.release(HURT))

    renewed: list[object] = []
    theatre.watch = watch
