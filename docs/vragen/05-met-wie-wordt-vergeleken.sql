-- Welke gemeenten lijken het meest op Breda, en dus: met wie wordt vergeleken?
--
-- De buurgroep lijkt qua opbouw (tabel buurgroep_kenmerk), niet qua ligging. Een kleine afstand is een grote gelijkenis.
select
    buurgroep.rang,
    buur.gemeente_naam,
    buur.provincie,
    buur.inwoners,
    buurgroep.afstand
from buurgroep
inner join gemeente as midden on buurgroep.gemeente_code = midden.gemeente_code
inner join gemeente as buur on buurgroep.buur_code = buur.gemeente_code
where midden.gemeente_naam = 'Breda'
order by buurgroep.rang;
