"""Benchmarks and verdicts: who is alike, what a group is worth without its own gemeente, and when a figure is judged.

The SQL is the project's own, compiled once and run on tables that a test fills; beside it stands the same rule worked
out apart, gemeente by gemeente, without the sums and windows that make the SQL fast.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_project.compiled import Models
from tests.dbt_project.conftest import RunDbt

pytestmark = pytest.mark.xdist_group("dbt")

FEATURES = ("grootte", "leeftijd", "inkomen", "huishouden")
GROUP_SIZE, LEAST_FEATURES, LEAST_OTHERS = 15, 3, 5
TYPES = ("nl", "stedelijkheid", "grootteklasse", "buurgroep")
FIGURE = {
    "kpi_id": "varchar", "model_versie": "varchar", "variant": "varchar", "uitsplitsing": "varchar",
    "gemeente_code": "varchar", "periode": "varchar", "periode_soort": "varchar", "jaar": "integer", "waarde": "double",
    "teller": "double", "noemer": "double", "status": "varchar", "ontbreekt_reden": "varchar", "herkomst": "varchar",
    "is_modelmatig": "boolean", "breuk": "boolean", "richting": "varchar", "meetwijze": "varchar",
    "soort_waarde": "varchar", "factor": "integer", "inwoners": "double", "vergelijkingswaarde": "double",
    "vergelijkingseenheid": "varchar", "vergelijking_laag": "double", "vergelijking_hoog": "double",
}  # fmt: skip
Values = Mapping[str, Mapping[str, float]]


def _code(number: int) -> str:
    return f"GM{number:04}"


# --- who is alike --------------------------------------------------------------------------------------------------


class Neighbours:
    """The models that say who is alike, on features that a test gives."""

    def __init__(self, models: Models) -> None:
        """Take the compiled models."""
        self._models = models

    def of(self, values: Values, rows: Sequence[tuple[str, str]] | None = None) -> dict[str, list[tuple[str, float]]]:
        """The neighbours of every gemeente, nearest first; rows is the order in which the figures come in."""
        order = rows or [(code, feature) for code, features in values.items() for feature in features]
        texts = ("variant", "uitsplitsing", "gemeente_code", "periode_soort")
        self._models.given(
            "intermediate.int_kpi_waarde",
            dict.fromkeys(texts, "varchar") | {"jaar": "integer", "waarde": "double"},
            [
                {
                    "variant": feature,
                    "uitsplitsing": "totaal",
                    "gemeente_code": code,
                    "periode_soort": "jaar",
                    "jaar": 2024,
                    "waarde": values[code][feature],
                }
                for code, feature in order
            ],
        )
        self._models.given(
            "intermediate.int_gemeente",
            {"gemeente_code": "varchar", "indelingsjaar": "integer"},
            [{"gemeente_code": code, "indelingsjaar": 2024} for code in dict.fromkeys(code for code, _ in order)],
        )
        found: dict[str, list[tuple[str, float]]] = {}
        for row in sorted(self._models.run(), key=lambda row: (row["gemeente_code"], row["rang"])):
            found.setdefault(row["gemeente_code"], []).append((row["buur_code"], row["afstand"]))
        return found


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory, run_dbt: RunDbt) -> Neighbours:
    """The models, compiled, with four features that come from KPIs."""
    folder = tmp_path_factory.mktemp("neighbours")
    names = ["int_buurgroep_kenmerk", "int_buurgroep"]
    run_dbt(folder, None, "compile", "--select", *names)
    models = Models(folder / "target" / "compiled", names, ["intermediate", "registry"])
    texts = (
        *("kenmerk", "bron", "reeks", "uitsplitsing", "rol", "noemer_reeks", "noemer_uitsplitsing", "noemer_rol"),
        "transformatie",
    )
    models.given(
        "registry.opbouw_kenmerk",
        dict.fromkeys(texts, "varchar") | {"voorrang": "integer", "gewicht": "double"},
        [
            {
                "kenmerk": feature,
                "bron": "kpi",
                "reeks": feature,
                "uitsplitsing": "totaal",
                "transformatie": "log" if feature == "grootte" else "geen",
                "voorrang": 1,
                "gewicht": 1,
            }
            for feature in FEATURES
        ],
    )
    part = dict.fromkeys(("reeks_id", "uitsplitsing", "rol", "gemeente_code", "periode", "periode_soort"), "varchar")
    numbers = {"naar_jaar": "integer", "jaar": "integer", "waarde": "double"}
    models.given("intermediate.int_reeks_deel_indeling", part | numbers, [])
    models.given("intermediate.int_reeks_periode", part | numbers, [])
    classes = {"gemeente_code": "varchar", "stedelijkheid_jaar": "integer", "stedelijkheid": "integer"}
    models.given("intermediate.int_gemeente_stedelijkheid", classes, [])
    return Neighbours(models)


@st.composite
def _structures(draw: st.DrawFn) -> dict[str, dict[str, float]]:
    """Twenty-two gemeenten with published figures, many alike, and two that miss features."""
    figures = st.integers(1, 60).map(lambda tenths: tenths / 10)
    values = {_code(number): {feature: draw(figures) for feature in FEATURES} for number in range(1, 23)}
    for number in (3, 7):
        missing = draw(st.sampled_from(FEATURES))
        values[_code(number)].pop(missing)
    del values[_code(7)][next(feature for feature in FEATURES if feature in values[_code(7)])]
    return values


def _worked_out(values: Values) -> dict[str, dict[str, float]]:
    """Distance of every pair that shares enough features, from plain arithmetic."""
    scaled: dict[str, dict[str, float]] = {code: {} for code in values}
    for feature in FEATURES:
        heights = {
            code: math.log(features[feature]) if feature == "grootte" else features[feature]
            for code, features in values.items()
            if feature in features
        }
        mean = sum(heights.values()) / len(heights)
        spread = math.sqrt(sum((height - mean) ** 2 for height in heights.values()) / len(heights))
        if spread > 1e-9 and len(heights) >= 0.9 * len(values):
            for code, height in heights.items():
                scaled[code][feature] = (height - mean) / spread
    used = len({feature for features in scaled.values() for feature in features})
    distances: dict[str, dict[str, float]] = {}
    for here, mine in scaled.items():
        for there, theirs in scaled.items():
            shared = mine.keys() & theirs.keys()
            if here != there and len(shared) >= LEAST_FEATURES:
                squares = sum((mine[feature] - theirs[feature]) ** 2 for feature in shared)
                distances.setdefault(here, {})[there] = math.sqrt(squares * used / len(shared))
    return distances


@given(values=_structures())
@settings(max_examples=12, deadline=None)
def test_neighbours_are_the_nearest_over_the_features_that_both_have(neighbours: Neighbours, values: Values) -> None:
    """An advisor would be told that a gemeente is like one that is not, or like itself."""
    expected = _worked_out(values)
    found = neighbours.of(values)

    assert found.keys() == expected.keys()
    for code, group in found.items():
        assert code not in dict(group)
        assert len(group) == min(GROUP_SIZE, len(expected[code]))
        assert [distance for _, distance in group] == pytest.approx(
            sorted(expected[code].values())[: len(group)], abs=1e-6
        )
        assert [distance for _, distance in group] == pytest.approx(
            [expected[code][other] for other, _ in group], abs=1e-6
        )
        assert group == sorted(group, key=lambda pair: (pair[1], pair[0]))


@given(values=_structures(), seed=st.integers(0, 2**32))
@settings(max_examples=8, deadline=None)
def test_neighbours_stay_the_same_in_another_order_and_in_the_last_bits(
    neighbours: Neighbours, values: Values, seed: int
) -> None:
    """A gemeente would have other neighbours every night, and every comparison would look revised."""
    chance = random.Random(seed)
    shuffled = [(code, feature) for code, features in values.items() for feature in features]
    chance.shuffle(shuffled)
    noisy = {
        code: {feature: value * (1 + chance.uniform(-1e-13, 1e-13)) for feature, value in features.items()}
        for code, features in values.items()
    }

    first = neighbours.of(values)
    assert neighbours.of(values, shuffled) == first
    assert neighbours.of(noisy, shuffled) == first


@given(values=_structures())
@settings(max_examples=5, deadline=None)
def test_a_distance_is_the_same_both_ways(neighbours: Neighbours, values: Values) -> None:
    """Two gemeenten would be nearer seen from the one than from the other."""
    found = {code: dict(group) for code, group in neighbours.of(values).items()}
    for here, group in found.items():
        for there, distance in group.items():
            assert found[there].get(here, distance) == distance


# --- what a group is worth ------------------------------------------------------------------------------------------


class Comparison:
    """The models from head figures to verdicts, on figures and groups that a test gives."""

    def __init__(self, models: Models) -> None:
        """Take the compiled models."""
        self._models = models

    def of(
        self, figures: Iterable[Mapping[str, Any]], groups: Mapping[tuple[str, str], Sequence[str]]
    ) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Outcome by KPI, gemeente and kind of benchmark; groups are the members by kind and gemeente, itself too."""
        self._models.given("intermediate.int_hoofdcijfer", FIGURE, figures)
        names = dict.fromkeys(("benchmark_type", "groep", "gemeente_code", "benchmark_naam", "lid_code"), "varchar")
        mine = [
            {"benchmark_type": kind, "groep": "+".join(members), "gemeente_code": code, "benchmark_naam": kind}
            for (kind, code), members in groups.items()
        ]
        near = [row | {"groep": row["gemeente_code"]} if row["benchmark_type"] == "buurgroep" else row for row in mine]
        members = {
            (row["benchmark_type"], row["groep"], member)
            for row in near
            for member in groups[row["benchmark_type"], row["gemeente_code"]]
        }
        self._models.given("intermediate.int_benchmark_groep", names, near)
        self._models.given(
            "intermediate.int_benchmark_lid",
            names,
            [dict(zip(("benchmark_type", "groep", "lid_code"), member, strict=True)) for member in sorted(members)],
        )
        return {(row["kpi_id"], row["gemeente_code"], row["benchmark_type"]): row for row in self._models.run()}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory, run_dbt: RunDbt) -> Comparison:
    """The models, compiled."""
    folder = tmp_path_factory.mktemp("comparison")
    names = ["int_benchmark_cijfer", "int_benchmark_waarde", "kpi_vergelijking"]
    run_dbt(folder, None, "compile", "--select", *names)
    return Comparison(Models(folder / "target" / "compiled", names, ["intermediate", "marts"]))


