-- Welke cijfers zijn herrekend na een herindeling, of gaan over een ander grondgebied?
--
-- Een herrekend percentage is gewogen naar inwoners en dus iets minder scherp dan een gepubliceerd cijfer. Wat de bron zelf
-- publiceerde, op de indeling van toen, staat in tabel kpi_waarde_bron.
select
    gemeente_naam,
    kpi_id,
    label,
    min(periode) as eerste_periode,
    max(periode) as laatste_periode,
    count(*) as cijfers,
    bool_or(is_herleid) as herrekend,
    bool_or(breuk) as ander_grondgebied
from v_reeks
where (is_herleid or breuk) and waarde is not null
group by gemeente_naam, kpi_id, label
order by gemeente_naam, kpi_id;
