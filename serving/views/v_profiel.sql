-- Eén rij per gemeente en KPI, met het nieuwste hoofdcijfer en alles wat erbij hoort: Nederland, de buurgroep, oordeel,
-- trend, hoe zeker het is en waar het vandaan komt. Ook voor NL, ORG (de hele organisatie) en GM9999 (gemeente onbekend).
-- Een KPI zonder cijfer heeft een rij met de reden.
--
-- soort_gebied: gemeente, land, organisatie of onbekend.
-- nl_oordeel: Oordeel tegenover Nederland, een signaal: gunstiger, vergelijkbaar, ongunstiger, hoger, lager of niet_vergeleken.
-- nl_reden: Waarom er geen oordeel tegenover Nederland is; leeg als dat er wel is.
-- nl_vergelijkingswaarde: Cijfer van Nederland waarmee is vergeleken, in vergelijkingseenheid.
-- buurgroep_vergelijkingswaarde: Cijfer van de gemeenten die qua opbouw op deze lijken, in vergelijkingseenheid.
-- buurgroep_oordeel: Oordeel tegenover de buurgroep, een signaal; waarden als nl_oordeel.
-- buurgroep_reden: Waarom er geen oordeel tegenover de buurgroep is; leeg als dat er wel is.
-- positie: Plaats onder alle gemeenten, van 0 (laagste cijfer) tot 100 (hoogste); geen ranglijst en geen oordeel.
-- trend_sinds: Eerste periode waarover naar een trend is gekeken; zegt alleen iets als trend niet niet_te_bepalen is.
select
    cijfer.gemeente_code,
    cijfer.gemeente_naam,
    gemeente.soort_gebied,
    cijfer.familie,
    cijfer.leefgebied,
    cijfer.leefgebied_naam,
    cijfer.kpi_id,
    cijfer.model_versie,
    cijfer.kpi_naam,
    cijfer.label,
    cijfer.gekozen,
    cijfer.uitsplitsing,
    cijfer.uitsplitsing_naam,
    cijfer.waarde,
    cijfer.eenheid,
    cijfer.periode,
    cijfer.oi_laag,
    cijfer.oi_hoog,
    cijfer.nl_waarde,
    cijfer.richting,
    cijfer.vergelijkingswaarde,
    cijfer.vergelijkingseenheid,
    nl.benchmark_waarde as nl_vergelijkingswaarde,
    nl.oordeel as nl_oordeel,
    nl.reden as nl_reden,
    nl.positie,
    buurgroep.benchmark_waarde as buurgroep_vergelijkingswaarde,
    buurgroep.oordeel as buurgroep_oordeel,
    buurgroep.reden as buurgroep_reden,
    cijfer.trend,
    cijfer.trend_signaal,
    cijfer.trend_reden,
    trend.van_periode as trend_sinds,
    cijfer.status,
    cijfer.ontbreekt_reden,
    cijfer.soort,
    cijfer.is_modelmatig,
    cijfer.is_herleid,
    cijfer.breuk,
    cijfer.verouderd_sinds,
    cijfer.bronvermelding,
    cijfer.definitie,
    cijfer.toelichting
from kpi_gemeente as cijfer
inner join gemeente on cijfer.gemeente_code = gemeente.gemeente_code
left join kpi_vergelijking as nl
    on
        cijfer.kpi_id = nl.kpi_id
        and cijfer.model_versie = nl.model_versie
        and cijfer.uitsplitsing = nl.uitsplitsing
        and cijfer.gemeente_code = nl.gemeente_code
        and cijfer.periode = nl.periode
        and nl.benchmark_type = 'nl'
left join kpi_vergelijking as buurgroep
    on
        cijfer.kpi_id = buurgroep.kpi_id
        and cijfer.model_versie = buurgroep.model_versie
        and cijfer.uitsplitsing = buurgroep.uitsplitsing
        and cijfer.gemeente_code = buurgroep.gemeente_code
        and cijfer.periode = buurgroep.periode
        and buurgroep.benchmark_type = 'buurgroep'
left join kpi_trend as trend
    on
        cijfer.kpi_id = trend.kpi_id
        and cijfer.model_versie = trend.model_versie
        and cijfer.uitsplitsing = trend.uitsplitsing
        and cijfer.gemeente_code = trend.gemeente_code
where cijfer.hoofduitsplitsing