def _figure(kpi_id: str, code: str, value: float | None, **values: Any) -> dict[str, Any]:
    base = {
        "kpi_id": kpi_id, "model_versie": "v2", "variant": "reeks", "uitsplitsing": "totaal", "gemeente_code": code,
        "periode": "2024", "periode_soort": "jaar", "jaar": 2024, "waarde": value, "status": "definitief",
        "ontbreekt_reden": None if value is not None else "geheim_bron", "herkomst": "open", "is_modelmatig": False,
        "breuk": False, "richting": "hoger", "meetwijze": "register", "soort_waarde": "percentage", "factor": 1,
        "inwoners": 1000.0, "vergelijkingswaarde": value, "vergelijkingseenheid": "%",
    }  # fmt: skip
    return base | values


@st.composite
def _countries(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[tuple[str, str], list[str]]]:
    """Fourteen gemeenten with every kind of figure, some missing, in classes and among neighbours."""
    codes = [_code(number) for number in range(1, 15)]
    people = {code: float(draw(st.integers(1, 900)) * 100) for code in codes}
    amounts = st.one_of(st.none(), st.integers(0, 40), st.integers(0, 40))
    figures = []
    for code in codes:
        count, whole = draw(amounts), draw(st.integers(1, 40))
        share = None if count is None else 100 * count / whole
        per_1000 = None if count is None else 1000 * count / people[code]
        known = people[code] if draw(st.integers(0, 9)) else None
        side = draw(st.sampled_from(["hoger", "lager", "neutraal"]))
        figures += [
            _figure("ratio", code, share, teller=count, noemer=whole if count is not None else None, factor=100,
                    inwoners=people[code], richting="hoger"),
            _figure("count", code, count, soort_waarde="aantal", vergelijkingswaarde=per_1000, inwoners=people[code],
                    vergelijkingseenheid="per 1.000 inwoners", richting="lager"),
            _figure("share", code, count, inwoners=people[code], richting="neutraal"),
            _figure("patchy", code, count, inwoners=known, richting="lager"),
            _figure("score", code, count, soort_waarde="score", inwoners=people[code], richting="hoger"),
            _figure("own", code, count, herkomst="eigen", meetwijze="eigen", richting=side),
        ]  # fmt: skip
    figures.append(_figure("share", "NL", 17.0, inwoners=sum(people.values()), richting="neutraal"))
    border = draw(st.integers(4, 10))
    groups: dict[tuple[str, str], list[str]] = {}
    for number, code in enumerate(codes):
        others = [other for other in codes if other != code]
        near = draw(st.permutations(others))[: draw(st.integers(3, 8))]
        groups["nl", code] = codes
        groups["grootteklasse", code] = codes[:border] if number < border else codes[border:]
        groups["buurgroep", code] = sorted([code, *near])
    return figures, groups


