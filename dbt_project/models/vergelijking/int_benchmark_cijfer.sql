with

hoofdcijfer as (
    select * from {{ ref('int_hoofdcijfer') }}
    where herkomst <> 'eigen'
),

-- Only what one method measured in one unit and period is held against each other: one line. Numbers stand for the
-- names, because every figure meets a score of others later.
genummerd as (
    select
        *,
        waarde as cijfer,
        dense_rank() over (
            order by kpi_id, model_versie, uitsplitsing, variant, vergelijkingseenheid, periode
        ) as lijn,
        dense_rank() over (
            order by kpi_id, model_versie, uitsplitsing, variant, vergelijkingseenheid
        ) as reeks,
        dense_rank() over (
            order by kpi_id, model_versie, uitsplitsing, periode
        ) as onderwerp,
        case
            when herkomst = 'open' and soort_waarde = 'aantal' then 'telling'
            -- A supplied count stands in the unit of who supplied it: there is nothing to divide it by.
            when soort_waarde = 'aantal' then 'geen'
            when
                herkomst = 'open'
                and count(noemer) over (partition by kpi_id, model_versie, uitsplitsing, variant) > 0
                then 'ratio'
            when soort_waarde in ('percentage', 'gemiddelde') then 'gewogen'
            else 'mediaan'
        end as rekenwijze
    from hoofdcijfer
)

-- Every figure as a share of a whole: the sum of the parts of a group over the sum of its wholes is the group's figure.
select
    lijn,
    reeks,
    onderwerp,
    kpi_id,
    model_versie,
    uitsplitsing,
    variant,
    periode,
    gemeente_code,
    inwoners,
    rekenwijze,
    richting,
    vergelijkingswaarde as waarde,
    case rekenwijze
        when 'telling' then cijfer
        when 'ratio' then teller
        when 'gewogen' then cijfer * inwoners
    end::decimal(38, 9) as deel,
    case rekenwijze
        when 'ratio' then noemer
        when 'mediaan' then null
        else inwoners
    end::decimal(38, 9) as geheel,
    case rekenwijze
        when 'telling' then 1000
        when 'ratio' then factor
        else 1
    end as factor
from genummerd
where rekenwijze <> 'geen'
