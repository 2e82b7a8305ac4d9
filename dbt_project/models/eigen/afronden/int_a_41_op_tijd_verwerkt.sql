with

adminopdracht as (
    select * from {{ ref('int_adminopdracht') }}
    where soort = 'afronding'
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- Not processed on the last day of the period is not in time, like processed after the deadline.
met_deadline as (
    select
        adminopdracht.gemeente_code,
        periode.periode,
        coalesce(adminopdracht.verwerkt_op <= adminopdracht.deadline, false) as is_op_tijd,
        adminopdracht.juist_en_volledig
    from adminopdracht
    inner join periode
        on {{ in_periode('adminopdracht.deadline') }}
),

-- What has no deadline has no period either: counted where it was handed in, or processed.
zonder_deadline as (
    select
        adminopdracht.gemeente_code,
        periode.periode
    from adminopdracht
    inner join periode
        on {{ in_periode('coalesce(adminopdracht.ingediend_op, adminopdracht.verwerkt_op)') }}
    where adminopdracht.deadline is null
),

samen as (
    select
        gemeente_code,
        periode,
        true as heeft_deadline,
        is_op_tijd and coalesce(juist_en_volledig, false) as is_goed,
        juist_en_volledig is not null or not is_op_tijd as is_bekend
    from met_deadline
    union all
    select
        gemeente_code,
        periode,
        false as heeft_deadline,
        false as is_goed,
        false as is_bekend
    from zonder_deadline
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as opdrachten,
        count(*) filter (where heeft_deadline) as met_deadline,
        count(*) filter (where not heeft_deadline) as zonder_deadline,
        count(*) filter (where is_bekend) as bekend,
        count(*) filter (where is_goed) as goed
    from samen
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({'zonder_deadline': 'zonder_deadline'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 41'", "'aantal'", teller='goed', n='goed',
        eenheden='opdrachten', met_waarde='bekend', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 41'", "'percentage'", teller='goed', noemer='met_deadline', n='met_deadline',
        eenheden='opdrachten', met_waarde='bekend', uitgesloten='uitgesloten'
    ) }}
from samengevat
