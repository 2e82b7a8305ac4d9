-- Voor welke KPI's zijn er cijfers, voor hoeveel gemeenten, en waarom ontbreken de andere?
--
-- reden zegt het in woorden. eigen_levering_nodig: er is geen open bron, de organisatie kan het zelf aanleveren.
select
    kpi.familie,
    kpi.leefgebied_naam,
    kpi_dekking.kpi_id,
    kpi.label,
    kpi_dekking.status,
    kpi_dekking.gemeenten_met_waarde,
    kpi_dekking.gemeenten_totaal,
    kpi_dekking.nieuwste_periode,
    kpi_dekking.reden
from kpi_dekking
inner join kpi on kpi_dekking.kpi_id = kpi.kpi_id and kpi_dekking.model_versie = kpi.model_versie
where kpi.geldend
order by kpi_dekking.status, kpi.familie, kpi.leefgebied, kpi_dekking.kpi_id;
