"""What the invented figures look like: level and spread per measure, members of dimensions, quirks of single tables.

Data only. A measure, a dimension or a table that is not named here gets a default by its unit or its name, so that a
new row in the registry needs nothing from this file. All numbers are rough orders of size, chosen by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

Role = Literal["part", "split", "compare"]

INWONERS, VOLWASSENEN, HUISHOUDENS = "inwoners", "volwassenen", "huishoudens"
EENPERSOONS, LEERLINGEN, STEDELIJKHEID = "eenpersoons", "leerlingen", "stedelijkheid"


@dataclass(frozen=True, slots=True)
class Level:
    """How one measure is drawn.

    Attributes:
        mean: share of the base (0-1), or the value itself for a raw score; 1 for the base itself.
        spread: standard deviation between gemeenten, in logits (raw: in units).
        deprived, urban: how much of the spread follows deprivation and urbanity (-1 to 1).
        trend: change a year for the country, in logits (raw: in units).
        base: what it is a share of, and its weight in a mean.
        raw: a score or class instead of a share.
        shocks: extra logits in single years.
    """

    mean: float
    spread: float = 0.25
    deprived: float = 0.5
    urban: float = 0.2
    trend: float = 0.0
    base: str = INWONERS
    raw: bool = False
    shocks: Mapping[int, float] = field(default_factory=dict)


_CORONA = {2020: 0.45, 2021: 0.4, 2022: 0.12}

# Key of a level -> level. The key also fixes the lot, so measures with one key move together.
LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "inwoners": Level(1.0, base=INWONERS),
        "huishoudens": Level(1.0, base=HUISHOUDENS),
        "eenpersoons": Level(1.0, base=EENPERSOONS),
        "leerlingen": Level(1.0, base=LEERLINGEN),
        "beroepsbevolking": Level(1.0, base=VOLWASSENEN),
        "stedelijkheid": Level(1.0, base=STEDELIJKHEID, raw=True),
        "laag inkomen": Level(0.055, 0.40, 0.75, 0.35, -0.012, HUISHOUDENS),
        "arm": Level(0.052, 0.38, 0.75, 0.30, -0.05),
        "langdurig arm": Level(0.019, 0.45, 0.80, 0.30, -0.04),
        "wsnp": Level(0.0007, 0.35, 0.70, 0.20, -0.09),
        "zorgpremie": Level(0.0125, 0.40, 0.80, 0.35, -0.04),
        "bijstand alleenstaande": Level(0.022, 0.45, 0.75, 0.40, -0.02, HUISHOUDENS),
        "bijstand ouder": Level(0.0062, 0.45, 0.75, 0.40, -0.03, HUISHOUDENS),
        "bijstand paar": Level(0.0052, 0.45, 0.75, 0.40, -0.03, HUISHOUDENS),
        "bijstand personen": Level(0.017, 0.45, 0.75, 0.40, -0.02),
        "bijstandgerelateerd": Level(0.0175, 0.45, 0.75, 0.40, -0.02),
        "bijstandgerelateerd oud": Level(0.0032, 0.40, 0.60, 0.50, 0.02),
        "vsv": Level(0.018, 0.28, 0.60, 0.45, 0.04, LEERLINGEN),
        "arbeidsparticipatie": Level(0.725, 0.13, -0.80, -0.05, 0.03, VOLWASSENEN),
        "moeite rondkomen": Level(0.135, 0.30, 0.85, 0.30, -0.03, VOLWASSENEN),
        "mantelzorger": Level(0.142, 0.12, -0.05, -0.50, 0.005, VOLWASSENEN),
        "vrijwilligerswerk": Level(0.265, 0.20, -0.35, -0.60, -0.02, VOLWASSENEN),
        "beweegrichtlijn": Level(0.50, 0.15, -0.60, 0.20, -0.01, VOLWASSENEN),
        "overgewicht": Level(0.50, 0.17, 0.55, -0.55, 0.005, VOLWASSENEN),
        "ernstig overgewicht": Level(0.15, 0.20, 0.65, -0.30, 0.02, VOLWASSENEN),
        "hoog risico": Level(0.075, 0.25, 0.70, 0.40, 0.03, VOLWASSENEN),
        "matig risico": Level(0.46, 0.15, 0.60, 0.40, 0.02, VOLWASSENEN),
        "psychische klachten": Level(0.20, 0.18, 0.60, 0.40, 0.02, VOLWASSENEN),
        "stress": Level(0.19, 0.15, 0.45, 0.50, 0.03, VOLWASSENEN),
        "regie": Level(0.90, 0.18, -0.80, -0.20, -0.01, VOLWASSENEN),
        "sterk eenzaam": Level(0.115, 0.22, 0.70, 0.40, 0.03, VOLWASSENEN),
        "eenzaam": Level(0.46, 0.15, 0.65, 0.35, 0.02, VOLWASSENEN),
        "steun van anderen": Level(0.78, 0.14, -0.50, -0.40, 0.0, VOLWASSENEN),
        "mist steun": Level(0.065, 0.20, 0.70, 0.35, 0.0, VOLWASSENEN),
        "beperkt": Level(0.13, 0.20, 0.70, -0.20, 0.01, VOLWASSENEN),
        "goede gezondheid": Level(0.74, 0.15, -0.75, 0.10, -0.01, VOLWASSENEN),
        "jong angst": Level(0.32, 0.14, 0.30, 0.40),
        "jong beperkt": Level(0.18, 0.15, 0.40, 0.35),
        "jong mentaal goed": Level(0.70, 0.13, -0.45, -0.30),
        "jong gelukkig": Level(0.74, 0.13, -0.45, -0.30),
        "jong tevreden": Level(0.80, 0.13, -0.50, -0.30),
        "jong terecht": Level(0.86, 0.14, -0.45, -0.20),
        "jong suicide": Level(0.06, 0.18, 0.30, 0.30),
        "jong schulden": Level(0.13, 0.20, 0.65, 0.20),
        "jong sport": Level(0.58, 0.15, -0.60, 0.10),
        "onveilig": Level(0.155, 0.22, 0.60, 0.60, -0.01, VOLWASSENEN),
        "vaak onveilig": Level(0.017, 0.35, 0.70, 0.50, 0.0, VOLWASSENEN),
        "niet open": Level(0.10, 0.20, 0.55, 0.50, -0.02, VOLWASSENEN),
        "rijdt om": Level(0.03, 0.30, 0.60, 0.55, 0.0, VOLWASSENEN),
        "veel criminaliteit": Level(0.09, 0.40, 0.65, 0.50, -0.02, VOLWASSENEN),
        "bang slachtoffer": Level(0.025, 0.30, 0.60, 0.50, 0.0, VOLWASSENEN),
        "cijfer veiligheid": Level(7.3, 0.22, -0.65, -0.50, 0.01, VOLWASSENEN, raw=True),
        "cohesie": Level(6.1, 0.25, -0.60, -0.60, -0.01, VOLWASSENEN, raw=True),
        "informele hulp": Level(0.34, trend=0.01),
        "vrijwilligerswerk buurt": Level(0.07, trend=0.0),
        "voorzieningen": Level(0.165, 0.22, 0.80, 0.20, 0.02, HUISHOUDENS),
        "clienten": Level(0.115, 0.20, 0.75, 0.20, 0.02),
        "misdrijven": Level(0.038, 0.28, 0.45, 0.75, -0.025),
        "overlast": Level(0.016, 0.30, 0.45, 0.70, 0.02, shocks=_CORONA),
    }
)

# Stem of a column, or its title, in lower case without spaces and signs -> key of a level.
MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "bevolkingop1januari": "inwoners", "bevolking": "inwoners", "aantalinwoners": "inwoners",
        "inwonertal": "inwoners", "huishoudenstotaal": "huishoudens",
        "totaalparticulierehuishoudens": "huishoudens", "eenpersoonshuishouden": "eenpersoons",
        "eenpersoonshuishoudens": "eenpersoons", "leerlingen": "leerlingen",
        "beroepsennietberoepsbevolking": "beroepsbevolking", "matevanstedelijkheid": "stedelijkheid",
        "particulierehuishoudens": "laag inkomen", "particulierehuishoudensrelatief": "laag inkomen",
        "huishoudensmeteenlaaginkomen": "laag inkomen", "personenarmrelatief": "arm",
        "personenlangdurigarmrelatief": "langdurig arm", "personenmetuitgesprokenschuldsanering": "wsnp",
        "personenmeteenbetalingsachterstand": "zorgpremie",
        "persmetbetalingsachterstandrelatief": "zorgpremie",
        "leefvormalleenstaande": "bijstand alleenstaande", "leefvormalleenstaandeouder": "bijstand ouder",
        "leefvormechtpaar": "bijstand paar", "bijstandtotdeaowleeftijd": "bijstand personen",
        "personenpersoortuitkeringbijstand": "bijstand personen",
        "bijstandgerelateerdtotaowleeftijd": "bijstandgerelateerd",
        "bijstandgerelateerdvanafaowleeftijd": "bijstandgerelateerd oud",
        "voortijdigschoolverlaters": "vsv", "voortijdigschoolverlaterspercentage": "vsv",
        "nettoarbeidsparticipatie": "arbeidsparticipatie", "werkzameberoepsbevolking": "arbeidsparticipatie",
        "moeitemetrondkomen": "moeite rondkomen", "mantelzorger": "mantelzorger",
        "vrijwilligerswerk": "vrijwilligerswerk", "voldoetaandebeweegrichtlijn": "beweegrichtlijn",
        "voldoetaanbeweegrichtlijn": "beweegrichtlijn", "overgewicht": "overgewicht",
        "ernstigovergewichtobesitas": "ernstig overgewicht", "ernstigovergewicht": "ernstig overgewicht",
        "hoogrisicoangststoornisofdepressie": "hoog risico", "hoogrisicoopangstofdepressie": "hoog risico",
        "matighoogrisicoopangstofdepressie": "matig risico", "psychischeklachten": "psychische klachten",
        "heelveelstressafg4weken": "stress", "heelveelstressinafgelopen4weken": "stress",
        "matigveelregieoverheteigenleven": "regie", "matigveelregieovereigenleven": "regie",
        "sterkeenzaam": "sterk eenzaam", "ernstigzeerernstigeenzaam": "sterk eenzaam", "eenzaam": "eenzaam",
        "krijgtsteunvananderen": "steun van anderen", "mistemotionelesteun": "mist steun",
        "langdurigbeperkt": "beperkt", "goedervarengezondheid": "goede gezondheid",
        "ervarengezondheidgoedzeergoed": "goede gezondheid",
        "angstdepressiegevoelensafg4weken": "jong angst", "beperktdoorpsychischeklachten": "jong beperkt",
        "goedervarenmentalegezondheid": "jong mentaal goed", "vaakgelukkigafg4weken": "jong gelukkig",
        "tevredenmeteigenleven": "jong tevreden", "kanbijiemandterechtbijprobleem": "jong terecht",
        "gepraatoversuicidegedachten": "jong suicide", "heeftschulden": "jong schulden",
        "lidsportclubsportschoolofsportabo": "jong sport", "voeltzichweleensonveiliginbuurt": "onveilig",
        "voeltzichvaakonveiliginbuurt": "vaak onveilig", "doetsavondsnietopen": "niet open",
        "rijdtoflooptom": "rijdt om", "denktdaterveelcriminaliteitinbuurt": "veel criminaliteit",
        "bangslachtoffercriminaliteitteworden": "bang slachtoffer",
        "rapportcijferveiligheidinbuurt": "cijfer veiligheid", "socialecohesieschaalscore": "cohesie",
        "informelehulp": "informele hulp", "buurt": "vrijwilligerswerk buurt",
        "huishoudensmetvoorzieningen": "voorzieningen", "clientenmetvoorzieningen": "clienten",
        "geregistreerdemisdrijven": "misdrijven", "geregistreerdeoverlast": "overlast",
    }
)  # fmt: skip


def default_level(unit: str) -> Level:
    """Level of a measure that is not named above, by its unit."""
    text = unit.casefold()
    if text == "rapportcijfer":
        return Level(7.0, 0.25, -0.5, -0.3, raw=True)
    if "score" in text or "schaal" in text:
        return Level(6.0, 0.4, -0.5, -0.3, raw=True)
    if text == "code":
        return Level(1.0, base=STEDELIJKHEID, raw=True)
    base = HUISHOUDENS if "huishoud" in text else INWONERS
    return Level(0.2 if text == "%" else 0.02, base=base)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a dimension.

    Attributes:
        key: trimmed key.
        title: its title.
        factor: share of the total, or how the share of this group compares with that of all.
        fixed: share that holds for everyone, instead of a drawn one.
        bound: -1 lower bound, +1 upper bound, 0 the value.
        total: the sum of the other members (only where the dimension adds up).
    """

    key: str
    title: str
    factor: float = 1.0
    fixed: float | None = None
    bound: int = 0
    total: bool = False


