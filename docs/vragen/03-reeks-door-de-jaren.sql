-- Hoe liep de leefbaarheid in Breda door de jaren, naast Nederland?
--
-- v_reeks houdt één variant aan, zodat de cijfers in één lijn mogen. Let op breuk (ander grondgebied), is_herleid
-- (herrekend na een herindeling) en op jaren die ontbreken.
select
    periode,
    waarde,
    eenheid,
    nl_waarde,
    status,
    breuk,
    is_herleid,
    ontbreekt_reden
from v_reeks
where kpi_id = 'I 2.1.1' and gemeente_naam = 'Breda'
order by jaar, periode;
