-- Welke KPI's zijn een benadering (proxy) of een schatting met een model, en wat zeggen zij niet?
--
-- Een proxy meet iets dat er dicht bij ligt; kanttekening zegt wat. Bij een schatting met een model zeggen kleine verschillen
-- niets.
select
    leefgebied_naam,
    kpi_id,
    label,
    soort,
    is_modelmatig,
    kanttekening,
    bronvermelding
from kpi
where geldend and (soort = 'proxy' or is_modelmatig)
order by leefgebied, kpi_id;
