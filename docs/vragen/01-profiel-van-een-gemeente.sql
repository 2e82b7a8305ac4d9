-- Hoe staat Breda ervoor, per leefgebied?
--
-- Eén rij per KPI, met Nederland en de buurgroep ernaast. Let op: is waarde leeg, dan zegt ontbreekt_reden waarom; dat is
-- geen nul. Een oordeel is een signaal om te bespreken. Elke KPI heeft zijn eigen periode.
select
    leefgebied_naam,
    kpi_id,
    label,
    waarde,
    eenheid,
    periode,
    nl_waarde,
    nl_oordeel,
    buurgroep_oordeel,
    trend,
    status,
    ontbreekt_reden
from v_profiel
where gemeente_naam = 'Breda' and familie = 'impact' and gekozen
order by leefgebied, kpi_id;
