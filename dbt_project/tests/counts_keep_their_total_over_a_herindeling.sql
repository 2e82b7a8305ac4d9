-- Inhabitants or registrations would be lost or doubled on the way to the publication's division. A warning: a source
-- may have figures of areas that are no gemeente, which a person has to judge.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_reeks_deel_indeling'}}}) }}

with

bron as (
    select
        reeks_id,
        uitsplitsing,
        rol,
        periode,
        max(indelingsjaar) as van_jaar,
        sum(waarde::decimal(38, 12)) as totaal
    from {{ ref('int_reeks_deel') }}
    where gemeente_code <> '{{ var("land_code") }}'
    group by reeks_id, uitsplitsing, rol, periode
),

indeling as (
    select
        reeks_id,
        uitsplitsing,
        rol,
        periode,
        naar_jaar,
        sum(waarde::decimal(38, 12)) as totaal
    from {{ ref('int_reeks_deel_indeling') }}
    where gemeente_code <> '{{ var("land_code") }}'
    group by reeks_id, uitsplitsing, rol, periode, naar_jaar
    -- Where a part is missing, the whole is empty and the totals differ with reason.
    having count(waarde) = count(*)
)

select
    indeling.reeks_id,
    indeling.uitsplitsing,
    indeling.rol,
    indeling.periode,
    bron.totaal as totaal_bron,
    indeling.totaal as totaal_indeling
from indeling
inner join bron
    on
        indeling.reeks_id = bron.reeks_id
        and indeling.uitsplitsing = bron.uitsplitsing
        and indeling.rol = bron.rol
        and indeling.periode = bron.periode
        -- To an earlier division only gemeenten that stayed the same are brought.
        and indeling.naar_jaar >= bron.van_jaar
where abs(indeling.totaal - bron.totaal) > 1e-6 * abs(bron.totaal)
