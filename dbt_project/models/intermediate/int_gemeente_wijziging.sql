with

overgang as (
    select * from {{ ref('int_gemeente_overgang') }}
),

herkomst as (
    select
        van_jaar,
        naar_jaar,
        naar_code as gemeente_code,
        count(*) filter (where not is_deel) as aantal_geheel,
        count(*) filter (where is_deel) as aantal_deel,
        max(van_code) filter (where not is_deel) as van_code,
        max(aandeel) filter (where not is_deel) as aandeel
    from overgang
    group by van_jaar, naar_jaar, naar_code
)

select
    van_jaar,
    naar_jaar,
    gemeente_code,
    case
        when aantal_geheel <> 1 then 'samengesteld'
        when aantal_deel > 0 or aandeel < 1 - {{ var('overgang_drempel') }} then 'grens'
        else 'ongewijzigd'
    end as wijziging,
    case when aantal_geheel = 1 then van_code end as van_code
from herkomst
