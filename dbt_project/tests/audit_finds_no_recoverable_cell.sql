-- The last door before publication: whatever made the batch, a leak stops the build. Names the cell, never its bounds.
{{ config(severity='error', meta={'dagster': {'ref': {'name': 'int_eigen_audit'}}}) }}

select
    maat,
    gemeente_code,
    periode,
    met_vorige,
    toelichting
from {{ ref('int_eigen_audit') }}
where soort = 'lek'
