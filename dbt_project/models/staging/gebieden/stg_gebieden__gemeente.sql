with

source as (
    select * from {{ source('lake', 'gebieden') }}
),

renamed as (
    select
        ---------- ids
        bron_id,
        indelingsjaar,
        trim(gemeente_code) as gemeente_code,
        trim(provincie_code) as provincie_code,

        ---------- names
        trim(gemeente_naam) as gemeente_naam,
        trim(provincie) as provincie,

        ---------- figures
        inwoners
    from source
)

select * from renamed