def _ratio(kind: str, members: Sequence[Mapping[str, Any]]) -> tuple[str | None, float | None]:
    """Figure of some gemeenten together: everything counted before anything is divided."""
    if kind == "ratio":
        whole = sum(member["noemer"] for member in members)
        return "teller_noemer", 100 * sum(member["teller"] for member in members) / whole
    people = [member["inwoners"] for member in members]
    if kind == "count":
        total = sum(Fraction(member["waarde"]) for member in members)
        return "teller_noemer", float(1000 * total / Fraction(sum(people)))
    return "gewogen_inwoners", sum(member["waarde"] * member["inwoners"] for member in members) / sum(people)


def _group(
    figure: Mapping[str, Any], members: Sequence[Mapping[str, Any]], kind: str
) -> tuple[str | None, float | None]:
    """Method and value of the benchmark of one figure, from the figures of its group."""
    known = [member for member in members if member["waarde"] is not None]
    others = [member for member in known if member["gemeente_code"] != figure["gemeente_code"]]
    name = figure["kpi_id"]
    if kind == "nl":
        if name == "share":
            return "gepubliceerd", 17.0
        people = sum(member["inwoners"] or 0 for member in members)
        covered = sum(member["inwoners"] or 0 for member in known) >= 0.99 * people
        return _ratio(name, known) if name in ("ratio", "count") and known and covered else (None, None)
    if len(others) < LEAST_OTHERS:
        return None, None
    if name == "score" or any(member["inwoners"] is None for member in known):
        return "mediaan", median(member["waarde"] for member in others)
    return _ratio(name, others)


