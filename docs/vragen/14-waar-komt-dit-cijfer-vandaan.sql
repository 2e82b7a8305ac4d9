-- Waar komt dit cijfer vandaan, en hoe moet ik de bron noemen?
--
-- editie is de lading waaruit het cijfer is berekend. Neem bronvermelding letterlijk over; link brengt u naar de tabel bij de
-- bron.
select
    kpi_naam,
    uitsplitsing_naam,
    waarde,
    eenheid,
    periode,
    tabel,
    bron_titel,
    editie,
    bron_gewijzigd,
    geladen_op,
    bron_licentie,
    bronvermelding,
    link
from v_herkomst
where gemeente_naam = 'Breda' and kpi_id = 'I 3.3.2';
