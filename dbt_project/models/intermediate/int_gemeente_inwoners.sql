with

inwoners_jaar as (
    select * from {{ ref('int_inwoners_jaar') }}
),

-- One source and one year for the whole country, so that sizes can be compared.
gekozen as (
    select
        voorrang,
        jaar
    from inwoners_jaar
    where gemeente_code <> '{{ var("land_code") }}'
    group by voorrang, jaar
    having count(inwoners) > 0
    order by voorrang asc, jaar desc
    limit 1
)

select
    inwoners_jaar.gemeente_code,
    round(inwoners_jaar.inwoners)::bigint as inwoners,
    inwoners_jaar.jaar as inwoners_jaar,
    inwoners_jaar.bron_id as inwoners_bron_id,
    inwoners_jaar.is_herleid,
    inwoners_jaar.ontbreekt_reden
from inwoners_jaar
inner join gekozen
    on
        inwoners_jaar.voorrang = gekozen.voorrang
        and inwoners_jaar.jaar = gekozen.jaar
