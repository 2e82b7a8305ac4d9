-- Two editions of one series would be added up, or their years joined in one line.
{{ config(meta={'dagster': {'ref': {'name': 'int_reeks_selectie'}}}) }}

select
    reeks_id,
    uitsplitsing,
    rol,
    periode
from {{ ref('int_reeks_selectie') }}
group by reeks_id, uitsplitsing, rol, periode
having count(distinct bron_id || editie) > 1
