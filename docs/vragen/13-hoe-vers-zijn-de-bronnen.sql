-- Hoe vers zijn de bronnen: wanneer wijzigde elke tabel, wanneer is zij geladen, en ging dat goed?
--
-- staat ververst of ongewijzigd is in orde; bij fout of ontbreekt staat in melding waarom en in verouderd_sinds sinds wanneer
-- de cijfers niet zijn ververst. Een verse bron kan nog steeds oude jaren bevatten: kijk ook naar de periode van een cijfer.
select
    bron,
    tabel,
    titel,
    staat,
    modified as gewijzigd_door_bron,
    loaded_at as geladen_op,
    ritme,
    verouderd_sinds,
    melding,
    kpis
from bron
where staat <> 'niet_nodig'
order by staat, bron, tabel;