@dataclass(frozen=True, slots=True)
class DimensionProfile:
    """A dimension that is known by its key or its title.

    Attributes:
        members: in the order of the service; more than the registry asks for.
        width: width that keys are padded to; 0 = that of the longest key.
        title: title of the dimension; empty = made of the key.
        noise: how much a member of its own varies between gemeenten (0: all members move together).
        adds_up: the total is the sum of the other members.
        role: what a member's factor applies to: `part` of the measure (kinds of help), `split` of the people
            (sexes), or `compare` for groups whose shares differ, per measure in another way (ages).
    """

    members: tuple[Member, ...]
    width: int = 0
    title: str = ""
    noise: float = 0.0
    adds_up: bool = False
    role: Role = "part"


_MARGES = (
    Member("MW00000", "Waarde"),
    Member("MOG0095", "Ondergrens 95%-interval", bound=-1),
    Member("MBG0095", "Bovengrens 95%-interval", bound=1),
)
_SEXES = (
    Member("T001038", "Totaal mannen en vrouwen"),
    Member("3000", "Mannen", 0.49),
    Member("4000", "Vrouwen", 0.51),
)
_KINDS_OF_HELP = (
    Member("T002044", "Totaal", total=True),
    Member("A047001", "Alleen Jeugd", 0.200),
    Member("A047002", "Alleen P-wet", 0.170),
    Member("A047003", "Alleen Wmo", 0.470),
    Member("A047004", "Jeugd en P-wet", 0.035),
    Member("A047005", "Jeugd en Wmo", 0.035),
    Member("A047006", "P-wet en Wmo", 0.070),
    Member("A047007", "Jeugd, P-wet en Wmo", 0.020),
)
_CRIMES = (
    Member("0.0.0", "Totaal misdrijven", total=True),
    Member("1.1.1", "1.1.1 Diefstal/inbraak woning", 0.035),
    Member("1.2.3", "1.2.3 Diefstal van brom-, snor-, fietsen", 0.095),
    Member("1.4.1", "1.4.1 Zedenmisdrijf", 0.010),
    Member("1.4.3", "1.4.3 Openlijk geweld (persoon)", 0.005),
    Member("1.4.4", "1.4.4 Bedreiging", 0.031),
    Member("1.4.5", "1.4.5 Mishandeling", 0.050),
    Member("2.2.1", "2.2.1 Vernieling cq. zaakbeschadiging", 0.110),
    Member("2.4.1", "2.4.1 Burengerucht (relatieproblemen)", 0.0004),
    Member("2.4.2", "2.4.2 Huisvredebreuk", 0.004),
    Member("2.6.10", "2.6.10 Bijzondere wetten", 0.006),
    Member("2.7.3", "2.7.3 Leefbaarheid (overig)", 0.0012),
    Member("3.9.1", "3.9.1 Overige misdrijven", 0.652),
)
_NUISANCE = (
    Member("0.0.0", "Totaal overlast", total=True),
    Member("E33", "Overlast door verward/overspannen persoon", 0.32),
    Member("E35", "Melding overlast jeugd", 0.19),
    Member("E38", "Overlast i.v.m. alcohol/drugs", 0.08),
    Member("E41", "Overlast zwervers", 0.06),
    Member("F010", "Openbare dronkenschap", 0.01),
    Member("M061", "Overlast horeca", 0.02),
    Member("M062", "Overlast evenement", 0.01),
    Member("M22", "Geluidshinder overig", 0.31),
)

