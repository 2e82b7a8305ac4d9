-- Hoe doet Breda het op KPI's die met eenzaamheid te maken hebben naast vergelijkbare gemeenten, sinds wanneer, en hoe zeker
-- is dat?
--
-- Geen KPI van het model heet eenzaamheid; daarom zoekt de vraag in naam, definitie en toelichting, ook naar wat eraan raakt.
-- Sinds wanneer: trend_sinds, of trend_reden als er geen trend te toetsen is. Hoe zeker: het interval, en of het cijfer een
-- benadering (proxy) of een schatting met een model is.
select
    kpi_id,
    label,
    uitsplitsing_naam,
    waarde,
    oi_laag,
    oi_hoog,
    eenheid,
    periode,
    buurgroep_vergelijkingswaarde,
    buurgroep_oordeel,
    buurgroep_reden,
    nl_oordeel,
    trend,
    trend_sinds,
    trend_reden,
    soort,
    is_modelmatig,
    toelichting
from v_profiel
where
    gemeente_naam = 'Breda'
    and familie = 'impact'
    and regexp_matches(
        lower(concat_ws(' ', label, kpi_naam, definitie, toelichting)),
        'eenz|uitgesloten|steun van|sociaal netwerk'
    )
order by kpi_id;
