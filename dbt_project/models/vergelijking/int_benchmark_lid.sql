with

benchmark_groep as (
    select * from {{ ref('int_benchmark_groep') }}
),

buurgroep as (
    select * from {{ ref('int_buurgroep') }}
),

-- In a class every gemeente is a member of its own group; the neighbours of a gemeente are a group of its own.
leden as (
    select
        benchmark_type,
        groep,
        gemeente_code as lid_code
    from benchmark_groep
    union all
    select
        'buurgroep' as benchmark_type,
        gemeente_code as groep,
        buur_code as lid_code
    from buurgroep
)

select
    benchmark_type,
    groep,
    lid_code
from leden
