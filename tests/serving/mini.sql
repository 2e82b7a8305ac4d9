-- A handful of rows for the published tables; their columns come from the dbt contracts (conftest.py).

insert into marts.kpi by name
select
    *,
    'Leefgebied ' || leefgebied as leefgebied_naam,
    naam as label,
    true as gekozen,
    'Waarom ' || kpi_id || '.' as waarom,
    'model' as richting_herkomst,
    'nee' as vet,
    false as gevoelig,
    'Geen interval' as interval_methode,
    'Ongewijzigd' as afronding,
    'Door de bron' as onthulling
from (values
    ('I 2.1.1', 'v2', 'impact', 2, 'Leefbaarheid', 'Oordeel over de buurt, als afwijking van Nederland.', 'score', 'hoger', true, 'open', 'direct', false, 'Overgenomen', 'Leefbaarometer', null, null),
    ('I 3.3.2', 'v2', 'impact', 3, '% vrijwilligerswerk', 'Deel van de inwoners dat vrijwilligerswerk doet.', '%', 'hoger', true, 'open', 'direct', true, 'Overgenomen', 'RIVM 50150NED', null, 'Schatting met een model.'),
    ('I 4.1.1', 'v2', 'impact', 4, '% sociaal uitgesloten', 'Deel van de inwoners dat is uitgesloten.', '%', 'lager', true, 'handmatig', 'proxy', true, 'Overgenomen', 'RIVM 50150NED', null, 'Sterke eenzaamheid; zegt niets over uitsluiting zelf.'),
    ('I 4.3.1', 'v1', 'impact', 4, 'Relatie met ouders', 'Oude omschrijving.', '%', 'hoger', false, 'handmatig', null, null, null, null, null, null),
    ('I 4.3.1', 'v2', 'impact', 4, 'Stabiele opvoeding', 'Deel van de ouders dat een stabiele opvoeding kan geven.', '%', 'hoger', true, 'handmatig', null, null, null, null, null, null),
    ('A 1', 'v2', 'activiteit', null, 'Aanmeldingen', 'Aantal aanmeldingen.', 'aantal', 'neutraal', true, 'eigen', null, null, null, null, null, null),
    ('prof E1', 'v2', 'professional', 1, 'Oordeel', 'Oordeel van de professional.', '%', 'hoger', true, 'eigen', null, null, null, null, null, null)
) as t (kpi_id, model_versie, familie, leefgebied, naam, definitie, eenheid, richting, geldend, bron_soort, soort, is_modelmatig, berekening, teller_bron, noemer_bron, kanttekening);

