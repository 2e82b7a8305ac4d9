-- The keys of what was delivered: joins on them double nothing. Hashes, so that ten million rows fit in memory.
{{ config(meta={'dagster': {'ref': {'name': 'int_eigen_gebied'}}}) }}

{% set sleutels = {
    'int_deelnemer': ['deelnemer_id'],
    'int_medewerker': ['medewerker_id'],
    'int_educatietraject': ['educatietraject_id'],
    'int_signaal': ['signaal_id'],
    'int_casus': ['casus_id'],
    'int_casus_complexiteit': ['casus_id', 'vanaf'],
    'int_casus_betrokkene': ['casus_id', 'betrokkene_id', 'van'],
    'int_situatiebeoordeling': ['beoordeling_id'],
    'int_zrm_score': ['casus_id', 'meetdatum', 'domein'],
    'int_plan': ['plan_id'],
    'int_plan_wijziging': ['plan_wijziging_id'],
    'int_plan_voortgang': ['plan_id', 'datum'],
    'int_methodiek': ['methodiek'],
    'int_interventie': ['interventie_id'],
    'int_interventie_deelname': ['interventie_id', 'deelnemer_id', 'van'],
    'int_bijvangst': ['bijvangst_id'],
    'int_nazorgmeting': ['nazorgmeting_id'],
    'int_urenregistratie': ['uren_id'],
    'int_partner': ['partner_id'],
    'int_partnerverzoek': ['verzoek_id'],
    'int_partnerbeoordeling': ['beoordeling_id'],
    'int_doorverwijzing': ['doorverwijzing_id'],
    'int_budget': ['budget_id'],
    'int_budgetcorrectie': ['correctie_id'],
    'int_tevredenheid': ['meting_id'],
    'int_adminopdracht': ['opdracht_id'],
    'int_vragenlijst_afname': ['afname_id'],
    'int_vragenlijst_antwoord': ['afname_id', 'vraagcode'],
    'int_levering_gemeente': ['aangeleverde_code'],
    'int_levering_tabel': ['tabel'],
    'int_periode': ['periode'],
    'int_eigen_gebied': ['gemeente_code'],
} %}
{% for model, kolommen in sleutels.items() %}
    select
        '{{ model }}' as modelnaam,
        count(*) as rijen,
        count(distinct hash({{ kolommen | join(', ') }})) as sleutels
    from {{ ref(model) }}
    having count(*) <> count(distinct hash({{ kolommen | join(', ') }}))
    {{ "union all" if not loop.last }}
{% endfor %}
union all
select
    'int_levering' as modelnaam,
    count(*) as rijen,
    1 as sleutels
from {{ ref('int_levering') }}
having count(*) > 1
