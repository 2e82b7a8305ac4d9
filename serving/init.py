"""`impact-kpi init`: a folder for an organisation to start from, with every file explained in Dutch.

Writes new files only. The key never appears on a screen or in a log.
"""

import os
import secrets
from pathlib import Path

from serving.errors import WrongUseError

KEY_FILE = "sleutel.hex"
# Filled by the command about deliveries: empty tables, their explanation and an example of a mapping.
EXAMPLE_FOLDER = "levering-voorbeeld"
_KEY_BYTES = 32

_PROFILE = """\
# Profiel van uw organisatie voor Impact-KPI: wat u kiest uit alles wat er is.
#
# Een keuze haalt niets weg. Alle cijfers staan in de tabellen; wat u kiest krijgt daar kolom `gekozen`, en op het
# scherm ziet u eerst uw keuze. Het profiel telt mee vanaf de eerstvolgende impact-kpi refresh.
# Controleer het na elke wijziging: impact-kpi profiel controleren <dit bestand>

organisatie:
  # De naam zoals die bij de cijfers van de hele organisatie (ORG) komt te staan.
  naam: Voorbeeld Welzijn

# De gemeenten waarvoor u werkt, met hun code: GM en vier cijfers. Leeg betekent: allemaal.
# Een code vindt u met: impact-kpi gemeente <naam>        Bijvoorbeeld: [GM0758, GM0014]
gemeenten: []

# De KPI's die u gebruikt. Leeg betekent: allemaal. Kies er weinig: elke KPI vraagt om registratie en uitleg.
# Wat een nummer betekent: impact-kpi kpi I 3.3.3         Bijvoorbeeld: [I 3.3.3, E 3.3.1, A 4]
kpis: []

# De werksoorten waar het u om gaat, zoals ze in uw eigen registratie heten. Leeg betekent: allemaal.
# De cijfers zelf gaan altijd over alle werksoorten; bij de KPI's over interventies staat dat erbij.
werksoorten: []

# Waarmee tabel kpi_gemeente elk cijfer vergelijkt: nl (Nederland), stedelijkheid (even stedelijke gemeenten),
# grootteklasse (even grote gemeenten) of buurgroep (gemeenten die op deze lijken). Alle vier staan in kpi_vergelijking.
benchmark: nl

# Uw eigen korte naam van een KPI. De naam en de definitie van het model blijven erbij staan.
labels: {}
#labels:
#  I 3.3.3: Vrijwilligers

# Welke kant bij u gunstig is, als dat anders is dan het model zegt: hoger, lager of neutraal (geen oordeel).
richtingen: {}
#richtingen:
#  I 3.3.3: neutraal
"""

_TEMPLATE = "kpi_id,gemeente_code,jaar,waarde,eenheid,bron\n"

_MANUAL_README = """\
Eigen cijfers bij KPI's waarvoor geen open bron bestaat
=======================================================

Zet in cijfers.csv een regel per cijfer. Meer bestanden in deze map mag ook; elk bestand krijgt dezelfde kopregel.

kolom          wat erin komt                                     voorbeeld
kpi_id         het nummer uit het KPI-model                      I 1.3.2
gemeente_code  GM en vier cijfers                                GM0758
jaar           vier cijfers                                      2024
waarde         een getal met een punt, zonder duizendtalpunt     1250.5
eenheid        de eenheid van de KPI (impact-kpi kpi <nummer>)   aantal
bron           waar het cijfer vandaan komt                      Jaarverslag voedselbank 2024

Sla op als CSV met komma's, in UTF-8. Verwijs dan naar deze map met IMPACT_KPI_HANDMATIG (zie .env.voorbeeld) en draai
impact-kpi refresh. Een regel die niet klopt, wordt met zijn regelnummer en de reden gemeld; de andere tellen mee.
"""

_ENVIRONMENT = """\
# Instellingen van Impact-KPI. Kopieer dit bestand naar .env en lees het in voordat u een opdracht geeft:
#   set -a; . ./.env; set +a

# Waar de cijfers vandaan komen: demo, live, de map van een archief of een adres dat met http:// begint.
IMPACT_KPI_SOURCES=live

# Waar alles bewaard wordt wat een run maakt.
IMPACT_KPI_DATA={data}

# De map met uw eigen cijfers (CSV).
IMPACT_KPI_HANDMATIG={manual}

# Wat uw organisatie kiest: KPI's, gemeenten, vergelijking en namen.
IMPACT_KPI_PROFIEL={profile}

# Voor eigen gegevens: de sleutel waarmee namen en nummers onherkenbaar worden gemaakt.
IMPACT_KPI_SLEUTEL_BESTAND={key}

# De nacht, indien gewenst: wanneer, wie erover gebeld kan worden, en wie hoort dat er iets mis is (docs/beheer.md).
#IMPACT_KPI_CRON='30 3 * * *'
#IMPACT_KPI_CONTACT=beheer@voorbeeld.nl
#IMPACT_KPI_MELD_WEBHOOK=https://meldingen.voorbeeld.nl/haak
#IMPACT_KPI_MELD_MAIL=beheer@voorbeeld.nl
#IMPACT_KPI_MELD_SMTP=smtp.voorbeeld.nl:587

# Op een kantoornetwerk, indien nodig:
#HTTPS_PROXY=http://proxy.voorbeeld.nl:8080
#NO_PROXY=localhost,127.0.0.1
#REQUESTS_CA_BUNDLE=/pad/naar/ca-bundel.pem
"""

_GITIGNORE = f"# De sleutel en uw instellingen horen niet in versiebeheer.\n{KEY_FILE}\n.env\ndata/\n"


def start_folder(folder: Path) -> list[Path]:
    """Fill a new or existing folder with the files to start from.

    Args:
        folder: Where; made when it is not there.

    Returns:
        The files written, in the order in which to read them. `EXAMPLE_FOLDER` is left to the command about
        deliveries, which knows the contract.

    Raises:
        WrongUseError: when one of the files is already there (nothing is written then), or the folder cannot be
            written.
    """
    target = folder.expanduser().resolve()
    texts = _texts(target)
    key = target / KEY_FILE
    taken = [path for path in (*texts, key, target / EXAMPLE_FOLDER) if path.exists()]
    if taken:
        names = ", ".join(path.relative_to(target).as_posix() for path in taken)
        raise WrongUseError(f"In {target} staat al: {names}. Er is niets overschreven; kies een andere map.")
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        _write_key(key)
    except OSError as error:
        raise WrongUseError(f"De map {target} kan niet worden gevuld: {error.strerror}.") from error
    return [*texts, key]


def _texts(target: Path) -> dict[Path, str]:
    manual = target / "handmatig"
    profile = target / "profiel.yaml"
    environment = _ENVIRONMENT.format(
        data=_quoted(target / "data"),
        manual=_quoted(manual),
        profile=_quoted(profile),
        key=_quoted(target / KEY_FILE),
    )
    return {
        profile: _PROFILE,
        manual / "cijfers.csv": _TEMPLATE,
        manual / "LEESMIJ.txt": _MANUAL_README,
        target / ".env.voorbeeld": environment,
        target / ".gitignore": _GITIGNORE,
    }


def _write_key(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"
