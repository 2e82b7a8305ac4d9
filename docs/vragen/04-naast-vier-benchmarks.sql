-- Ligt Breda hoger of lager dan Nederland, dan even stedelijke gemeenten, dan gemeenten van dezelfde grootte en dan
-- gemeenten die op Breda lijken?
--
-- Vier oordelen naast elkaar, elk over één benchmark. Aantallen zijn vergeleken per 1.000 inwoners: zie
-- vergelijkingseenheid. Bij niet_vergeleken staat de reden erbij.
select
    periode,
    vergelijkingswaarde,
    oi_laag,
    oi_hoog,
    vergelijkingseenheid,
    nl_waarde,
    nl_oordeel,
    stedelijkheid_oordeel,
    grootteklasse_oordeel,
    buurgroep_waarde,
    buurgroep_oordeel,
    buurgroep_reden
from v_vergelijking
where kpi_id = 'I 3.3.2' and gemeente_naam = 'Breda' and uitsplitsing = '18+'
order by jaar, periode;
