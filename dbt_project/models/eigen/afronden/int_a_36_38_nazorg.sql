with

nazorgmeting as (
    select * from {{ ref('int_nazorgmeting') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

levering as (
    select * from {{ ref('int_levering') }}
),

metingen as (
    select
        nazorgmeting.nazorgmeting_id,
        nazorgmeting.deelnemer_id,
        nazorgmeting.datum,
        interventie.gemeente_code,
        periode.periode,
        nazorgmeting.datum - interventie.einddatum as dagen,
        nazorgmeting.inzet_omgeving_pct,
        -- Until the term is over a measurement nearer to its middle may still come.
        levering.peildatum - interventie.einddatum < {{ var('nazorg_tot', 224) }} as is_voorlopig,
        nazorgmeting.zonder_ondersteuning,
        nazorgmeting.niveau_behouden
    from nazorgmeting
    inner join interventie
        on nazorgmeting.interventie_id = interventie.interventie_id
    inner join periode
        on {{ in_periode('nazorgmeting.datum') }}
    cross join levering
),

-- The two KPIs ask another question of the same measurements.
oordelen as (
    select
        nazorgmeting_id,
        deelnemer_id,
        datum,
        periode,
        dagen,
        inzet_omgeving_pct,
        is_voorlopig,
        unnest([gemeente_code, 'ORG']) as gemeente_code,
        'A 36' as kpi_id,
        zonder_ondersteuning as oordeel
    from metingen
    union all
    select
        nazorgmeting_id,
        deelnemer_id,
        datum,
        periode,
        dagen,
        inzet_omgeving_pct,
        is_voorlopig,
        unnest([gemeente_code, 'ORG']) as gemeente_code,
        'A 38' as kpi_id,
        niveau_behouden as oordeel
    from metingen
),

geplaatst as (
    select
        *,
        case
            when dagen is null then 'niet_beeindigd'
            when dagen < 0 then 'voor_einde'
            when dagen between {{ var('nazorg_van', 140) }} and {{ var('nazorg_tot', 224) }} then 'binnen'
            else 'buiten'
        end as termijn
    from oordelen
),

-- One measurement per deelnemer, area and period: judged, nearest to the middle of the term, the later of two.
op_volgorde as (
    select
        *,
        row_number() over (
            partition by kpi_id, gemeente_code, periode, deelnemer_id, termijn
            order by
                oordeel is null asc,
                abs(dagen - {{ var('nazorg_midden', 182) }}) asc,
                datum desc,
                nazorgmeting_id desc
        ) = 1 as is_gekozen
    from geplaatst
),

geteld as (
    select
        kpi_id,
        gemeente_code,
        periode,
        count(*) filter (where termijn = 'niet_beeindigd') as niet_beeindigd,
        count(*) filter (where termijn = 'voor_einde') as voor_einde,
        count(*) filter (where termijn = 'buiten') as buiten_termijn,
        count(*) filter (where termijn = 'binnen' and not is_gekozen) as andere_meting,
        count(*) filter (where termijn = 'binnen' and is_gekozen) as deelnemers,
        count(oordeel) filter (where termijn = 'binnen' and is_gekozen) as gemeten,
        count(*) filter (where termijn = 'binnen' and is_gekozen and oordeel is null) as zonder_oordeel,
        count(*) filter (where termijn = 'binnen' and is_gekozen and oordeel) as positief,
        count(inzet_omgeving_pct) filter (
            where termijn = 'binnen' and is_gekozen and oordeel is not null
        ) as inzet_gemeten,
        coalesce(sum(inzet_omgeving_pct) filter (
            where termijn = 'binnen' and is_gekozen and oordeel is not null
        ), 0) as inzet,
        coalesce(bool_or(is_voorlopig) filter (where termijn = 'binnen' and is_gekozen), false) as is_voorlopig
    from op_volgorde
    group by kpi_id, gemeente_code, periode
),

samengevat as (
    select
        *,
        {{ json_telling({
            'niet_beeindigd': 'niet_beeindigd',
            'voor_einde': 'voor_einde',
            'buiten_termijn': 'buiten_termijn',
            'andere_meting': 'andere_meting',
            'zonder_oordeel': 'zonder_oordeel',
        }) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        'kpi_id', "'aantal'", teller='positief', n='positief',
        eenheden='deelnemers', met_waarde='gemeten', uitgesloten='uitgesloten', voorlopig='is_voorlopig'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        'kpi_id', "'percentage'", teller='positief', noemer='gemeten', n='gemeten',
        eenheden='deelnemers', met_waarde='gemeten', uitgesloten='uitgesloten', voorlopig='is_voorlopig'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        'kpi_id', "'inzet_omgeving'", teller='inzet', noemer='inzet_gemeten', n='inzet_gemeten',
        eenheden='gemeten', met_waarde='inzet_gemeten', uitgesloten='uitgesloten', voorlopig='is_voorlopig'
    ) }}
from samengevat
where kpi_id = 'A 36'
