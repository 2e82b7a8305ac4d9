-- A table on another division than the registry says would lose figures in kpi_waarde. A warning: a few sources keep a
-- figure under a code that has just ended, which a person has to judge.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_reeks_deel'}}}) }}

select
    reeks_deel.reeks_id,
    reeks_deel.periode,
    reeks_deel.indelingsjaar,
    reeks_deel.gemeente_code
from {{ ref('int_reeks_deel') }} as reeks_deel
left join {{ ref('int_gemeente_jaar') }} as gemeente_jaar
    on
        reeks_deel.indelingsjaar = gemeente_jaar.jaar
        and reeks_deel.gemeente_code = gemeente_jaar.gemeente_code
where
    reeks_deel.waarde is not null
    and gemeente_jaar.gemeente_code is null
    and reeks_deel.gemeente_code <> '{{ var("land_code") }}'
