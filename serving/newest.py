"""The newest figure of each KPI, uitsplitsing and area, with what it was compared with.

What pages, the page that compares and workbooks all read, so that none of them can join it in another way.
"""

# The stored comparison of exactly this figure: a figure without one is not compared.
_COMPARED = """
left join kpi_vergelijking as {name}
    on figure.kpi_id = {name}.kpi_id and figure.model_versie = {name}.model_versie
    and figure.uitsplitsing = {name}.uitsplitsing and figure.gemeente_code = {name}.gemeente_code
    and figure.periode = {name}.periode and {name}.benchmark_type = '{name}'
"""
_COMPARISON = """
    {name}.benchmark_naam as {name}_naam, {name}.benchmark_waarde as {name}_benchmark,
    {name}.vergelijkingswaarde as {name}_vergeleken, {name}.vergelijkingseenheid as {name}_eenheid,
    {name}.verschil as {name}_verschil, {name}.oordeel as {name}_oordeel, {name}.reden as {name}_reden,
    {name}.positie as {name}_positie, {name}.oi_laag as {name}_laag, {name}.oi_hoog as {name}_hoog
"""
# Columns of kpi_gemeente; kpi_gekozen (whatever the area); trend_sinds; and per benchmark, with `nl_` and `buurgroep_`
# before it: naam, benchmark (its figure), vergeleken (this figure as it was compared), eenheid, verschil, oordeel,
# reden, positie, laag and hoog (interval of the figure as it was compared). Only of the KPI model that applies.
NEWEST = f"""
select
    figure.*, kpi.gekozen as kpi_gekozen, kpi_trend.van_periode as trend_sinds,
    {_COMPARISON.format(name="nl")}, {_COMPARISON.format(name="buurgroep")}
from kpi_gemeente as figure
inner join kpi on figure.kpi_id = kpi.kpi_id and figure.model_versie = kpi.model_versie and kpi.geldend
{_COMPARED.format(name="nl")}
{_COMPARED.format(name="buurgroep")}
left join kpi_trend
    on figure.kpi_id = kpi_trend.kpi_id and figure.model_versie = kpi_trend.model_versie
    and figure.uitsplitsing = kpi_trend.uitsplitsing and figure.gemeente_code = kpi_trend.gemeente_code
"""