DIMENSIONS: Mapping[str, DimensionProfile] = MappingProxyType(
    {
        "Marges": DimensionProfile(_MARGES, 7),
        "Geslacht": DimensionProfile(_SEXES, 7, role="split"),
        "Leeftijd": DimensionProfile(
            (
                Member("20300", "18 jaar of ouder"),
                Member("53115", "18 tot 65 jaar", 1.04),
                Member("80200", "65 jaar of ouder", 0.87),
            ),
            5,
            role="compare",
        ),
        "Leeftijd:bevolking": DimensionProfile(
            (
                Member("10000", "Totaal leeftijd"),
                Member("70100", "0 tot 5 jaar", 0.05),
                Member("51300", "18 jaar", 0.012),
                Member("20300", "18 jaar of ouder", 0.81),
                Member("80200", "65 jaar of ouder", 0.205),
            ),
            5,
            noise=0.045,
            role="split",
        ),
        "BurgerlijkeStaat": DimensionProfile(
            (
                Member("T001019", "Totaal burgerlijke staat"),
                Member("1010", "Ongehuwd", 0.49),
                Member("1020", "Gehuwd", 0.38),
            ),
            7,
            role="split",
        ),
        "LeeftijdReferentiepersoon": DimensionProfile(
            (
                Member("10000", "Totaal leeftijd referentiepersoon"),
                Member("52010", "Jonger dan 25 jaar", 0.05),
                Member("80200", "65 jaar of ouder", 0.28),
            ),
            5,
            role="split",
        ),
        "InkomensgrensHuishouden": DimensionProfile(
            (
                Member("A050300", "Totaal", fixed=1.0),
                Member("A050301", "Inkomen tot lage-inkomensgrens"),
                Member("A050302", "Inkomen tot 110% van het beleidsmatig minimum", 1.25),
                Member("A050303", "Inkomen tot 120% van het beleidsmatig minimum", 1.7),
            )
        ),
        "DuurInkomenspositie": DimensionProfile(
            (
                Member("A050401", "Ten minste 1 jaar"),
                Member("A050402", "4 jaar of langer", 0.42),
            )
        ),
        "KenmerkenVanHuishoudens": DimensionProfile(
            (
                Member("1050010", "Particuliere huishoudens"),
                Member("1050015", "Type: Eenpersoonshuishouden", 1.7),
                Member("1016010", "Type: Meerpersoonshuishouden", 0.7),
                Member("1013950", "Bron: bijstand", 3.5),
            ),
            7,
        ),
        "PersoonsEnHuishoudenskenmerken": DimensionProfile(
            (
                Member("T009002", "Totaal personen"),
                Member("A042100", "Leeftijd: tot 18 jaar", 1.2),
                Member("A042101", "Leeftijd: 65 jaar of ouder", 0.5),
            ),
            7,
        ),
        "Persoonskenmerken": DimensionProfile(
            (
                Member("T009002", "Totaal personen"),
                Member("53050", "Leeftijd: 16 tot 21 jaar", 0.93),
                Member("53060", "Leeftijd: 21 tot 26 jaar", 1.06),
            ),
            7,
            role="compare",
        ),
        "Kenmerken": DimensionProfile(
            (
                Member("T009002", "Totaal personen"),
                Member("53110", "Leeftijd: 15 tot 25 jaar", 0.8),
                Member("80200", "Leeftijd: 75 jaar of ouder", 0.9),
            ),
            7,
            role="compare",
        ),
        "title:Uitkeringen in relatie met de AOW": DimensionProfile(
            (
                Member("A047800", "Uitkeringen totaal"),
                Member("A047801", "Uitkeringen tot de AOW-leeftijd", 0.9),
                Member("A047802", "Uitkeringen vanaf de AOW-leeftijd", 0.1),
            ),
            7,
        ),
        "AantalVoorzieningen": DimensionProfile(
            (
                Member("T002045", "Totaal"),
                Member("A047101", "1 voorziening", 0.78),
                Member("A047102", "2 voorzieningen", 0.17),
                Member("A047103", "3 of meer voorzieningen", 0.05),
            )
        ),
        "SoortVoorzieningSociaalDomein": DimensionProfile(_KINDS_OF_HELP, noise=0.15, adds_up=True),
        "SoortMisdrijf": DimensionProfile(_CRIMES, 6, "Soort misdrijf", noise=0.22, adds_up=True),
        "Overlast": DimensionProfile(_NUISANCE, 6, "Soort overlast", noise=0.25, adds_up=True),
        "Nationaliteit": DimensionProfile(
            (Member("T001059", "Totaal nationaliteit"), Member("NAT9278", "Nederlands", 0.93)), 7, role="split"
        ),
        "Herkomstland": DimensionProfile((Member("T001040", "Totaal"), Member("1012600", "Nederland", 1.05)), 7),
        "Kenmerken wanbetalers": DimensionProfile(
            (Member("T009003", "Totaal"), Member("A047900", "Jonger dan 25 jaar", 0.7)),
            7,
            "Kenmerken van wanbetalers",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class ExtraTopic:
    """A column that the registry does not ask for."""

    title: str
    unit: str
    stem: str = ""
    group: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableProfile:
    """Quirks of a table.

    Attributes:
        last_year: last year of an open span.
        empty_years: years that are listed but hold no values.
        smallest: inhabitants that a gemeente needs to have a row at all.
        decimals: decimals per stem (lower case), where the unit alone does not tell.
        round_to: counts are rounded to this.
        suppress_below: smaller counts are empty.
        missing: share of the cells of gemeenten that are empty.
        not_delivered: share of the gemeenten whose cells are all empty in a year.
        absent_regions: share of the small gemeenten without any row.
        months, halves: extra periods beside the yearly ones: month numbers of the last year; half-years.
        months_ahead: months after the last year with figures for the country only.
        flow: figures of a part of a year are a part of the year's.
        provisional: the last years are provisional.
        extra_dimensions: keys of DIMENSIONS that the registry does not mention.
        extra_topics: columns that the registry does not ask for.
        codes_width: width of the text column with the code of the area.
        population_ages: Leeftijd splits the inhabitants instead of comparing groups.
        pseudo_regions: rows for codes that look like a gemeente and are none.
        respondents: people behind a figure, per root of the people it is about: what makes its interval.
    """

    last_year: int = 2024
    empty_years: tuple[int, ...] = ()
    smallest: int = 0
    decimals: Mapping[str, int] = field(default_factory=dict)
    round_to: int = 1
    suppress_below: int = 0
    missing: float = 0.004
    not_delivered: float = 0.0
    absent_regions: float = 0.0
    months: tuple[int, ...] = ()
    halves: tuple[int, ...] = ()
    months_ahead: int = 0
    flow: bool = False
    provisional: bool = True
    extra_dimensions: tuple[str, ...] = ()
    extra_topics: tuple[ExtraTopic, ...] = ()
    codes_width: int = 10
    population_ages: bool = False
    pseudo_regions: bool = False
    respondents: float = 4.0


_HEALTH_EXTRAS = (
    ExtraTopic("Goed ervaren gezondheid", "%"),
    ExtraTopic("Ernstig overgewicht (obesitas)", "%", "ErnstigOvergewichtObesitas"),
    ExtraTopic("Emotioneel eenzaam", "%"),
    ExtraTopic("Ontvangt mantelzorg", "%", "Mantelzorgontvanger"),
    ExtraTopic("Voldoet aan alcoholrichtlijn", "%", "VoldoetAanAlcoholRichtlijn"),
)
# A model borrows from all that is like an area: far narrower than a survey of as many people.
_RIVM = TableProfile(extra_topics=_HEALTH_EXTRAS, codes_width=20, missing=0.0, provisional=False, respondents=20.0)
_POPULATION = TableProfile(last_year=2026, missing=0.0, population_ages=True)
_POLICE = TableProfile(last_year=2025, months=(1, 2, 3), flow=True, provisional=False, missing=0.0, pseudo_regions=True)
_LOW_INCOME = TableProfile(
    missing=0.0,
    extra_topics=(
        ExtraTopic("Personen", "x 1 000"),
        ExtraTopic("Minderjarige kinderen", "x 1 000"),
        ExtraTopic("Personen relatief", "%"),
    ),
)
_SOCIAL_DOMAIN = TableProfile(
    round_to=5,
    suppress_below=8,
    not_delivered=0.012,
    halves=(1, 2),
    provisional=False,
    codes_width=10,
    extra_topics=(
        ExtraTopic("Cliënten met voorzieningen", "aantal", "ClientenMetVoorzieningen"),
        ExtraTopic("Cliënten met voorzieningen", "per 1 000 inwoners", "ClientenMetVoorzieningen"),
    ),
)
_NEIGHBOURHOODS = TableProfile(
    round_to=5,
    decimals={"nettoarbeidsparticipatie": 0},
    extra_topics=(
        ExtraTopic("Mannen", "aantal"),
        ExtraTopic("Huishoudens zonder kinderen", "aantal"),
        ExtraTopic("Meest voorkomende postcode", "postcode"),
        ExtraTopic("Omgevingsadressendichtheid", "aantal per km2"),
    ),
)
_SURVEY_SAFETY = TableProfile(
    last_year=2025,
    smallest=70_000,
    provisional=False,
    missing=0.0,
    respondents=2.0,
    extra_topics=(
        ExtraTopic("Voelt zich wel eens onveilig", "%", "VoeltZichWeleensOnveilig"),
        ExtraTopic("Slachtoffers", "%", group=("Geweldsdelicten",)),
        ExtraTopic("Slachtoffers", "%", group=("Vermogensdelicten",)),
    ),
)

# Table id -> profile; otherwise the start of the title decides, otherwise the default.
TABLES: Mapping[str, TableProfile] = MappingProxyType(
    {
        "03759ned": _POPULATION,
        "85644NED": _POPULATION,
        "71486ned": TableProfile(
            last_year=2026,
            missing=0.0,
            extra_topics=(ExtraTopic("Totaal meerpersoonshuishoudens", "aantal"),),
        ),
        "80794ned": TableProfile(
            last_year=2025,
            round_to=10,
            months=(3, 6),
            months_ahead=3,
            extra_topics=(ExtraTopic("Uitkeringsontvangers totaal", "aantal"),),
        ),
        "82015NED": TableProfile(
            last_year=2025,
            round_to=10,
            months=(1, 6),
            months_ahead=3,
            missing=0.0,
            extra_topics=(ExtraTopic("Uitkeringen totaal", "aantal"),),
        ),
        "81064ned": TableProfile(round_to=10, extra_dimensions=("Kenmerken wanbetalers",)),
        "84780NED": TableProfile(
            last_year=2023,
            round_to=10,
            missing=0.0,
            decimals={"voortijdigschoolverlaterspercentage": 0},
            extra_topics=(ExtraTopic("Niet-voortijdig schoolverlaters", "aantal"),),
        ),
        "84926NED": TableProfile(round_to=5),
        "85146NED": _SURVEY_SAFETY,
        "85541NED": TableProfile(
            last_year=2025,
            extra_topics=(
                ExtraTopic("Organisatie", "%", group=("Vrijwilligerswerk",)),
                ExtraTopic("Informele hulp gegeven", "%"),
            ),
        ),
        "86008NED": TableProfile(
            last_year=2023,
            extra_dimensions=("Herkomstland",),
            extra_topics=(ExtraTopic("Bruto arbeidsparticipatie", "%"),),
        ),
        "86202NED": replace(_LOW_INCOME, empty_years=(2024,)),
        "85678NED": replace(_LOW_INCOME, last_year=2022),
        "86131NED": TableProfile(
            extra_topics=(
                ExtraTopic("Personen arm", "x 1 000", "PersonenArm"),
                ExtraTopic("Personen tot 105% armoedegrens relatief", "%", "PersonenTot105ArmoedegrensRelatief"),
            )
        ),
        "50140NED": TableProfile(provisional=False, missing=0.01, absent_regions=0.12, not_delivered=0.02),
    }
)
FAMILIES: Mapping[str, TableProfile] = MappingProxyType(
    {
        "Laag en langdurig laag inkomen": _LOW_INCOME,
        "Voorzieningen sociaal domein": _SOCIAL_DOMAIN,
        "Kerncijfers wijken en buurten": _NEIGHBOURHOODS,
        "Gezondheid per wijk en buurt": _RIVM,
        "Geregistreerde ": _POLICE,
    }
)


def table_profile(table_id: str, title: str) -> TableProfile:
    """Profile of a table: its own, that of its family by title, or the default."""
    if table_id in TABLES:
        return TABLES[table_id]
    return next((profile for start, profile in FAMILIES.items() if title.startswith(start)), TableProfile())
