"""Values against what their unit allows: a share of 140 % or a negative count is another column or another unit.

The unit is that of the service (`eenheid` in series.csv), so values are checked as published, before the multiplier.
Bounds of intervals are left out: a symmetric interval around a small share may reach below zero.
"""

from __future__ import annotations

from sources.edition_checks.model import EXAMPLES, EditionCheck, feeds, show
from sources.edition_checks.subject import Subject

NAME = "bereik"


def check(subject: Subject) -> EditionCheck:
    """Refuse an edition with a figure outside the range of its unit in unit_range.csv."""
    if subject.context is None or not subject.parts or subject.series is None:
        return EditionCheck(NAME, passed=True)
    bad = []
    for unit in subject.context.expectations.units.values():
        bad += subject.rows(
            """
            select series_id, measure, dimensions, eenheid, ?::double as laagste, ?::double as hoogste from cell
            where eenheid = ? and (lowest < ? or highest > ?)
            """,
            [unit.laagste, unit.hoogste, unit.eenheid, unit.laagste, unit.hoogste],
        )
    if not bad:
        return EditionCheck(NAME, passed=True)
    columns = {(measure, dimensions, low, high) for _, measure, dimensions, _, low, high in bad}
    subject.database.execute(
        "create or replace temp table bad (measure varchar, dimensions varchar, laagste double, hoogste double)"
    )
    subject.database.executemany("insert into bad values (?, ?, ?, ?)", [list(column) for column in sorted(columns)])
    found = subject.rows(
        f"""
        select ref_area, time_period, measure, obs_value, count(*) over () as aantal
        from read_parquet(?, union_by_name = true) inner join bad using (measure, dimensions)
        where obs_value < laagste or obs_value > hoogste
        order by ref_area, time_period, measure limit {EXAMPLES}
        """,
        [list(subject.parts)],
    )
    _, _, _, eenheid, low, high = bad[0]
    shown = "; ".join(f"{area} {period} {measure} {show(value)}" for area, period, measure, value, _ in found)
    return EditionCheck(
        NAME,
        passed=False,
        severity="fout",
        melding=(
            f"{feeds(subject.context, (row[0] for row in bad))}: {subject.table}, verwacht {show(low)} tot "
            f"{show(high)} ({eenheid}), gevonden {found[0][4]} waarden daarbuiten: {shown}. Vergelijk "
            "met StatLine; is de eenheid veranderd, pas dan series.csv aan; staat de eenheid dit toe, dan "
            "unit_range.csv"
        ),
        facts={"waarden_buiten_bereik": int(found[0][4]), "laagste": low, "hoogste": high},
    )
