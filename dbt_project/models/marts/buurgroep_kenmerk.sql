with

opbouw_kenmerk as (
    select * from {{ ref('opbouw_kenmerk') }}
),

gevonden as (
    select
        kenmerk,
        any_value(jaar) as jaar,
        any_value(reeks) as reeks,
        any_value(gemiddelde) as gemiddelde,
        any_value(standaardafwijking) as standaardafwijking,
        any_value(is_gebruikt) as is_gebruikt,
        count(*) as gemeenten
    from {{ ref('int_buurgroep_kenmerk') }}
    group by kenmerk
)

select
    opbouw_kenmerk.kenmerk,
    opbouw_kenmerk.omschrijving,
    opbouw_kenmerk.eenheid,
    opbouw_kenmerk.transformatie,
    opbouw_kenmerk.gewicht,
    coalesce(gevonden.is_gebruikt, false) as gebruikt,
    case
        when gevonden.kenmerk is null then 'Geen enkele gemeente heeft hiervan een cijfer.'
        when gevonden.is_gebruikt then null
        when gevonden.standaardafwijking = 0 then 'Alle gemeenten hebben hetzelfde cijfer.'
        else 'Te weinig gemeenten hebben hiervan een cijfer.'
    end as reden,
    gevonden.jaar,
    gevonden.reeks,
    coalesce(gevonden.gemeenten, 0) as gemeenten,
    gevonden.gemiddelde,
    gevonden.standaardafwijking
from opbouw_kenmerk
left join gevonden
    on opbouw_kenmerk.kenmerk = gevonden.kenmerk
where opbouw_kenmerk.voorrang = 1
order by opbouw_kenmerk.kenmerk
