-- Welke gepubliceerde cijfers van Breda zijn later herzien, van wat naar wat?
--
-- Een nieuw jaar is geen revisie. Leeg betekent: sinds de eerste publicatie is er voor deze gemeente niets herzien.
select
    revisie.gezien_op,
    revisie.kpi_id,
    revisie.uitsplitsing,
    revisie.periode,
    revisie.soort_wijziging,
    revisie.oude_waarde,
    revisie.nieuwe_waarde,
    revisie.nieuwe_eenheid,
    revisie.bron_id,
    revisie.toelichting
from kpi_revisie as revisie
inner join gemeente on revisie.gemeente_code = gemeente.gemeente_code
where gemeente.gemeente_naam = 'Breda'
order by revisie.gezien_op desc, revisie.kpi_id, revisie.periode;
