with

casus as (
    select * from {{ ref('int_casus') }}
),

casus_complexiteit as (
    select * from {{ ref('int_casus_complexiteit') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- What was registered after the case ended is no part of its treatment.
in_behandeling as (
    select
        casus.casus_id,
        casus.gemeente_code,
        periode.periode,
        periode.van,
        least(periode.d, casus.einddatum) as d
    from casus
    inner join periode
        on {{ overlapt('casus.startdatum', 'casus.einddatum') }}
),

opgevolgd as (
    select
        casus_id,
        complexiteit,
        vanaf,
        tot,
        lead(complexiteit) over (partition by casus_id order by vanaf) as volgende
    from casus_complexiteit
),

-- An interval that ends on the first day of the period still counts: the change of that day needs its case.
enige_tijd as (
    select
        in_behandeling.casus_id,
        in_behandeling.gemeente_code,
        in_behandeling.periode,
        opgevolgd.complexiteit,
        coalesce(
            opgevolgd.volgende <> opgevolgd.complexiteit
            and opgevolgd.tot between in_behandeling.van and in_behandeling.d,
            false
        ) as is_gewijzigd
    from in_behandeling
    left join opgevolgd
        on
            in_behandeling.casus_id = opgevolgd.casus_id
            and in_behandeling.d >= opgevolgd.vanaf
            and (opgevolgd.tot is null or in_behandeling.van <= opgevolgd.tot)
),

-- A case that goes up and down and up again counts once per direction.
per_casus as (
    select
        casus_id,
        gemeente_code,
        periode,
        coalesce(bool_or(complexiteit = 'laag'), false) as was_laag,
        coalesce(bool_or(complexiteit = 'hoog'), false) as was_hoog,
        coalesce(bool_or(complexiteit = 'laag' and is_gewijzigd), false) as ging_omhoog,
        coalesce(bool_or(complexiteit = 'hoog' and is_gewijzigd), false) as ging_omlaag
    from enige_tijd
    group by casus_id, gemeente_code, periode
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as casussen,
        count(*) filter (where was_laag or was_hoog) as bekend,
        count(*) filter (where not was_laag and not was_hoog) as onbekend,
        count(*) filter (where was_laag) as laag,
        count(*) filter (where was_hoog) as hoog,
        count(*) filter (where ging_omhoog) as laag_naar_hoog,
        count(*) filter (where ging_omlaag) as hoog_naar_laag
    from per_casus
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({'zonder_complexiteit': 'onbekend'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 14'", "'percentage'", uitsplitsing="'laag naar hoog'", teller='laag_naar_hoog', noemer='laag', n='laag',
        eenheden='casussen', met_waarde='bekend', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 14'", "'percentage'", uitsplitsing="'hoog naar laag'", teller='hoog_naar_laag', noemer='hoog', n='hoog',
        eenheden='casussen', met_waarde='bekend', uitgesloten='uitgesloten'
    ) }}
from samengevat