@given(country=_countries())
@settings(max_examples=12, deadline=None)
def test_a_benchmark_is_what_the_others_add_up_to(
    comparison: Comparison, country: tuple[list[dict[str, Any]], dict[tuple[str, str], list[str]]]
) -> None:
    """A mean of ratios, a gemeente held against itself, or a rank that counts gemeenten without a figure."""
    figures, groups = country
    found = comparison.of(figures, groups)
    assert len(found) == len(TYPES) * len(figures)
    by_place = {(figure["kpi_id"], figure["gemeente_code"]): figure for figure in figures}

    for (kpi_id, code, kind), row in found.items():
        members = [by_place[kpi_id, member] for member in groups.get((kind, code), [])]
        if kpi_id == "own" or not members:
            assert row["benchmark_waarde"] is row["rang"] is row["positie"] is None
            continue
        method, value = _group(by_place[kpi_id, code], members, kind)
        assert row["benchmark_methode"] == method, (kpi_id, code, kind)
        assert row["benchmark_waarde"] == (None if value is None else pytest.approx(value, rel=1e-8))
        _check_place(row, by_place[kpi_id, code], members)


def _check_place(row: Mapping[str, Any], figure: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> None:
    heights = [member["vergelijkingswaarde"] for member in members if member["vergelijkingswaarde"] is not None]
    mine = figure["vergelijkingswaarde"]
    if mine is None or len(heights) <= LEAST_OTHERS:
        assert row["rang"] is row["aantal"] is row["positie"] is None
        return
    below, above = sum(height < mine for height in heights), sum(height > mine for height in heights)
    ties = len(heights) - below - above - 1
    assert row["aantal"] == len(heights)
    assert row["rang"] == 1 + (below if figure["richting"] == "lager" else above)
    assert row["positie"] == pytest.approx(100 * (below + ties / 2) / (len(heights) - 1), abs=0.051)


# --- when a figure is judged ----------------------------------------------------------------------------------------


_CASES = st.lists(
    st.tuples(
        st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted),
        st.integers(0, 20),
        st.sampled_from(["hoger", "lager", "neutraal"]),
    ),
    min_size=1,
    max_size=40,
)


