with

buurgroep_kenmerk as (
    select * from {{ ref('int_buurgroep_kenmerk') }}
    where is_gebruikt
),

kenmerken as (
    select
        kenmerk,
        any_value(gewicht) as gewicht,
        max(jaar) as jaar
    from buurgroep_kenmerk
    group by kenmerk
),

alle_kenmerken as (
    select
        {{ exact_sum('gewicht') }} as gewicht,
        max(jaar) as jaar
    from kenmerken
),

-- Over the features that both have, as if the others were as far apart on average.
paren as (
    select
        deze.gemeente_code,
        ander.gemeente_code as buur_code,
        count(*) as kenmerken,
        {{ exact_sum('deze.gewicht') }} as gewicht,
        {{ exact_sum('deze.gewicht * (deze.z - ander.z) * (deze.z - ander.z)') }} as kwadraten
    from buurgroep_kenmerk as deze
    inner join buurgroep_kenmerk as ander
        on
            deze.kenmerk = ander.kenmerk
            and deze.gemeente_code <> ander.gemeente_code
    group by
        deze.gemeente_code,
        ander.gemeente_code
),

afstanden as (
    select
        paren.gemeente_code,
        paren.buur_code,
        paren.kenmerken,
        alle_kenmerken.jaar,
        round(sqrt(paren.kwadraten * alle_kenmerken.gewicht / paren.gewicht), 9) as afstand
    from paren
    cross join alle_kenmerken
    where paren.kenmerken >= {{ var('buurgroep_kenmerken') }}
)

select
    gemeente_code,
    buur_code,
    row_number() over (
        partition by gemeente_code
        order by afstand asc, buur_code asc
    ) as rang,
    afstand,
    kenmerken,
    jaar
from afstanden
qualify
    row_number() over (
        partition by gemeente_code
        order by afstand asc, buur_code asc
    ) <= {{ var('buurgroep_omvang') }}
