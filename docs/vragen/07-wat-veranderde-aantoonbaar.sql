-- Wat veranderde de laatste jaren aantoonbaar in Breda?
--
-- Alleen trends die zijn getoetst over vijf opeenvolgende jaren. Wat hier niet staat is niet per se stabiel: vraag dan trend
-- en trend_reden op. De toets zegt dat iets verandert, niet waardoor.
select
    leefgebied_naam,
    kpi_id,
    label,
    trend,
    trend_signaal,
    trend_sinds,
    periode as tot_en_met,
    waarde,
    eenheid
from v_profiel
where gemeente_naam = 'Breda' and trend in ('stijgend', 'dalend')
order by leefgebied, kpi_id;
