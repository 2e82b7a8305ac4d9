-- A country that is not the weighted mean of its gemeenten is another column, another year or another group of people.
-- A warning: of a percentage the source does not publish what it is a percentage of, so inhabitants stand in; whether a
-- difference is a mistake is for a person to judge. Where almost everybody lives in a gemeente with a figure only.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'kpi_waarde_bron'}}}) }}

-- Weighted with all inhabitants where households, adults or pupils would be right, the mean is off by up to 4 % (low
-- income: cities have many small households); a wrong column is off by far more.
{% set afwijking_percentage = var('landelijk_afwijking_percentage', 0.08) %}
-- A ratio has its own weights: only registrations without a gemeente and rounding of small counts are left.
{% set afwijking_ratio = var('landelijk_afwijking_ratio', 0.02) %}
-- Published percentages have one decimal, both of the country and of the gemeenten.
{% set afronding = var('landelijk_afronding', 0.1) %}

with

kpi_waarde_bron as (
    select * from {{ ref('kpi_waarde_bron') }}
),

kpi_formule as (
    select * from {{ ref('kpi_formula') }}
),

inwoners_indeling as (
    select * from {{ ref('int_inwoners_indeling') }}
),

-- One weight per cell: the noemer of a ratio, the inhabitants of its own year and division for a percentage.
cijfer as (
    select
        kpi_waarde_bron.kpi_id,
        kpi_waarde_bron.variant,
        kpi_waarde_bron.uitsplitsing,
        kpi_waarde_bron.bron_id,
        kpi_waarde_bron.periode,
        kpi_waarde_bron.gemeente_code,
        kpi_waarde_bron.waarde,
        kpi_formule.formule,
        case
            when kpi_formule.formule = 'ratio' then kpi_waarde_bron.noemer
            else inwoners_indeling.inwoners
        end as gewicht
    from kpi_waarde_bron
    inner join kpi_formule
        on
            kpi_waarde_bron.kpi_id = kpi_formule.kpi_id
            and kpi_waarde_bron.model_versie = kpi_formule.model_versie
            and kpi_waarde_bron.variant = kpi_formule.variant
            and kpi_waarde_bron.uitsplitsing = kpi_formule.uitsplitsing
    left join inwoners_indeling
        on
            kpi_waarde_bron.jaar = inwoners_indeling.jaar
            and kpi_waarde_bron.indelingsjaar = inwoners_indeling.indelingsjaar
            and kpi_waarde_bron.gemeente_code = inwoners_indeling.gemeente_code
    where kpi_formule.soort_waarde = 'percentage' and kpi_waarde_bron.herkomst = 'open'
),

landelijk as (
    select * from cijfer
    where gemeente_code = '{{ var("land_code") }}' and waarde is not null
),

gemeenten as (
    select
        kpi_id,
        variant,
        uitsplitsing,
        bron_id,
        periode,
        sum(waarde * gewicht) / nullif(sum(gewicht), 0) as gewogen,
        sum(gewicht) as gewicht
    from cijfer
    where gemeente_code <> '{{ var("land_code") }}' and waarde is not null and gewicht is not null
    group by kpi_id, variant, uitsplitsing, bron_id, periode
)

select
    landelijk.kpi_id,
    landelijk.bron_id,
    landelijk.variant,
    landelijk.uitsplitsing,
    landelijk.periode,
    landelijk.waarde as landelijk,
    round(gemeenten.gewogen, 6) as gewogen,
    round(landelijk.waarde - gemeenten.gewogen, 6) as verschil,
    'Vergelijk kolom en eenheid van de reeks met StatLine; zo nodig series.csv aanpassen' as remedie
from landelijk
inner join gemeenten
    on
        landelijk.kpi_id = gemeenten.kpi_id
        and landelijk.variant = gemeenten.variant
        and landelijk.uitsplitsing = gemeenten.uitsplitsing
        and landelijk.bron_id = gemeenten.bron_id
        and landelijk.periode = gemeenten.periode
        and gemeenten.gewicht >= {{ var("benchmark_dekking_nl") }} * landelijk.gewicht
where
    abs(landelijk.waarde - gemeenten.gewogen) > case
        when landelijk.formule = 'ratio' then {{ afwijking_ratio }} * abs(gemeenten.gewogen)
        else {{ afwijking_percentage }} * abs(gemeenten.gewogen) + {{ afronding }}
    end
order by landelijk.kpi_id, landelijk.variant, landelijk.uitsplitsing, landelijk.periode
