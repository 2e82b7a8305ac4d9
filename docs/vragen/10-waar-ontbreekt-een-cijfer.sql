-- Van welke KPI's heeft een gemeente geen cijfer, en waarom niet?
--
-- Geen cijfer is geen nul. onderdrukt: te klein om te tonen; geheim_bron: de bron houdt het geheim of noemt het
-- onbetrouwbaar; de hele lijst staat bij kolom ontbreekt_reden.
select
    leefgebied_naam,
    kpi_id,
    label,
    ontbreekt_reden
from v_profiel
where gemeente_naam = '''s-Gravenhage' and waarde is null
order by ontbreekt_reden, leefgebied, kpi_id;
