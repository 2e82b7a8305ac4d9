with

interventie as (
    select * from {{ ref('int_interventie') }}
),

casus as (
    select * from {{ ref('int_casus') }}
),

signaal as (
    select * from {{ ref('int_signaal') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- The intervention's own link decides; the signal of its case stands in only in the variant.
gekoppeld as (
    select
        interventie.interventie_id,
        interventie.gemeente_code,
        interventie.startdatum,
        interventie.signaal_id,
        coalesce(interventie.signaal_id, casus.signaal_id) as signaal_id_via_casus,
        casus.deelnemer_id
    from interventie
    left join casus
        on interventie.casus_id = casus.casus_id
),

vroegheid as (
    select
        signaal_id,
        deelnemer_id,
        vroegsignaal,
        vroegsignaal
        and not coalesce(
            geescaleerd, {{ 'true' if var('a6_onbekend_is_geescaleerd', false) else 'false' }}
        ) as is_vroeg
    from signaal
),

beoordeeld as (
    select
        gekoppeld.gemeente_code,
        periode.periode,
        coalesce(
            eigen.deelnemer_id, gekoppeld.deelnemer_id, via_casus.deelnemer_id,
            'signaal ' || gekoppeld.signaal_id_via_casus
        ) as persoon,
        eigen.vroegsignaal is not null as is_bekend,
        via_casus.vroegsignaal is not null as is_bekend_via_casus,
        coalesce(eigen.is_vroeg, false) as is_vroeg,
        coalesce(via_casus.is_vroeg, false) as is_vroeg_via_casus
    from gekoppeld
    inner join periode
        on {{ in_periode('gekoppeld.startdatum') }}
    left join vroegheid as eigen
        on gekoppeld.signaal_id = eigen.signaal_id
    left join vroegheid as via_casus
        on gekoppeld.signaal_id_via_casus = via_casus.signaal_id
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as interventies,
        count(*) filter (where is_bekend) as bekend,
        count(*) filter (where is_bekend_via_casus) as bekend_via_casus,
        count(*) filter (where is_vroeg) as vroeg,
        count(*) filter (where is_vroeg_via_casus) as vroeg_via_casus,
        count(distinct persoon) filter (where is_vroeg) as personen,
        count(distinct persoon) filter (where is_vroeg_via_casus) as personen_via_casus
    from beoordeeld
    group by {{ per_gebied() }}
)

select
    {{ eigen_rij(
        "'A 6'", "'aantal'", teller='vroeg', n='personen', eenheden='interventies', met_waarde='bekend'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'A 6'", "'percentage'", teller='vroeg', noemer='interventies', n='interventies',
        eenheden='interventies', met_waarde='bekend'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'A 6'", "'aantal_via_casus'", teller='vroeg_via_casus', n='personen_via_casus',
        eenheden='interventies', met_waarde='bekend_via_casus'
    ) }}
from geteld
