{{ config(materialized='view') }}

with

reeks_selectie as (
    select * from {{ ref('int_reeks_selectie') }}
),

observation as (
    select * from {{ ref('int_observation') }}
),

pseudo_gebied as (
    select * from {{ ref('pseudo_gebied') }}
),

gemeente_observation as (
    select observation.*
    from observation
    left join pseudo_gebied
        on observation.gemeente_code = pseudo_gebied.code
    where pseudo_gebied.code is null
),

-- One row per part of a series and period, whatever the number of codes that are added.
onderdelen as (
    select
        cijfer_id,
        any_value(reeks_id) as reeks_id,
        any_value(uitsplitsing) as uitsplitsing,
        any_value(rol) as rol,
        any_value(onderdeel) as onderdeel,
        any_value(periode) as periode,
        any_value(jaar) as jaar,
        any_value(periode_soort) as periode_soort,
        any_value(bron_id) as bron_id,
        any_value(editie) as editie,
        any_value(periode_code) as periode_code,
        any_value(absent) as absent,
        any_value(n_codes) as n_codes,
        any_value(n_onderdelen) as n_onderdelen,
        any_value(status_rang) as status_rang,
        any_value(indelingsjaar) as indelingsjaar,
        any_value(verouderd_sinds) as verouderd_sinds
    from reeks_selectie
    group by cijfer_id
),

gevonden as (
    select
        reeks_selectie.cijfer_id,
        reeks_selectie.grens,
        reeks_selectie.multiplier,
        gemeente_observation.gemeente_code,
        gemeente_observation.obs_value * reeks_selectie.multiplier as waarde
    from reeks_selectie
    inner join gemeente_observation
        on
            reeks_selectie.bron_id = gemeente_observation.bron_id
            and reeks_selectie.editie = gemeente_observation.editie
            and reeks_selectie.periode_code = gemeente_observation.periode_code
            and reeks_selectie.measure = gemeente_observation.measure
            and reeks_selectie.dimensions = gemeente_observation.dimensions
),

cellen as (
    select
        cijfer_id,
        gemeente_code,
        count(*) as aantal_rijen,
        count(waarde) as aantal_gevuld,
        bool_and(multiplier = 1) as is_onbewerkt,
        case when count(*) = 1 then max(waarde) else {{ exact_sum('waarde') }} end as waarde
    from gevonden
    where grens = 'waarde'
    group by cijfer_id, gemeente_code
),

grenzen as (
    select
        cijfer_id,
        gemeente_code,
        max(case when grens = 'ondergrens' then waarde end) as ondergrens,
        max(case when grens = 'bovengrens' then waarde end) as bovengrens
    from gevonden
    where grens <> 'waarde'
    group by cijfer_id, gemeente_code
),

-- Where the source leaves out zeros, an area with any row in that table and period takes part.
aanwezig as (
    select distinct
        onderdelen.cijfer_id,
        gemeente_observation.gemeente_code
    from onderdelen
    inner join gemeente_observation
        on
            onderdelen.bron_id = gemeente_observation.bron_id
            and onderdelen.editie = gemeente_observation.editie
            and onderdelen.periode_code = gemeente_observation.periode_code
    where onderdelen.absent = 'zero'
),

weggelaten_nullen as (
    select
        aanwezig.cijfer_id,
        aanwezig.gemeente_code,
        0 as aantal_rijen,
        0 as aantal_gevuld,
        true as is_onbewerkt,
        0::double as waarde
    from aanwezig
    left join cellen
        on
            aanwezig.cijfer_id = cellen.cijfer_id
            and aanwezig.gemeente_code = cellen.gemeente_code
    where cellen.cijfer_id is null
),

alle_cellen as (
    select * from cellen
    union all
    select * from weggelaten_nullen
),

beoordeeld as (
    select
        onderdelen.*,
        alle_cellen.gemeente_code,
        alle_cellen.is_onbewerkt and onderdelen.n_codes = 1 as is_gepubliceerd,
        case
            when alle_cellen.aantal_rijen > alle_cellen.aantal_gevuld then 'geheim_bron'
            when onderdelen.absent = 'missing' and alle_cellen.aantal_rijen < onderdelen.n_codes
                then 'niet_gepubliceerd'
        end as reden,
        alle_cellen.waarde,
        grenzen.ondergrens,
        grenzen.bovengrens,
        -- Null without a figure, false also when one of the two bounds is missing.
        alle_cellen.waarde >= coalesce(grenzen.ondergrens, 'infinity'::double)
        and alle_cellen.waarde <= coalesce(grenzen.bovengrens, '-infinity'::double) as is_omsloten
    from alle_cellen
    inner join onderdelen
        on alle_cellen.cijfer_id = onderdelen.cijfer_id
    left join grenzen
        on
            alle_cellen.cijfer_id = grenzen.cijfer_id
            and alle_cellen.gemeente_code = grenzen.gemeente_code
),

-- A period in which no gemeente at all has a figure is not secret, it is not out yet; the country is judged apart.
gevuld as (
    select
        cijfer_id,
        gemeente_code = '{{ var("land_code") }}' as is_land,
        bool_or(reden is null) as heeft_cijfers
    from beoordeeld
    group by cijfer_id, gemeente_code = '{{ var("land_code") }}'
)

select
    beoordeeld.reeks_id,
    beoordeeld.uitsplitsing,
    beoordeeld.rol,
    beoordeeld.onderdeel,
    beoordeeld.gemeente_code,
    beoordeeld.periode,
    beoordeeld.jaar,
    beoordeeld.periode_soort,
    case when beoordeeld.reden is null then beoordeeld.waarde end as waarde,
    case when beoordeeld.reden is null and beoordeeld.is_omsloten then beoordeeld.ondergrens end as oi_laag,
    case when beoordeeld.reden is null and beoordeeld.is_omsloten then beoordeeld.bovengrens end as oi_hoog,
    beoordeeld.reden is null
    and not beoordeeld.is_omsloten
    and coalesce(beoordeeld.ondergrens, beoordeeld.bovengrens) is not null as oi_verworpen,
    case
        when beoordeeld.reden is not null and not gevuld.heeft_cijfers then 'niet_gepubliceerd'
        else beoordeeld.reden
    end as ontbreekt_reden,
    beoordeeld.status_rang,
    beoordeeld.is_gepubliceerd,
    beoordeeld.n_onderdelen,
    beoordeeld.indelingsjaar,
    beoordeeld.bron_id,
    beoordeeld.editie,
    beoordeeld.verouderd_sinds
from beoordeeld
inner join gevuld
    on
        beoordeeld.cijfer_id = gevuld.cijfer_id
        and (beoordeeld.gemeente_code = '{{ var("land_code") }}') = gevuld.is_land
