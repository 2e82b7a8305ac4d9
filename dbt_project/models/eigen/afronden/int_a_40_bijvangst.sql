with

bijvangst as (
    select * from {{ ref('int_bijvangst') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

in_periode as (
    select
        interventie.gemeente_code,
        interventie.interventie_id,
        periode.periode,
        bijvangst.soort,
        bijvangst.aantal
    from bijvangst
    inner join interventie
        on bijvangst.interventie_id = interventie.interventie_id
    inner join periode
        on {{ in_periode('bijvangst.datum') }}
),

-- Every kind has a unit of its own: there is no total over kinds.
geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        soort,
        sum(aantal) as aantal,
        count(*) as registraties,
        count(distinct interventie_id) as interventies
    from in_periode
    group by {{ per_gebied(['soort']) }}
)

select
    {{ eigen_rij(
        "'A 40'", "'aantal'", uitsplitsing="'bijvangst: ' || soort", teller='aantal', n='interventies',
        eenheden='registraties', met_waarde='registraties'
    ) }}
from geteld
