{#- The models of own figures: a new KPI model is a line here. -#}
{% set modellen = [
    'int_a_01_vindplaatsen',
    'int_a_02_signalen',
    'int_a_03_wachtlijst',
    'int_a_03_urentekort',
    'int_a_04_wachttijd',
    'int_a_05_te_laat',
    'int_a_06_vroegsignaal',
    'int_a_07_vinders',
    'int_a_08_uren_per_interventie',
    'int_a_09_in_een_keer_goed',
    'int_a_10_toegekend',
    'int_a_11_declarabel',
    'int_a_12_casussen',
    'int_a_13_caseload',
    'int_a_14_complexiteit_wijziging',
    'int_a_15_hoog_per_laag',
    'int_a_16_op_tijd_ingezet',
    'int_a_17_partnerbeoordeling',
    'int_a_18_reactietijd',
    'int_a_19_zrm_progressie',
    'int_a_20_conform_plan',
    'int_a_21_bereik',
    'int_a_22_planwijzigingen',
    'int_a_23_gestopt',
    'int_a_24_teamwisselingen',
    'int_a_25_betrokkenen',
    'int_a_26_retouren',
    'int_a_27_doorlooptijd',
    'int_a_28_doorverwijzingen',
    'int_a_29_afgerond',
    'int_a_30_goed_op_tijd',
    'int_a_31_doel_bereikt',
    'int_a_32_34_tevredenheid',
    'int_a_35_besparing',
    'int_a_36_38_nazorg',
    'int_a_37_terugval',
    'int_a_39_doorontwikkeling',
    'int_a_40_bijvangst',
    'int_a_41_op_tijd_verwerkt',
    'int_a_42_budgetcorrecties',
    'int_effect_waarde',
    'int_k_01_tevredenheid',
    'int_k_02_methodieken',
    'int_k_03_registraties',
    'int_k_04_educatietrajecten',
    'int_b_bereik',
] -%}

with

figuren as (
    {% for model in modellen %}
        select * from {{ ref(model) }}
        {{ "union all by name" if not loop.last }}
    {% endfor %}
)

select
    kpi_id,
    variant,
    uitsplitsing,
    gemeente_code,
    periode,
    teller,
    noemer,
    waarde,
    n,
    eenheden,
    eenheden_met_waarde,
    uitgesloten,
    grootste,
    grootste_twee,
    spreiding,
    voorlopig,
    reden
from figuren
