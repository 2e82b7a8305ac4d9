with

casus_betrokkene as (
    select * from {{ ref('stg_levering__casus_betrokkene') }}
),

casus as (
    select * from {{ ref('int_casus') }}
)

select
    casus_betrokkene.casus_id,
    casus_betrokkene.betrokkene_id,
    casus_betrokkene.instantie,
    casus_betrokkene.van,
    casus_betrokkene.tot,
    casus_betrokkene.eigen_medewerker,
    casus.gemeente_code
from casus_betrokkene
inner join casus
    on casus_betrokkene.casus_id = casus.casus_id
