-- A code that was not found would make a smaller sum that looks like a figure.
{{ config(meta={'dagster': {'ref': {'name': 'stg_lake__series_selection'}}}) }}

select
    bron_id,
    editie,
    reeks_id,
    uitsplitsing,
    rol,
    onderdeel,
    count(*) as gevonden,
    max(n_codes) as verwacht
from {{ ref('stg_lake__series_selection') }}
where grens = 'waarde'
group by bron_id, editie, reeks_id, uitsplitsing, rol, onderdeel
having count(*) <> max(n_codes)
