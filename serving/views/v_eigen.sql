-- Eén rij per KPI, uitsplitsing en gemeente (of ORG, de hele organisatie) uit de eigen registratie: activiteit, kwaliteit, effect,
-- oordeel van professionals en bereik, alleen waar de organisatie werkt. Aantallen zijn afgerond op vijftallen en kleine cijfers
-- zijn onderdrukt; leg ze naast de open cijfers, niet ertegen: het zijn andere mensen.
select
    cijfer.gemeente_code,
    cijfer.gemeente_naam,
    cijfer.familie,
    cijfer.leefgebied,
    cijfer.leefgebied_naam,
    cijfer.kpi_id,
    cijfer.model_versie,
    cijfer.kpi_naam,
    cijfer.label,
    cijfer.gekozen,
    cijfer.hoofduitsplitsing,
    cijfer.uitsplitsing,
    cijfer.uitsplitsing_naam,
    cijfer.waarde,
    cijfer.eenheid,
    cijfer.periode,
    cijfer.oi_laag,
    cijfer.oi_hoog,
    cijfer.richting,
    cijfer.trend,
    cijfer.trend_signaal,
    cijfer.trend_reden,
    cijfer.status,
    cijfer.ontbreekt_reden,
    cijfer.bronvermelding,
    cijfer.definitie,
    cijfer.toelichting
from kpi_gemeente as cijfer
where cijfer.familie <> 'impact'
