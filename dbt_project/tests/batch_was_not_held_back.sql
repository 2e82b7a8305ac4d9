-- A warning: the own figures of this delivery are not published, because they could not be made safe.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_eigen_audit'}}}) }}

select
    batch_id,
    toelichting
from {{ ref('int_eigen_audit') }}
where soort = 'tegengehouden'
