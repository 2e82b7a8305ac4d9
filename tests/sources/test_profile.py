"""The profile of an organisation: what is read from it, and that a mistake names its place and its remedy."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.profile import BENCHMARKS, Profile, ProfileError, load_profile
from sources.seeds import read_seed

REGISTRY = Path(__file__).parents[2] / "dbt_project" / "seeds" / "registry"
YEAR = 2026
HEAD = "organisatie:\n  naam: Welzijn Noord\n"
KPIS = [row["kpi_id"] for _, row in read_seed(REGISTRY, "kpi_register.csv", ("kpi_id",))]


def load(folder: Path, text: str, year: int = YEAR) -> Profile:
    path = folder / "profiel.yaml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path, REGISTRY, year)


def test_only_the_name_is_needed_and_then_everything_is_chosen(tmp_path: Path) -> None:
    """A newcomer's half-filled profile would hide every figure."""
    pins = load(tmp_path, HEAD + "kpis: []\ngemeenten:\nbenchmark: nl\n").to_pins()
    assert pins["naam"] == "Welzijn Noord"
    assert (pins["kiest_kpis"], pins["kiest_gemeenten"], pins["kiest_werksoorten"]) == (False, False, False)
    assert (pins["kpi"], pins["gemeente"], pins["werksoort"]) == ([], [], [])


def test_everything_that_is_chosen_is_read(tmp_path: Path) -> None:
    """A key that is accepted and does nothing."""
    profile = load(
        tmp_path,
        HEAD
        + "gemeenten: [GM0758, gm0014]\nkpis: [i3.3.2, A 3]\nwerksoorten: [opbouwwerk]\nbenchmark: buurgroep\n"
        + "labels: {I 3.3.2: Mantelzorg}\nrichtingen: {I 1.1.1: neutraal}\n",
    )
    assert profile.to_pins() == {
        "naam": "Welzijn Noord",
        "benchmark": "buurgroep",
        "kiest_kpis": True,
        "kiest_gemeenten": True,
        "kiest_werksoorten": True,
        "kpi": [
            {"kpi_id": "A 3", "gekozen": True, "label": None, "richting": None},
            {"kpi_id": "I 1.1.1", "gekozen": False, "label": None, "richting": "neutraal"},
            {"kpi_id": "I 3.3.2", "gekozen": True, "label": "Mantelzorg", "richting": None},
        ],
        "gemeente": [{"gemeente_code": "GM0014"}, {"gemeente_code": "GM0758"}],
        "werksoort": [{"werksoort": "opbouwwerk"}],
    }


def test_a_label_or_a_direction_chooses_nothing_and_unchooses_nothing(tmp_path: Path) -> None:
    """Giving one KPI a name would mark it alone as chosen."""
    pins = load(tmp_path, HEAD + "labels: {I 3.3.2: Mantelzorg}\n").to_pins()
    assert pins["kiest_kpis"] is False
    assert [kpi["gekozen"] for kpi in pins["kpi"]] == [True]


