-- Wat valt in Breda op naast Nederland, ongunstig en gunstig?
--
-- Neem altijd beide soorten mee. grond zegt hoe stevig een punt staat: getoetst (verschil en trend), trend_niet_te_bepalen
-- (alleen het verschil) of positie (een register, niet getoetst). Een verwante KPI is geen oorzaak en geen oplossing.
select
    soort_punt,
    grond,
    leefgebied_naam,
    kpi_id,
    kpi_naam,
    waarde,
    benchmark_waarde,
    eenheid,
    periode,
    trend,
    trend_sinds,
    verwante_kpis
from aandachtspunten
where gemeente_naam = 'Breda'
order by soort_punt, grond, leefgebied, kpi_id;
