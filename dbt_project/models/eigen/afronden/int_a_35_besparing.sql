with

interventie as (
    select * from {{ ref('int_interventie') }}
),

interventie_persoon as (
    select * from {{ ref('int_interventie_persoon') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- Money of one client has that client as its contributor; of a group the intervention itself.
bijdragers as (
    select
        interventie_id,
        case when count(*) = 1 then min(persoon) else 'interventie ' || interventie_id end as bijdrager
    from interventie_persoon
    group by interventie_id
),

beeindigd as (
    select
        interventie.gemeente_code,
        periode.periode,
        bijdragers.bijdrager,
        interventie.kosten,
        interventie.geschatte_besparing,
        interventie.kosten is not null and interventie.geschatte_besparing is not null as telt_mee
    from interventie
    inner join bijdragers
        on interventie.interventie_id = bijdragers.interventie_id
    inner join periode
        on {{ in_periode('interventie.einddatum') }}
),

per_bijdrager as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        bijdrager,
        count(*) as interventies,
        count(*) filter (where telt_mee) as interventies_mee,
        count(*) filter (where kosten is null) as zonder_kosten,
        count(*) filter (where kosten is not null and geschatte_besparing is null) as zonder_besparing,
        coalesce(sum(geschatte_besparing) filter (where telt_mee), 0) as besparing,
        coalesce(sum(kosten) filter (where telt_mee), 0) as kosten
    from beeindigd
    group by {{ per_gebied(['bijdrager']) }}
),

geteld as (
    select
        gemeente_code,
        periode,
        sum(interventies) as interventies,
        sum(interventies_mee) as interventies_mee,
        sum(zonder_kosten) as zonder_kosten,
        sum(zonder_besparing) as zonder_besparing,
        sum(besparing) as besparing,
        sum(kosten) as kosten,
        count(*) filter (where interventies_mee > 0) as bijdragers,
        greatest({{ aandeel_grootste('besparing', 1) }}, {{ aandeel_grootste('kosten', 1) }}) as grootste,
        greatest({{ aandeel_grootste('besparing', 2) }}, {{ aandeel_grootste('kosten', 2) }}) as grootste_twee
    from per_bijdrager
    group by gemeente_code, periode
)

select
    {{ eigen_rij(
        "'A 35'", "'verhouding'", teller='besparing', noemer='kosten', n='bijdragers',
        eenheden='interventies', met_waarde='interventies_mee',
        uitgesloten=json_telling({'zonder_kosten': 'zonder_kosten', 'zonder_besparing': 'zonder_besparing'}),
        grootste='grootste', grootste_twee='grootste_twee'
    ) }}
from geteld