@given(chosen=st.lists(st.sampled_from(KPIS), unique=True, max_size=8), seed=st.randoms())
def test_the_order_of_a_choice_is_no_change(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[str], seed: random.Random
) -> None:
    """Sorting the list by hand would make a new publication."""
    shuffled = list(chosen)
    seed.shuffle(shuffled)
    folder = tmp_path_factory.mktemp("profiel")
    one, other = (load(folder, f"{HEAD}kpis: {json.dumps(kpis)}\n").to_pins() for kpis in (chosen, shuffled))
    assert one == other


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            HEAD + "gemeenten:\n  - GM0758\n  - GM0788\n",
            "regel 5, sleutel gemeenten: GM0788 (Haaren) bestaat niet meer",
        ),
        (HEAD + "gemeenten: [GM0788]\n", "GM0757 (Boxtel) of GM0824 (Oisterwijk)"),
        (HEAD + "gemeenten: [GM0003]\n", "sinds 01-01-2021. Neem GM1979 (Eemsdelta)."),
        (HEAD + "gemeenten: [Breda]\n", "Schrijf de code: GM0758 (Breda)."),
        (HEAD + "gemeenten: [GM0000]\n", "er is geen gemeente met code 'GM0000'"),
        (HEAD + "gemeenten: [NL]\n", "er is geen gemeente met code 'NL'"),
        (HEAD + "kpis:\n- I 3.3.2\n- I 3.3.9\n", "regel 5, sleutel kpis: er is geen KPI 'I 3.3.9'. Bedoelt u I 3.3."),
        (HEAD + "kpis: [I 3.3.2, i3.3.2]\n", "I 3.3.2 staat er twee keer."),
        (HEAD + "benchmark: landelijk\n", "Kies uit: nl, stedelijkheid, grootteklasse, buurgroep."),
        (HEAD + "benchmark: stedelijk\n", "Bedoelt u stedelijkheid?"),
        (HEAD + "kpi: [I 3.3.2]\n", "sleutel kpi: deze sleutel bestaat niet. Bedoelt u kpis?"),
        (HEAD + "labels:\n  I 9.9.9: x\n", "regel 4, sleutel labels.I 9.9.9: er is geen KPI"),
        (HEAD + f"labels: {{I 3.3.2: {'x' * 61}}}\n", "Een label heeft er hoogstens 60."),
        (HEAD + 'labels: {I 3.3.2: "a\\u001b[31mb"}\n', "niet te tonen"),
        (HEAD + "labels: {I 3.3.2: }\n", "hier hoort tekst"),
        (HEAD + "richtingen: {I 3.3.2: omhoog}\n", "Kies uit: hoger, lager, neutraal."),
        (HEAD + "richtingen: [I 3.3.2]\n", "hier hoort een blok"),
        (HEAD + "kpis: {I 3.3.2: ja}\n", "sleutel kpis: hier hoort tekst"),
        (HEAD + HEAD, "regel 3, sleutel organisatie: deze sleutel staat er twee keer."),
        ("kpis: []\n", "organisatie ontbreekt."),
        ("organisatie: Welzijn\n", "sleutel organisatie: hier hoort een blok"),
        ("organisatie: {}\n", "naam ontbreekt."),
        ("organisatie: {naam: ''}\n", "leeg"),
        ("organisatie: [\n", "regel 2: dit is geen geldige YAML"),
        ("", "is leeg. Een voorbeeld maakt u met: impact-kpi init MAP"),
        ("- a\n", "hier hoort een blok"),
    ],
)
def test_a_mistake_names_its_place_and_its_remedy(tmp_path: Path, text: str, says: str) -> None:
    """A policy adviser who gets 'invalid profile' gives up."""
    with pytest.raises(ProfileError) as raised:
        load(tmp_path, text)
    assert says in str(raised.value)
    assert str(tmp_path / "profiel.yaml") in str(raised.value)


def test_a_gemeente_is_judged_by_the_division_of_the_publication(tmp_path: Path) -> None:
    """A mart on the division of 2020 could not be limited to a gemeente of that year."""
    text = HEAD + "gemeenten: [GM0788]\n"
    assert load(tmp_path, text, year=2020).gemeenten == {"GM0788": "Haaren"}
    with pytest.raises(ProfileError, match="bestaat in 2020 nog niet"):
        load(tmp_path, HEAD + "gemeenten: [GM1979]\n", year=2020)


def test_a_file_that_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    """A workbook saved as profiel.yaml ends in a stack trace."""
    path = tmp_path / "profiel.yaml"
    path.write_bytes(b"PK\xff\xfe\x00")
    with pytest.raises(ProfileError, match="UTF-8"):
        load_profile(path, REGISTRY, YEAR)
    with pytest.raises(ProfileError, match="niet te lezen"):
        load_profile(tmp_path, REGISTRY, YEAR)


def test_every_benchmark_of_the_mart_can_be_chosen(tmp_path: Path) -> None:
    """A benchmark that is computed and cannot be asked for."""
    for benchmark in BENCHMARKS:
        assert load(tmp_path, f"{HEAD}benchmark: {benchmark}\n").benchmark == benchmark
