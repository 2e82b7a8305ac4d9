{{ config(materialized='view') }}

with

eigen_waarde as (
    select * from {{ ref('int_eigen_waarde') }}
),

-- Every extra grain of time is one more sum that gives hidden figures away.
perioden as (
    select waarde from {{ ref('disclosure_parameter') }}
    where parameter = 'publicatie_perioden'
)

select
    eigen_waarde.kpi_id,
    eigen_waarde.model_versie,
    eigen_waarde.variant,
    eigen_waarde.uitsplitsing,
    eigen_waarde.gemeente_code,
    eigen_waarde.periode,
    eigen_waarde.periode_soort,
    eigen_waarde.jaar,
    eigen_waarde.waarde,
    eigen_waarde.eenheid,
    eigen_waarde.soort_waarde,
    eigen_waarde.teller,
    eigen_waarde.noemer,
    eigen_waarde.noemer_jaar,
    eigen_waarde.n,
    eigen_waarde.dekking,
    eigen_waarde.uitgesloten,
    eigen_waarde.grootste,
    eigen_waarde.grootste_twee,
    eigen_waarde.status,
    eigen_waarde.ontbreekt_reden,
    eigen_waarde.hoofd,
    eigen_waarde.teller_telling,
    eigen_waarde.noemer_telling
from eigen_waarde
inner join perioden
    on contains(perioden.waarde, eigen_waarde.periode_soort)
