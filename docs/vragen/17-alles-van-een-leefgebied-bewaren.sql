-- Alles over één leefgebied voor alle gemeenten, om te bewaren als CSV en elders verder te bekijken.
--
-- Bewaren: impact-kpi query --bestand docs/vragen/17-alles-van-een-leefgebied-bewaren.sql --uitvoer leefgebied.csv --komma
-- Let op: sorteer niet op waarde om een ranglijst te maken; gemeenten verschillen in opbouw, en veel verschillen vallen
-- binnen de onzekerheid.
select
    gemeente_code,
    gemeente_naam,
    kpi_id,
    label,
    uitsplitsing_naam,
    periode,
    waarde,
    eenheid,
    oi_laag,
    oi_hoog,
    nl_waarde,
    nl_oordeel,
    status,
    soort,
    is_modelmatig,
    ontbreekt_reden,
    bronvermelding
from v_profiel
where leefgebied = 4 and soort_gebied = 'gemeente'
order by kpi_id, gemeente_naam;