def _verdict(lower: int, upper: int, benchmark: int, side: str) -> str:
    """The rule in words."""
    if lower <= benchmark <= upper:
        return "vergelijkbaar"
    if side == "neutraal":
        return "lager" if upper < benchmark else "hoger"
    return "gunstiger" if (lower > benchmark) == (side == "hoger") else "ongunstiger"


@given(cases=_CASES)
@settings(max_examples=6, deadline=None)
def test_a_verdict_needs_the_whole_interval_on_one_side_and_follows_the_direction(
    comparison: Comparison, cases: list[tuple[list[int], int, str]]
) -> None:
    """A difference that chance explains would be called worse, or a good figure bad."""
    figures = []
    for number, ((lower, upper), benchmark, side) in enumerate(cases):
        sure = {"vergelijking_laag": lower, "vergelijking_hoog": upper, "richting": side, "meetwijze": "enquete"}
        figures.append(_figure(f"{number:02}", _code(1), (lower + upper) / 2, **sure))
        figures.append(_figure(f"{number:02}", "NL", benchmark))
    found = comparison.of(figures, {("nl", _code(1)): [_code(1)]})

    for number, ((lower, upper), benchmark, side) in enumerate(cases):
        row = found[f"{number:02}", _code(1), "nl"]
        assert (row["oordeel"], row["reden"]) == (_verdict(lower, upper, benchmark, side), None)


def test_the_first_reason_that_holds_is_the_one_that_is_given(comparison: Comparison) -> None:
    """A suppressed figure would be called a draft, or the reason would change from night to night."""
    worst_first: list[tuple[str, dict[str, Any]]] = [
        ("onderdrukt", {"waarde": None, "vergelijkingswaarde": None, "ontbreekt_reden": "onderdrukt"}),
        ("geen_waarde", {"vergelijkingswaarde": None}),
        ("geen_benchmark", {"variant": "andere", "vergelijkingseenheid": "score"}),
        ("concept", {"status": "onvolledig"}),
        ("breuk", {"breuk": True}),
        ("register", {"meetwijze": "register"}),
        ("geen_interval", {"vergelijking_laag": None}),
    ]
    judged = {"meetwijze": "model", "is_modelmatig": True, "vergelijking_laag": 4.0, "vergelijking_hoog": 6.0}
    for number, (reason, _) in enumerate(worst_first):
        wrong = {name: value for _, changes in reversed(worst_first[number:]) for name, value in changes.items()}
        figures = [_figure("k", _code(1), 5.0, **(judged | wrong))]
        figures += [] if reason == "geen_benchmark" else [_figure("k", "NL", 9.0, **_same_line(wrong))]
        row = comparison.of(figures, {("nl", _code(1)): [_code(1)]})["k", _code(1), "nl"]
        assert (row["oordeel"], row["reden"]) == ("niet_vergeleken", reason)


def _same_line(wrong: Mapping[str, Any]) -> dict[str, Any]:
    return {name: wrong[name] for name in ("variant", "vergelijkingseenheid") if name in wrong}


def test_the_country_is_never_held_against_itself(comparison: Comparison) -> None:
    """Nederland would be called comparable to Nederland."""
    sure = {"meetwijze": "enquete", "vergelijking_laag": 4.0, "vergelijking_hoog": 6.0}
    found = comparison.of([_figure("k", "NL", 5.0, **sure)], {("nl", _code(1)): [_code(1)]})

    assert {kind: row["reden"] for (_, _, kind), row in found.items()} == dict.fromkeys(TYPES, "geen_benchmark") | {
        "nl": "zelfde_gebied"
    }
    assert {row["oordeel"] for row in found.values()} == {"niet_vergeleken"}
