with

levering_tabel as (
    select * from {{ ref('stg_levering__levering_tabel') }}
)

select
    tabel,
    geleverd,
    geaccepteerd,
    quarantaine,
    -- Of the rows that were judged: copies and totals were left out before.
    case
        when geaccepteerd + quarantaine > 0 then quarantaine / (geaccepteerd + quarantaine)
        else 0
    end::double as quarantaine_aandeel
from levering_tabel
