with

budget as (
    select * from {{ ref('int_budget') }}
),

budgetcorrectie as (
    select * from {{ ref('int_budgetcorrectie') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- A correction belongs to the year it was made in, whatever year the budget is of.
correcties as (
    select
        budget.gemeente_code,
        periode.periode,
        budget.budget_id,
        true as is_correctie,
        budgetcorrectie.bedrag as netto,
        greatest(budgetcorrectie.bedrag, 0) as aanvullend,
        least(budgetcorrectie.bedrag, 0) as restitutie,
        0 as toegekend
    from budgetcorrectie
    inner join budget
        on budgetcorrectie.budget_id = budget.budget_id
    inner join periode
        on {{ in_periode('budgetcorrectie.datum') }}
),

besluiten as (
    select
        budget.gemeente_code,
        periode.periode,
        budget.budget_id,
        false as is_correctie,
        0 as netto,
        0 as aanvullend,
        0 as restitutie,
        budget.bedrag_toegekend as toegekend
    from budget
    inner join periode
        on {{ in_periode('budget.datum_besluit') }}
),

samen as (
    select * from correcties
    union all
    select * from besluiten
),

per_budget as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        budget_id,
        count(*) filter (where is_correctie) as correcties,
        sum(netto) as netto,
        sum(aanvullend) as aanvullend,
        sum(restitutie) as restitutie,
        coalesce(sum(toegekend), 0) as toegekend
    from samen
    group by {{ per_gebied(['budget_id']) }}
),

geteld as (
    select
        gemeente_code,
        periode,
        {% for bedrag in ['netto', 'aanvullend', 'restitutie', 'toegekend'] %}
            sum({{ bedrag }}) as {{ bedrag }},
            count(*) filter (where correcties > 0 and {{ bedrag }} <> 0) as budgetten_{{ bedrag }},
            {{ aandeel_grootste(bedrag, 1) }} as grootste_{{ bedrag }},
            {{ aandeel_grootste(bedrag, 2) }} as grootste_twee_{{ bedrag }},
        {% endfor %}
        count(*) filter (where correcties > 0) as budgetten,
        sum(correcties) as correcties
    from per_budget
    group by gemeente_code, periode
)

{% for bedrag in ['netto', 'aanvullend', 'restitutie'] %}
    select
        {{ eigen_rij(
            "'A 42'", "'" ~ bedrag ~ "'", teller=bedrag, n='budgetten' if bedrag == 'netto' else 'budgetten_' ~ bedrag,
            eenheden='correcties', met_waarde='correcties',
            grootste='grootste_' ~ bedrag, grootste_twee='grootste_twee_' ~ bedrag
        ) }}
    from geteld
    union all
{% endfor %}
select
    {{ eigen_rij(
        "'A 42'", "'percentage_van_toegekend'", teller='netto', noemer='toegekend', n='budgetten',
        eenheden='correcties', met_waarde='correcties',
        grootste='greatest(grootste_netto, grootste_toegekend)',
        grootste_twee='greatest(grootste_twee_netto, grootste_twee_toegekend)'
    ) }}
from geteld
