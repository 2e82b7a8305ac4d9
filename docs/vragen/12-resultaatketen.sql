-- Van inzet naar resultaat: wie bereikt de organisatie in Breda per leefgebied, wat zeggen deelnemers, en hoe staat de
-- gemeente ervoor?
--
-- Een keten is een manier van kijken, geen bewijs: dat iets naast elkaar staat, wil niet zeggen dat het een van het ander
-- komt. Per schakel: tabel resultaatketen_schakel.
select
    leefgebied,
    leefgebied_naam,
    bereik_kpi_id,
    bereik_waarde,
    bereik_eenheid,
    effecten_tekst,
    impact_tekst
from resultaatketen
where gemeente_naam = 'Breda'
order by leefgebied;
