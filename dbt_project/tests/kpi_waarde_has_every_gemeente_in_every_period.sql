-- A gemeente without a figure would be missing from the table instead of having a reason.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_waarde'}}}) }}

select
    kpi_waarde.kpi_id,
    kpi_waarde.variant,
    kpi_waarde.uitsplitsing,
    kpi_waarde.periode,
    count(*) as rijen
from {{ ref('kpi_waarde') }} as kpi_waarde
inner join {{ ref('int_kpi_formule') }} as kpi_formule
    on
        kpi_waarde.kpi_id = kpi_formule.kpi_id
        and kpi_waarde.model_versie = kpi_formule.model_versie
        and kpi_waarde.variant = kpi_formule.variant
        and kpi_waarde.uitsplitsing = kpi_formule.uitsplitsing
group by
    kpi_waarde.kpi_id,
    kpi_waarde.variant,
    kpi_waarde.uitsplitsing,
    kpi_waarde.periode,
    kpi_formule.gebieden
having
    count(*) <> case
        when kpi_formule.gebieden = 'nl' then 1
        else (select count(*) + 1 from {{ ref('int_gemeente') }})
    end
