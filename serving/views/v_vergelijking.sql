-- Eén rij per gemeente, KPI, uitsplitsing en periode, met de vier benchmarks naast elkaar: Nederland, even stedelijke
-- gemeenten, gemeenten van dezelfde grootte en de buurgroep. Elk oordeel gaat over één benchmark.
--
-- kpi_naam: Naam van de KPI in het model.
-- nl_waarde: Cijfer van Nederland, in vergelijkingseenheid; leeg als het er niet is.
-- nl_oordeel: Oordeel tegenover Nederland, een signaal; niet_vergeleken als er geen uitspraak is.
-- nl_reden: Waarom er geen oordeel is tegenover Nederland; leeg als dat er wel is.
-- stedelijkheid_waarde: Cijfer van de gemeenten die even stedelijk zijn, in vergelijkingseenheid; leeg als het er niet is.
-- stedelijkheid_oordeel: Oordeel tegenover de gemeenten die even stedelijk zijn, een signaal; niet_vergeleken als er geen uitspraak is.
-- stedelijkheid_reden: Waarom er geen oordeel is tegenover de gemeenten die even stedelijk zijn; leeg als dat er wel is.
-- grootteklasse_waarde: Cijfer van de gemeenten van dezelfde grootte, in vergelijkingseenheid; leeg als het er niet is.
-- grootteklasse_oordeel: Oordeel tegenover de gemeenten van dezelfde grootte, een signaal; niet_vergeleken als er geen uitspraak is.
-- grootteklasse_reden: Waarom er geen oordeel is tegenover de gemeenten van dezelfde grootte; leeg als dat er wel is.
-- buurgroep_waarde: Cijfer van de gemeenten die qua opbouw op deze lijken, in vergelijkingseenheid; leeg als het er niet is.
-- buurgroep_oordeel: Oordeel tegenover de gemeenten die qua opbouw op deze lijken, een signaal; niet_vergeleken als er geen uitspraak is.
-- buurgroep_reden: Waarom er geen oordeel is tegenover de gemeenten die qua opbouw op deze lijken; leeg als dat er wel is.
select
    cijfer.gemeente_code,
    gemeente.gemeente_naam,
    cijfer.kpi_id,
    cijfer.model_versie,
    kpi.naam as kpi_naam,
    cijfer.uitsplitsing,
    cijfer.periode,
    cijfer.jaar,
    cijfer.richting,
    cijfer.vergelijkingswaarde,
    cijfer.vergelijkingseenheid,
    cijfer.oi_laag,
    cijfer.oi_hoog,
    max(cijfer.benchmark_waarde) filter (where cijfer.benchmark_type = 'nl') as nl_waarde,
    max(cijfer.oordeel) filter (where cijfer.benchmark_type = 'nl') as nl_oordeel,
    max(cijfer.reden) filter (where cijfer.benchmark_type = 'nl') as nl_reden,
    max(cijfer.benchmark_waarde) filter (where cijfer.benchmark_type = 'stedelijkheid') as stedelijkheid_waarde,
    max(cijfer.oordeel) filter (where cijfer.benchmark_type = 'stedelijkheid') as stedelijkheid_oordeel,
    max(cijfer.reden) filter (where cijfer.benchmark_type = 'stedelijkheid') as stedelijkheid_reden,
    max(cijfer.benchmark_waarde) filter (where cijfer.benchmark_type = 'grootteklasse') as grootteklasse_waarde,
    max(cijfer.oordeel) filter (where cijfer.benchmark_type = 'grootteklasse') as grootteklasse_oordeel,
    max(cijfer.reden) filter (where cijfer.benchmark_type = 'grootteklasse') as grootteklasse_reden,
    max(cijfer.benchmark_waarde) filter (where cijfer.benchmark_type = 'buurgroep') as buurgroep_waarde,
    max(cijfer.oordeel) filter (where cijfer.benchmark_type = 'buurgroep') as buurgroep_oordeel,
    max(cijfer.reden) filter (where cijfer.benchmark_type = 'buurgroep') as buurgroep_reden
from kpi_vergelijking as cijfer
inner join gemeente on cijfer.gemeente_code = gemeente.gemeente_code
inner join kpi on cijfer.kpi_id = kpi.kpi_id and cijfer.model_versie = kpi.model_versie
group by
    cijfer.gemeente_code,
    gemeente.gemeente_naam,
    cijfer.kpi_id,
    cijfer.model_versie,
    kpi.naam,
    cijfer.uitsplitsing,
    cijfer.periode,
    cijfer.jaar,
    cijfer.richting,
    cijfer.vergelijkingswaarde,
    cijfer.vergelijkingseenheid,
    cijfer.oi_laag,
    cijfer.oi_hoog
