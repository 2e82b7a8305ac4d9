with

casus as (
    select * from {{ ref('int_casus') }}
),

casus_betrokkene as (
    select * from {{ ref('int_casus_betrokkene') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- Involved once is involved for good: each person and each organisation of a case from its first day on.
personen as (
    select
        casus_id,
        min(van) as van,
        bool_or(eigen_medewerker) as is_eigen
    from casus_betrokkene
    group by casus_id, betrokkene_id
),

instanties as (
    select
        casus_id,
        min(van) as van
    from casus_betrokkene
    group by casus_id, instantie
),

-- Whether anyone is own staff is an optional column: without a single value there is no figure without own staff.
registratie as (
    select count(eigen_medewerker) > 0 as kent_eigen
    from casus_betrokkene
),

in_behandeling as (
    select
        casus.casus_id,
        casus.gemeente_code,
        periode.periode,
        periode.d
    from casus
    inner join periode
        on {{ overlapt('casus.startdatum', 'casus.einddatum') }}
),

personen_per_casus as (
    select
        in_behandeling.casus_id,
        in_behandeling.periode,
        count(*) as personen,
        count(personen.is_eigen) as personen_bekend,
        count(*) filter (where personen.is_eigen is distinct from true) as personen_zonder_eigen
    from in_behandeling
    inner join personen
        on
            in_behandeling.casus_id = personen.casus_id
            and in_behandeling.d >= personen.van
    group by in_behandeling.casus_id, in_behandeling.periode
),

instanties_per_casus as (
    select
        in_behandeling.casus_id,
        in_behandeling.periode,
        count(*) as instanties
    from in_behandeling
    inner join instanties
        on
            in_behandeling.casus_id = instanties.casus_id
            and in_behandeling.d >= instanties.van
    group by in_behandeling.casus_id, in_behandeling.periode
),

per_casus as (
    select
        in_behandeling.gemeente_code,
        in_behandeling.periode,
        personen_per_casus.personen,
        personen_per_casus.personen_bekend,
        personen_per_casus.personen_zonder_eigen,
        instanties_per_casus.instanties
    from in_behandeling
    left join personen_per_casus
        on
            in_behandeling.casus_id = personen_per_casus.casus_id
            and in_behandeling.periode = personen_per_casus.periode
    left join instanties_per_casus
        on
            in_behandeling.casus_id = instanties_per_casus.casus_id
            and in_behandeling.periode = instanties_per_casus.periode
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as casussen,
        count(personen) as casussen_met_betrokkene,
        count(*) - count(personen) as zonder_betrokkene,
        coalesce(sum(personen), 0) as personen,
        coalesce(sum(personen_bekend), 0) as personen_bekend,
        coalesce(sum(personen_zonder_eigen), 0) as personen_zonder_eigen,
        coalesce(sum(instanties), 0) as instanties
    from per_casus
    group by {{ per_gebied() }}
),

samengevat as (
    select
        geteld.*,
        registratie.kent_eigen,
        {{ json_telling({'zonder_betrokkene': 'geteld.zonder_betrokkene'}) }} as uitgesloten
    from geteld
    cross join registratie
)

{% for teller in ['personen', 'instanties'] %}
    select
        {{ eigen_rij(
            "'A 25'", "'" ~ teller ~ "_per_casus'", teller=teller,
            noemer='casussen_met_betrokkene', n='casussen_met_betrokkene',
            eenheden='casussen', met_waarde='casussen_met_betrokkene', uitgesloten='uitgesloten'
        ) }}
    from samengevat
    union all
    select
        {{ eigen_rij(
            "'A 25'", "'" ~ teller ~ "_per_casus_alle'", teller=teller, noemer='casussen', n='casussen',
            eenheden='casussen', met_waarde='casussen_met_betrokkene'
        ) }}
    from samengevat
    union all
{% endfor %}
select
    {{ eigen_rij(
        "'A 25'", "'personen_zonder_eigen'",
        teller='case when kent_eigen then personen_zonder_eigen end',
        noemer='case when kent_eigen then casussen_met_betrokkene end',
        n='case when kent_eigen then casussen_met_betrokkene else 0 end',
        eenheden='personen', met_waarde='personen_bekend', uitgesloten='uitgesloten',
        reden="case when not kent_eigen then 'niet_geleverd' end"
    ) }}
from samengevat
