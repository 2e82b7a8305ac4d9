-- Wat doet en bereikt de organisatie in Breda, en hoe staat de gemeente ervoor op hetzelfde leefgebied?
--
-- Naast elkaar, niet tegen elkaar: eigen cijfers gaan over deelnemers, open cijfers over alle inwoners. Eigen aantallen zijn
-- afgerond op vijftallen; kleine cijfers zijn onderdrukt.
select
    leefgebied,
    leefgebied_naam,
    'eigen registratie' as waaruit,
    familie,
    kpi_id,
    label,
    waarde,
    eenheid,
    periode,
    ontbreekt_reden
from v_eigen
where gemeente_naam = 'Breda' and hoofduitsplitsing
union all
select
    leefgebied,
    leefgebied_naam,
    'open cijfers' as waaruit,
    familie,
    kpi_id,
    label,
    waarde,
    eenheid,
    periode,
    ontbreekt_reden
from v_profiel
where gemeente_naam = 'Breda' and familie = 'impact'
order by leefgebied nulls first, waaruit, kpi_id;
