with

casus_complexiteit as (
    select * from {{ ref('stg_levering__casus_complexiteit') }}
),

casus as (
    select * from {{ ref('int_casus') }}
),

vergeleken as (
    select
        casus_id,
        complexiteit,
        vanaf,
        lag(complexiteit) over (partition by casus_id order by vanaf) as vorige
    from casus_complexiteit
),

-- The same complexity registered twice in a row is no change.
wijzigingen as (
    select * from vergeleken
    where vorige is distinct from complexiteit
)

select
    wijzigingen.casus_id,
    casus.gemeente_code,
    wijzigingen.complexiteit,
    wijzigingen.vanaf,
    lead(wijzigingen.vanaf) over (partition by wijzigingen.casus_id order by wijzigingen.vanaf) as tot,
    wijzigingen.vorige is null as is_eerste
from wijzigingen
inner join casus
    on wijzigingen.casus_id = casus.casus_id
