-- Eén rij per gepubliceerd nieuwste cijfer (gemeente, KPI, uitsplitsing) met de tabel waaruit het komt: editie, wanneer de bron
-- haar wijzigde, wanneer zij is geladen, in welke staat, en onder welke licentie.
--
-- link: Adres waar de tabel bij de bron staat.
-- bron_titel: Titel van de tabel bij de bron.
-- bron_gewijzigd: Moment waarop de bron de tabel voor het laatst wijzigde; leeg als zij dat niet zegt.
-- geladen_op: Moment waarop deze editie is opgehaald, in UTC.
-- bron_staat: Staat van de tabel in de laatste verversing: ververst, ongewijzigd, ontbreekt, fout, niet_nodig of niet_opgehaald.
-- bron_licentie: Licentie waaronder de bron de tabel geeft.
select
    cijfer.gemeente_code,
    cijfer.gemeente_naam,
    cijfer.kpi_id,
    cijfer.model_versie,
    cijfer.kpi_naam,
    cijfer.uitsplitsing,
    cijfer.uitsplitsing_naam,
    cijfer.waarde,
    cijfer.eenheid,
    cijfer.periode,
    cijfer.status,
    cijfer.soort,
    cijfer.is_modelmatig,
    cijfer.verouderd_sinds,
    cijfer.bron_id,
    bron.bron,
    bron.tabel,
    bron.titel as bron_titel,
    cijfer.editie,
    bron.modified as bron_gewijzigd,
    bron.loaded_at as geladen_op,
    bron.staat as bron_staat,
    bron.ritme,
    bron.licentie as bron_licentie,
    cijfer.bronvermelding,
    kpi.link
from kpi_gemeente as cijfer
inner join kpi on cijfer.kpi_id = kpi.kpi_id and cijfer.model_versie = kpi.model_versie
left join bron on cijfer.bron_id = bron.bron_id
where cijfer.waarde is not null
