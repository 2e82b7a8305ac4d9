with

reeks_deel as (
    select * from {{ ref('int_reeks_deel') }}
)

select
    reeks_id,
    uitsplitsing,
    rol,
    periode,
    indelingsjaar,
    any_value(jaar) as jaar,
    any_value(periode_soort) as periode_soort,
    any_value(bron_id) as bron_id,
    any_value(editie) as editie,
    min(verouderd_sinds) as verouderd_sinds
from reeks_deel
group by
    reeks_id,
    uitsplitsing,
    rol,
    periode,
    indelingsjaar
