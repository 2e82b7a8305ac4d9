"""Rules between accepted rows that only warn: what does not fit together is counted and shown, and stays as it is.

The rules that send a row to quarantine are not here: those of one row are applied while reading (`row_rules`), those
between rows in `checks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sources.activity.checks import Judging, accepted_view, is_checked, soft_reference_counts

# More than this is no working week of one person; a little above one full week happens with extra hours.
MOST_FTE = 1.2
# A table with this share fewer rows than in the previous delivery is worth a question.
LARGEST_DROP = 0.2


@dataclass(frozen=True, slots=True)
class Warn:
    """One thing that does not fit, counted.

    Attributes:
        tabel: table that it is about.
        regel_code: X1 and further, or the kind of remark.
        aantal: rows, cases or people.
        tekst: Dutch sentence.
    """

    tabel: str
    regel_code: str
    aantal: int
    tekst: str


@dataclass(frozen=True, slots=True)
class _Rule:
    tabel: str
    regel_code: str
    needs: tuple[str, ...]
    count: str
    tekst: str


_RULES = (
    _Rule(
        "casus_complexiteit",
        "X1",
        ("casus", "casus_complexiteit"),
        """
        SELECT COUNT(*) FROM (
            SELECT k.casus_id, MIN(k.vanaf) AS eerste FROM {casus_complexiteit} AS k GROUP BY k.casus_id
        ) AS k INNER JOIN {casus} AS c ON c.casus_id = k.casus_id WHERE k.eerste <> c.startdatum
        """,
        "{n} casussen hebben een eerste complexiteit die niet op de startdatum van de casus begint",
    ),
    _Rule(
        "casus_complexiteit",
        "X2",
        ("casus_complexiteit",),
        """
        SELECT COUNT(*) FROM (
            SELECT complexiteit = LAG(complexiteit) OVER (PARTITION BY casus_id ORDER BY vanaf) AS gelijk
            FROM {casus_complexiteit}
        ) WHERE gelijk
        """,
        "{n} regels herhalen de complexiteit van de regel ervoor; ze tellen niet als wijziging",
    ),
    _Rule(
        "interventie",
        "X3",
        ("casus", "interventie"),
        "SELECT COUNT(*) FROM {interventie} AS i INNER JOIN {casus} AS c ON c.casus_id = i.casus_id "
        "WHERE i.startdatum < c.startdatum",
        "{n} interventies beginnen vóór hun casus",
    ),
    _Rule(
        "nazorgmeting",
        "X4",
        ("interventie", "nazorgmeting"),
        "SELECT COUNT(*) FROM {nazorgmeting} AS m INNER JOIN {interventie} AS i ON i.interventie_id = m.interventie_id "
        "WHERE i.einddatum IS NULL OR m.datum < i.einddatum",
        "{n} nazorgmetingen liggen vóór het einde van de interventie; ze tellen niet mee in A 36 en A 38",
    ),
    _Rule(
        "signaal",
        "X9",
        ("signaal", "casus"),
        "SELECT COUNT(*) FROM {signaal} AS s WHERE s.datum_afgehandeld IS NULL "
        "AND s.signaal_id NOT IN (SELECT c.signaal_id FROM {casus} AS c WHERE c.signaal_id IS NOT NULL)",
        "{n} signalen zijn niet afgehandeld en hebben geen casus; ze staan als wachtend in A 3",
    ),
    _Rule(
        "casus",
        "X12",
        ("signaal", "casus"),
        "SELECT COUNT(*) FROM {casus} AS c INNER JOIN {signaal} AS s ON s.signaal_id = c.signaal_id "
        "WHERE c.startdatum < s.datum_ontvangen",
        "{n} casussen beginnen vóór hun signaal; ze tellen niet mee in A 4",
    ),
    _Rule(
        "medewerker_inzet",
        "X13",
        ("medewerker", "medewerker_inzet"),
        "SELECT COUNT(*) FROM {medewerker_inzet} AS i "
        "INNER JOIN {medewerker} AS m ON m.medewerker_id = i.medewerker_id "
        "WHERE i.van < m.in_dienst_van OR (m.in_dienst_tot IS NOT NULL AND COALESCE(i.tot, DATE '9999-12-31') "
        "> m.in_dienst_tot)",
        "{n} regels vallen (deels) buiten het dienstverband van de medewerker",
    ),
    _Rule(
        "medewerker_inzet",
        "X13",
        ("medewerker_inzet",),
        """
        SELECT COUNT(DISTINCT medewerker_id) FROM (
            SELECT d.medewerker_id, d.van FROM (SELECT DISTINCT medewerker_id, van FROM {medewerker_inzet}) AS d
            INNER JOIN {medewerker_inzet} AS i
                ON i.medewerker_id = d.medewerker_id AND i.van <= d.van AND (i.tot IS NULL OR i.tot > d.van)
            GROUP BY ALL HAVING SUM(i.fte) > {most_fte}
        )
        """,
        "{n} medewerkers zijn op een dag voor meer dan 1,2 fte ingezet",
    ),
    _Rule(
        "urenregistratie",
        "X14",
        ("urenregistratie",),
        "SELECT COUNT(*) FROM {urenregistratie} WHERE soort = 'interventie' AND interventie_id IS NULL",
        "{n} regels van soort interventie horen bij geen (bekende) interventie",
    ),
    _Rule(
        "urenregistratie",
        "X14",
        ("urenregistratie",),
        "SELECT COUNT(*) FROM {urenregistratie} WHERE soort = 'casus' AND casus_id IS NULL",
        "{n} regels van soort casus horen bij geen (bekende) casus",
    ),
    _Rule(
        "interventie",
        "X16",
        ("interventie",),
        "SELECT COUNT(*) FROM {interventie} AS v INNER JOIN {interventie} AS e "
        "ON e.interventie_id = v.vervolg_op_interventie_id WHERE e.einddatum IS NULL OR e.einddatum > v.startdatum",
        "{n} vervolginterventies beginnen voordat de eerdere was afgelopen; ze tellen niet mee in A 39",
    ),
)


def find_warnings(judging: Judging, peildatum: date) -> list[Warn]:
    """Count what does not fit together in the accepted rows.

    A rule whose table was not delivered is skipped, and that is said too.
    """
    found = [_soft_reference(judging, *reference) for reference in soft_reference_counts(judging)]
    found += [_unchecked(judging)] if _partner_unknown(judging) else []
    for rule in _RULES:
        missing = [tabel for tabel in rule.needs if tabel not in judging.delivered]
        if missing and rule.tabel in judging.delivered:
            tekst = f"regel {rule.regel_code} is overgeslagen: {', '.join(missing)} is niet geleverd"
            found.append(Warn(rule.tabel, rule.regel_code, 0, tekst))
        elif not missing:
            found += _apply(judging, rule)
    if {"signaal", "casus"} <= set(judging.delivered):
        found += _age_of_open_signals(judging, peildatum)
    if "interventie" in judging.delivered:
        found += _circles(judging)
    return list(dict.fromkeys(found))


def _apply(judging: Judging, rule: _Rule) -> list[Warn]:
    views = {tabel: accepted_view(tabel) for tabel in rule.needs}
    number = judging.count(rule.count.format(**views, most_fte=MOST_FTE))
    return [Warn(rule.tabel, rule.regel_code, number, rule.tekst.format(n=number))] if number else []


def _soft_reference(judging: Judging, tabel: str, kolom: str, parent: str, number: int) -> Warn:
    why = "die er niet in staat" if parent in judging.delivered else "en die tabel is niet geleverd"
    effect = (
        "personen blijven te onderscheiden, hun kenmerken zijn onbekend"
        if parent == "deelnemer"
        else "de waarde blijft staan"
        if parent in ("medewerker", "methodiek")
        else "de verwijzing telt als leeg"
    )
    return Warn(tabel, f"FK {kolom}", number, f"{number} regels noemen in {kolom} een {parent} {why}; {effect}")


def _partner_unknown(judging: Judging) -> bool:
    return any(
        not is_checked(judging, column)
        for tabel in judging.delivered
        for column in judging.contract.tables[tabel].columns
    )


def _unchecked(judging: Judging) -> Warn:
    tabel = next(
        tabel
        for tabel in judging.contract.tables
        if tabel in judging.delivered
        and any(not is_checked(judging, column) for column in judging.contract.tables[tabel].columns)
    )
    return Warn(tabel, "FK partner_id", 0, "partner is niet geleverd: de partners die hier staan, tellen zonder soort")


def _age_of_open_signals(judging: Judging, peildatum: date) -> list[Warn]:
    """How long the open signals have been open: those of years ago are rarely people who wait."""
    row = judging.connection.execute(
        f"""
        SELECT COUNT(*) FILTER (dagen > 365), COUNT(*) FILTER (dagen BETWEEN 183 AND 365)
        FROM (
            SELECT DATE '{peildatum}' - s.datum_ontvangen AS dagen FROM {accepted_view("signaal")} AS s
            WHERE s.datum_afgehandeld IS NULL AND s.signaal_id NOT IN (
                SELECT c.signaal_id FROM {accepted_view("casus")} AS c WHERE c.signaal_id IS NOT NULL
            )
        )
        """
    ).fetchone()
    year, half = (int(row[0]), int(row[1])) if row else (0, 0)
    if not year + half:
        return []
    tekst = f"van de open signalen zijn er {year} ouder dan een jaar en {half} een half tot een heel jaar oud"
    return [Warn("signaal", "X9", year + half, f"{tekst}; vul datum_afgehandeld als er geen casus meer komt")]


def _circles(judging: Judging) -> list[Warn]:
    """Interventions that, link by link, follow up on themselves.

    Whatever nothing points at, or points at nothing left, is in no circle; what cannot be taken away is.
    """
    view = accepted_view("interventie")
    judging.run(
        f"CREATE TEMP TABLE schakel AS SELECT interventie_id AS van, vervolg_op_interventie_id AS naar FROM {view} "
        "WHERE vervolg_op_interventie_id IS NOT NULL"
    )
    left, before = judging.count("SELECT COUNT(*) FROM schakel"), -1
    while left != before:
        before = left
        judging.run("DELETE FROM schakel WHERE naar NOT IN (SELECT van FROM schakel)")
        judging.run("DELETE FROM schakel WHERE van NOT IN (SELECT naar FROM schakel)")
        left = judging.count("SELECT COUNT(*) FROM schakel")
    judging.run("DROP TABLE schakel")
    if not left:
        return []
    tekst = f"{left} interventies volgen via hun verwijzingen op zichzelf; ze tellen niet mee in A 39"
    return [Warn("interventie", "X16", left, tekst)]


def compare_sizes(before: dict[str, int], now: dict[str, int]) -> list[Warn]:
    """Warn of tables that are much smaller than in the delivery before (rule X17).

    Args:
        before: rows read per table in the current delivery.
        now: rows read per table in the new one.
    """
    found = []
    for tabel, rows in now.items():
        earlier = before.get(tabel, 0)
        if earlier and rows < (1 - LARGEST_DROP) * earlier:
            share = round(100 * (earlier - rows) / earlier)
            tekst = f"{rows} rijen, in de vorige levering {earlier}: {share} % minder"
            found.append(Warn(tabel, "X17", earlier - rows, tekst))
    return found


def skipped_additions(judging: Judging, given: set[tuple[str, str]]) -> list[Warn]:
    """Say which optional columns of delivered tables are absent, and so which rules cannot be applied."""
    found = []
    for tabel in judging.contract.tables:
        if tabel not in judging.delivered:
            continue
        absent = [
            column.kolom
            for column in judging.contract.tables[tabel].columns
            if column.toevoeging and (tabel, column.kolom) not in given
        ]
        if absent:
            tekst = f"niet geleverd: {', '.join(absent)}; de regels die dat nodig hebben, zijn overgeslagen"
            found.append(Warn(tabel, "toevoeging", 0, tekst))
    return found
