with

reeks_onderdeel as (
    select * from {{ ref('int_reeks_onderdeel') }}
),

handmatig as (
    select * from {{ ref('int_handmatig') }}
),

uit_een_deel as (
    select
        reeks_id,
        uitsplitsing,
        rol,
        gemeente_code,
        periode,
        jaar,
        periode_soort,
        waarde,
        oi_laag,
        oi_hoog,
        oi_verworpen,
        ontbreekt_reden,
        status_rang,
        is_gepubliceerd,
        indelingsjaar,
        bron_id,
        editie,
        verouderd_sinds
    from reeks_onderdeel
    where n_onderdelen = 1
),

-- Bounds of parts do not add up to bounds of their sum.
opgeteld as (
    select
        reeks_id,
        uitsplitsing,
        rol,
        gemeente_code,
        periode,
        any_value(jaar) as jaar,
        any_value(periode_soort) as periode_soort,
        case when count(waarde) = any_value(n_onderdelen) then {{ exact_sum('waarde') }} end as waarde,
        null::double as oi_laag,
        null::double as oi_hoog,
        false as oi_verworpen,
        case
            when count(waarde) < any_value(n_onderdelen) then {{ zwaarste_reden('ontbreekt_reden') }}
        end as ontbreekt_reden,
        any_value(status_rang) as status_rang,
        false as is_gepubliceerd,
        any_value(indelingsjaar) as indelingsjaar,
        any_value(bron_id) as bron_id,
        any_value(editie) as editie,
        any_value(verouderd_sinds) as verouderd_sinds
    from reeks_onderdeel
    where n_onderdelen > 1
    group by
        reeks_id,
        uitsplitsing,
        rol,
        gemeente_code,
        periode
),

uit_bron as (
    select
        *,
        null::varchar as eenheid,
        null::varchar as opgegeven_bron
    from uit_een_deel
    union all
    select
        *,
        null::varchar as eenheid,
        null::varchar as opgegeven_bron
    from opgeteld
),

aangeleverd as (
    select
        reeks_id,
        uitsplitsing,
        'waarde' as rol,
        gemeente_code,
        periode,
        jaar,
        periode_soort,
        waarde,
        null::double as oi_laag,
        null::double as oi_hoog,
        false as oi_verworpen,
        eenheid,
        opgegeven_bron,
        case when waarde is null then 'niet_geleverd' end as ontbreekt_reden,
        {{ status_rang("'definitief'") }} as status_rang,
        true as is_gepubliceerd,
        indelingsjaar,
        bron_id,
        editie,
        verouderd_sinds
    from handmatig
),

delen as (
    select * from uit_bron
    union all by name
    select * from aangeleverd
)

select
    reeks_id,
    uitsplitsing,
    rol,
    gemeente_code,
    periode,
    jaar,
    periode_soort,
    waarde,
    oi_laag,
    oi_hoog,
    oi_verworpen,
    eenheid,
    opgegeven_bron,
    ontbreekt_reden,
    status_rang,
    is_gepubliceerd,
    indelingsjaar,
    bron_id,
    editie,
    verouderd_sinds
from delen
