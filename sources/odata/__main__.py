"""`python -m sources.odata`: download a whole OData table, to look at it before it joins the registry."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from sources.errors import RejectedError, SourceError
from sources.http import HttpSettings, Transport
from sources.odata.client import Client
from sources.odata.whole_table import ROWS, WholeTable, download_table
from sources.services import LIVE, Services

_HOST = "opendata.cbs.nl"
_DEMO = "demo"
_REGISTRY = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "registry"
_DONE, _FAILED, _WRONG_USE = 0, 1, 2


class _WrongUseError(Exception):
    """What was asked cannot be done as it was asked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Download one table.

    Returns:
        0 when it is complete, 1 when the service or the disk did not give it, 2 after wrong use.
    """
    try:
        options = _parser().parse_args(arguments)
        target = _free(Path(options.naar).resolve() / options.tabel)
        with _services(options.bron) as services, Transport(HttpSettings(contact=options.contact)) as transport:
            table = download_table(Client(options.host, services, transport), options.tabel, target, on_page=_progress)
    except SystemExit as ended:
        # --help, or a command line that the parser refused and said so.
        return _WRONG_USE if ended.code else _DONE
    except _WrongUseError as error:
        return _say(str(error), _WRONG_USE)
    except RejectedError as error:
        hint = "Klopt de spelling van de tabel (hoofdletters tellen) en de host?"
        return _say(f"{error}. {hint}", _FAILED)
    except (SourceError, OSError) as error:
        return _say(str(error), _FAILED)
    except KeyboardInterrupt:
        return _say("Afgebroken; er is niets bewaard.", _FAILED)
    _report(table)
    return _DONE


class _Parser(argparse.ArgumentParser):
    """Dutch where argparse itself speaks English."""

    def format_help(self) -> str:
        """The help."""
        text = super().format_help()
        for english, dutch in (("usage:", "gebruik:"), ("positional arguments:", "wat:"), ("options:", "opties:")):
            text = text.replace(english, dutch, 1)
        return text

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - in English
        """Refuse the command line."""
        usage = self.format_usage().replace("usage:", "gebruik:", 1)
        self.exit(_WRONG_USE, f"Deze opdracht klopt niet of is niet af. {usage}Zie ook --help.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m sources.odata",
        description="Haal een hele OData-tabel op als Parquet, met bewijs dat alle rijen er zijn.",
        epilog="Exitstatus: 0 compleet, 1 niet gelukt (er blijft niets achter), 2 verkeerd gebruik.",
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="help", help="toon deze hulp")
    parser.add_argument("tabel", help="id van de tabel, zoals de dienst die spelt (84799NED, 03759ned)")
    parser.add_argument(
        "--host", default=_HOST, help="dienst (standaard: %(default)s; politie en RIVM: dataderden.cbs.nl)"
    )
    parser.add_argument("--naar", required=True, help="map waarin een map met de naam van de tabel komt")
    parser.add_argument(
        "--bron", default=LIVE, help="live (standaard), demo, een archiefmap of het adres van een nagespeelde dienst"
    )
    parser.add_argument("--contact", help="adres of pagina in de naam waarmee de dienst gevraagd wordt")
    return parser


def _free(target: Path) -> Path:
    if target.exists():
        raise _WrongUseError(f"{target} bestaat al; verwijder die map of kies een andere met --naar")
    return target


@contextmanager
def _services(source: str) -> Iterator[Services]:
    """The services that a value of `--bron` names; an archive is served over loopback meanwhile."""
    if source == LIVE:
        yield Services.live()
        return
    if "://" in source:
        try:
            services = Services.at(source)
        except ValueError:
            raise _WrongUseError(f"--bron {source}: geen adres; verwacht iets als http://127.0.0.1:8080") from None
        yield services
        return
    # Imported here: the live services need no server and no generator.
    from sources.replay.demo import ensure_demo_archive  # noqa: PLC0415
    from sources.replay.server import ReplayServer  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="impact-kpi-") as work:
        archive = ensure_demo_archive(Path(work) / _DEMO, _REGISTRY) if source == _DEMO else Path(source).resolve()
        if not (archive / "archive.json").is_file():
            raise _WrongUseError(
                f"--bron {source}: daar is geen archive.json; verwacht live, demo, een map of een adres"
            )
        with ReplayServer(archive) as server:
            yield Services.at(server.base_url)


def _progress(done: int, total: int | None) -> None:
    of = "" if total is None else f" van {total}"
    end = "\n" if done == total else "\r"
    sys.stderr.write(f"pagina {done}{of}{end}")
    sys.stderr.flush()


def _report(table: WholeTable) -> None:
    sys.stdout.write(
        f"{table.table_id}: {table.title}\n"
        f"{table.rows} rijen, {table.columns} kolommen, Modified {table.modified}; "
        f"{table.bytes / 1e6:.2f} MB over de lijn\n"
        f"{table.folder / ROWS}: select * from read_parquet('{table.folder / ROWS}/*.parquet')\n"
    )
    for warning in table.warnings:
        sys.stdout.write(f"let op: {warning}\n")


def _say(message: str, status: int) -> int:
    sys.stderr.write(f"{message}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
