-- Eén rij per gemeente, KPI en periode: de hoofdreeks van het hoofdcijfer door de jaren, met Nederland van dezelfde
-- periode ernaast. Eén reeks is één variant, zodat de cijfers in één lijn mogen. Let op breuk: bij zo'n periode hoort een
-- ander grondgebied.
--
-- nl_waarde: Hetzelfde cijfer van Nederland in dezelfde periode; leeg als dat er niet is of niet te vergelijken is.
select
    reeks.gemeente_code,
    kop.gemeente_naam,
    kop.leefgebied,
    reeks.kpi_id,
    reeks.model_versie,
    kop.kpi_naam,
    kop.label,
    reeks.uitsplitsing,
    kop.uitsplitsing_naam,
    reeks.variant,
    reeks.periode,
    reeks.jaar,
    reeks.waarde,
    reeks.eenheid,
    reeks.oi_laag,
    reeks.oi_hoog,
    nl.waarde as nl_waarde,
    reeks.status,
    reeks.ontbreekt_reden,
    reeks.herkomst,
    reeks.soort,
    reeks.is_modelmatig,
    reeks.is_herleid,
    reeks.breuk,
    reeks.bron_id
from kpi_waarde as reeks
inner join kpi_gemeente as kop
    on
        reeks.kpi_id = kop.kpi_id
        and reeks.model_versie = kop.model_versie
        and reeks.uitsplitsing = kop.uitsplitsing
        and reeks.gemeente_code = kop.gemeente_code
left join kpi_waarde as nl
    on
        reeks.kpi_id = nl.kpi_id
        and reeks.model_versie = nl.model_versie
        and reeks.variant = nl.variant
        and reeks.uitsplitsing = nl.uitsplitsing
        and reeks.periode = nl.periode
        and nl.gemeente_code = 'NL'
where reeks.hoofdreeks and kop.hoofduitsplitsing