insert into marts.gemeente by name
select *, true as gekozen, 2024 as indelingsjaar, 'gebieden_1' as indeling_bron, 2025 as inwoners_jaar
from (values
    ('GM0758', 'Breda', 'gemeente', 'Noord-Brabant', 188078, 2, '150.000 tot 250.000'),
    ('GM0518', '''s-Gravenhage', 'gemeente', 'Zuid-Holland', 566221, 1, '250.000 of meer'),
    ('GM1900', 'Súdwest-Fryslân', 'gemeente', 'Fryslân', 90000, 4, '50.000 tot 100.000'),
    ('GM0373', 'Bergen (NH.)', 'gemeente', 'Noord-Holland', 30000, 4, '20.000 tot 50.000'),
    ('GM0893', 'Bergen (L.)', 'gemeente', 'Limburg', 13000, 5, '10.000 tot 20.000'),
    ('NL', 'Nederland', 'land', null, 17942942, null, null),
    ('GM9999', 'Onbekend', 'onbekend', null, null, null, null)
) as t (gemeente_code, gemeente_naam, soort_gebied, provincie, inwoners, stedelijkheid, grootteklasse);

insert into marts.kpi_waarde by name
select
    *,
    'v2' as model_versie,
    'jaar' as periode_soort,
    periode::integer as jaar,
    'geen' as oi_methode,
    if(waarde is null, null, 'definitief') as status,
    'open' as herkomst,
    true as hoofdreeks,
    false as is_herleid,
    false as breuk,
    '20261120T010000Z-aa' as editie,
    2024 as indelingsjaar
from (values
    ('I 3.3.2', 'rivm_vrijwilliger', '18+', 'GM0758', '2020', 13.1::double, '%', null, 'direct', true, 'rivm_1'),
    ('I 3.3.2', 'rivm_vrijwilliger', '18+', 'NL', '2020', 13.6, '%', null, 'direct', true, 'rivm_1'),
    ('I 3.3.2', 'rivm_vrijwilliger', '18+', 'GM0518', '2020', null, '%', 'geheim_bron', 'direct', true, 'rivm_1'),
    ('I 3.3.2', 'rivm_vrijwilliger', '65+', 'GM0758', '2020', 21.5, '%', null, 'direct', true, 'rivm_1'),
    ('I 4.1.1', 'rivm_eenzaam', '18+', 'GM0758', '2020', 10.2, '%', null, 'proxy', true, 'rivm_1'),
    ('I 2.1.1', 'lbm', 'totaal', 'GM0758', '2022', 0.5, 'score', null, 'direct', false, 'lbm'),
    ('I 2.1.1', 'lbm', 'totaal', 'GM0758', '2024', -0.0343701, 'score', null, 'direct', false, 'lbm')
) as t (kpi_id, variant, uitsplitsing, gemeente_code, periode, waarde, eenheid, ontbreekt_reden, soort, is_modelmatig, bron_id);

-- How the figures compare, as the mart stored it.
insert into marts.kpi_vergelijking by name
select *, 'v2' as model_versie, '18+' as uitsplitsing, 'GM0758' as gemeente_code, 'jaar' as periode_soort, false as is_modelmatig
from (values
    ('I 3.3.2', 'rivm_vrijwilliger', '2020', 2020, 'nl', 'Nederland', 13.1, '%', 12.8, 13.4, 13.6, -0.5, 'hoger', 'ongunstiger', null, 60),
    ('I 3.3.2', 'rivm_vrijwilliger', '2020', 2020, 'buurgroep', '15 gemeenten die qua opbouw op deze lijken', 13.1, '%', 12.8, 13.4, 13.2, -0.1, 'hoger', 'vergelijkbaar', null, 55),
    ('I 4.1.1', 'rivm_eenzaam', '2020', 2020, 'nl', 'Nederland', 10.2, '%', null, null, null, null, 'lager', 'niet_vergeleken', 'geen_benchmark', null)
) as t (kpi_id, variant, periode, jaar, benchmark_type, benchmark_naam, vergelijkingswaarde, vergelijkingseenheid, oi_laag, oi_hoog, benchmark_waarde, verschil, richting, oordeel, reden, positie);

insert into marts.kpi_trend by name
select *, 'v2' as model_versie, 'GM0758' as gemeente_code
from (values
    ('I 3.3.2', '18+', 'rivm_vrijwilliger', '2016', '2020', 5, 'gewogen', -0.4, 12.0, 'hoger', 'dalend', 'ongunstig', null),
    ('I 4.1.1', '18+', 'rivm_eenzaam', '2020', '2020', 1, null, null, null, 'lager', 'niet_te_bepalen', null, 'te_weinig_jaren')
) as t (kpi_id, uitsplitsing, variant, van_periode, tot_periode, n, methode, helling, chi2, richting, trend, signaal, reden);

-- The newest figure of every uitsplitsing; each KPI has a row for each gemeente.
insert into marts.kpi_gemeente by name
with figures as (
    select w.*, n.waarde as nl_waarde
    from marts.kpi_waarde as w
    left join marts.kpi_waarde as n
        on n.gemeente_code = 'NL' and w.kpi_id = n.kpi_id and w.uitsplitsing = n.uitsplitsing and w.periode = n.periode
    qualify row_number() over (partition by w.kpi_id, w.uitsplitsing, w.gemeente_code order by w.jaar desc) = 1
)
select
    k.kpi_id, k.model_versie, k.familie, k.naam as kpi_naam, k.leefgebied, k.leefgebied_naam, k.richting, k.definitie,
    g.gemeente_code, g.gemeente_naam,
    coalesce(f.uitsplitsing, 'totaal') as uitsplitsing,
    case f.uitsplitsing when '18+' then '18 jaar en ouder' when '65+' then '65 jaar en ouder' else 'Totaal' end as uitsplitsing_naam,
    f.uitsplitsing is distinct from '65+' as hoofduitsplitsing,
    f.waarde, coalesce(f.eenheid, k.eenheid) as eenheid, f.periode, f.periode_soort, f.jaar, f.nl_waarde, f.status,
    case when f.kpi_id is null then 'eigen_levering_nodig' else f.ontbreekt_reden end as ontbreekt_reden,
    f.soort, coalesce(f.is_modelmatig, false) as is_modelmatig, false as is_herleid, false as breuk,
    f.variant, f.bron_id, f.editie, b.bronvermelding, k.kanttekening as toelichting,
    k.label, k.gekozen and g.gekozen as gekozen, v.oi_laag, v.oi_hoog,
    if(v.oi_laag is null, 'geen', 'gepubliceerd') as oi_methode,
    'nl' as benchmark_type, 'Nederland' as benchmark_naam, v.benchmark_waarde, v.vergelijkingswaarde, v.vergelijkingseenheid,
    coalesce(v.oordeel, 'niet_vergeleken') as oordeel, if(v.kpi_id is null, 'geen_waarde', v.reden) as oordeel_reden, v.positie,
    coalesce(t.trend, 'niet_te_bepalen') as trend, t.signaal as trend_signaal,
    if(t.kpi_id is null, 'geen_waarde', t.reden) as trend_reden
from marts.kpi as k
cross join marts.gemeente as g
left join figures as f on k.kpi_id = f.kpi_id and g.gemeente_code = f.gemeente_code
left join (values ('rivm_1', 'Bron: RIVM, tabel 1'), ('lbm', 'Bron: Leefbaarometer')) as b (bron_id, bronvermelding)
    on f.bron_id = b.bron_id
left join marts.kpi_vergelijking as v
    on v.benchmark_type = 'nl' and k.kpi_id = v.kpi_id and f.uitsplitsing = v.uitsplitsing and f.periode = v.periode
    and g.gemeente_code = v.gemeente_code
left join marts.kpi_trend as t
    on k.kpi_id = t.kpi_id and f.uitsplitsing = t.uitsplitsing and g.gemeente_code = t.gemeente_code
where k.familie = 'impact' and k.geldend and g.soort_gebied in ('gemeente', 'land');

-- What the organisation registered: one figure, and one that is held back.
insert into marts.kpi_gemeente by name
select
    k.kpi_id, k.model_versie, k.familie, k.naam as kpi_naam, k.leefgebied, k.leefgebied_naam, k.richting, k.definitie,
    'GM0758' as gemeente_code, 'Breda' as gemeente_naam, 'totaal' as uitsplitsing, 'Totaal' as uitsplitsing_naam,
    true as hoofduitsplitsing, k.eenheid, '2025' as periode, 'jaar' as periode_soort, 2025 as jaar,
    if(k.kpi_id = 'A 1', 45, null) as waarde,
    if(k.kpi_id = 'A 1', 'definitief', null) as status,
    if(k.kpi_id = 'A 1', null, 'onderdrukt') as ontbreekt_reden,
    k.label, k.gekozen, 'geen' as oi_methode, 'nl' as benchmark_type, 'Nederland' as benchmark_naam, 'aantal' as vergelijkingseenheid,
    'niet_vergeleken' as oordeel, 'geen_benchmark' as oordeel_reden, 'niet_te_bepalen' as trend, 'te_weinig_jaren' as trend_reden,
    'direct' as soort, false as is_modelmatig, false as is_herleid, false as breuk,
    'aantal' as variant, 'levering' as bron_id, 'e' as editie, 'Bron: eigen registratie' as bronvermelding
from marts.kpi as k
where k.bron_soort = 'eigen';

insert into marts.kpi_dekking by name
select
    kpi_id, model_versie, 5 as gemeenten_totaal,
    if(kpi_id in ('I 2.1.1', 'I 3.3.2', 'I 4.1.1'), 'deels', 'eigen_levering_nodig') as status,
    if(kpi_id in ('I 2.1.1', 'I 3.3.2', 'I 4.1.1'), 1, 0) as gemeenten_met_waarde,
    'Reden van ' || kpi_id || '.' as reden
from marts.kpi;

insert into marts.bron by name
select *, 'jaarlijks' as ritme
from (values
    ('rivm_1', 'rivm', '1', 'Gezondheid | per regio', '20261120T010000Z-aa', '2024-11-05T02:00:00', timestamp '2026-11-20 01:00:00', 12000, 'ververst', null, 'CC BY 4.0', 'Bron: RIVM, tabel 1', 'I 3.3.2, I 4.1.1'),
    ('lbm', 'leefbaarometer', 'meting-2024', 'Leefbaarometer', '20261120T010000Z-bb', null, timestamp '2026-11-20 01:00:00', 342, 'ververst', null, 'CC0', 'Bron: Leefbaarometer', 'I 2.1.1'),
    ('politie_9', 'politie', '9', 'Misdrijven', null, null, null, null, 'ontbreekt', 'De dienst biedt deze tabel niet aan.', 'CC BY 4.0', 'Bron: Politie', 'I 2.1.4'),
    ('cbs_oud', 'cbs', 'oud', 'Oude tabel', null, null, null, null, 'niet_nodig', null, 'CC BY 4.0', 'Bron: CBS', null)
) as t (bron_id, bron, tabel, titel, editie, modified, loaded_at, rijen, staat, melding, licentie, bronvermelding, kpis);

insert into marts.resultaatketen by name
select
    'GM0758' as gemeente_code, 'Breda' as gemeente_naam, 3 as leefgebied, 'Leefgebied 3' as leefgebied_naam,
    'B 3' as bereik_kpi_id, 12.5 as bereik_waarde, 'per 1.000' as bereik_eenheid, '2025' as bereik_periode,
    'definitief' as bereik_status,
    1 as effecten, 1 as effecten_met_cijfer, 0 as effecten_gunstiger, 1 as effecten_ongunstiger,
    'E 3.3.2 60 % (2025)' as effecten_tekst,
    1 as impact_kpis, 1 as impact_met_cijfer, 1 as impact_gunstiger, 0 as impact_ongunstiger, 'I 3.3.2 13.1 % (2020)' as impact_tekst;

insert into marts.resultaatketen_schakel by name
select
    'GM0758' as gemeente_code, 'Breda' as gemeente_naam, 3 as leefgebied, 'Leefgebied 3' as leefgebied_naam,
    'E 3.3' as beoogd_effect, 'B 3' as bereik_kpi_id, 'E 3.3.2' as effect_kpi_id, 60 as effect_waarde, '%' as effect_eenheid,
    '2025' as effect_periode, 'concept' as effect_status, 51.2 as effect_oi_laag, 68.1 as effect_oi_hoog,
    80 as effect_vorige_waarde, '2024' as effect_vorige_periode, 'ongunstiger' as effect_ontwikkeling,
    'I 3.3.2' as impact_kpi_id, 'vrijwillig' as impact_naam, 13.1 as impact_waarde, '%' as impact_eenheid,
    '2020' as impact_periode, 'definitief' as impact_status;

insert into marts.buurgroep by name
select *, 'GM0758' as gemeente_code, 6 as kenmerken, 2024 as jaar
from (values ('GM0518', 1, 0.8), ('GM1900', 2, 1.4)) as t (buur_code, rang, afstand);

insert into marts.aandachtspunten by name
select
    *, 'v2' as model_versie, '18+' as uitsplitsing, '18 jaar en ouder' as uitsplitsing_naam, 'GM0758' as gemeente_code,
    'Breda' as gemeente_naam, 'impact' as familie, 'Leefgebied ' || leefgebied as leefgebied_naam, 'nl' as benchmark_type,
    eenheid as vergelijkingseenheid, waarde as vergelijkingswaarde, '2020' as periode, 'definitief' as status,
    'definitie' as definitie, 'Bron: RIVM, tabel 1' as bronvermelding
from (values
    ('I 3.3.2', 'aandachtspunt', 'getoetst', 3, '% vrijwilligerswerk', 13.1, '%', 'hoger', 12.8, 13.4, 13.6, -0.5, 'ongunstiger', 20, 'dalend', '2016', null, 5, false, 'B 3, E 3.3.2'),
    ('I 2.1.1', 'aandachtspunt', 'positie', 2, 'Leefbaarheid', -0.0343701, 'score', 'hoger', null, null, 0, -0.0343701, 'niet_vergeleken', 12, 'niet_te_bepalen', null, 'geen_interval', 2, false, null),
    ('I 4.1.1', 'gunstig', 'trend_niet_te_bepalen', 4, '% sociaal uitgesloten', 10.2, '%', 'lager', 9.9, 10.5, 11.4, -1.2, 'gunstiger', 31, 'niet_te_bepalen', null, 'onderbroken', 2, true, null)
) as t (kpi_id, soort_punt, grond, leefgebied, kpi_naam, waarde, eenheid, richting, oi_laag, oi_hoog, benchmark_waarde, verschil, oordeel, positie, trend, trend_sinds, trend_reden, n, is_modelmatig, verwante_kpis);
