"""The chain of a counter, against every chain there is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.meters.chain import POINT, Node, best_chain, cost
from penstock.core.meters.rules import Rules, rules_of
from penstock.core.registers.models import NANO, RegisterKind
from penstock.kit.clock import HOUR_US
from tests.core.meters.series_of import START, chain, hourly, register

RULES = [
    rules_of(one) for one in (register(), register(flow="3"), register(top="100"), register(kind=RegisterKind.COUNT, unit="1"))
]
COUNTERS = st.one_of(
    st.sampled_from([0, 0.004, 3, 5, 95, 99, 100, 100.004, 102, 150, 1000, 99990, 9999999]), st.integers(90, 120)
)
NODES = st.lists(
    st.tuples(st.sampled_from([0, 1, 1, 1, 24]), COUNTERS, st.sampled_from([False] * 9 + [True])), min_size=1, max_size=9
)


def nodes_of(drawn: Sequence[tuple[int, float, bool]]) -> list[Node]:
    time_us, found = START, []
    for hours, counter, forced in drawn:
        time_us += hours * HOUR_US
        # A person sets one value of a time.
        found.append(Node(time_us, time_us, round(counter * NANO), forced and hours > 0))
    return sorted(found, key=lambda node: (node.first_us, node.counter))


def score(nodes: Sequence[Node], chosen: Sequence[int], rules: Rules) -> int:
    return POINT * len(chosen) - sum(cost(nodes[a], nodes[b], rules, is_first=a == 0) for a, b in pairwise(chosen))


def best_of_all(nodes: Sequence[Node], rules: Rules) -> list[int]:
    """The best chain by trying each; of several the first in the order of their nodes."""
    found: list[tuple[int, list[int]]] = []
    for bits in range(1, 1 << len(nodes)):
        chosen = [n for n in range(len(nodes)) if bits >> n & 1]
        if all(n in chosen for n, node in enumerate(nodes) if node.forced) and all(
            nodes[a].last_us < nodes[b].first_us for a, b in pairwise(chosen)
        ):
            found.append((-score(nodes, chosen, rules), chosen))
    return min(found)[1]


@settings(max_examples=60)
@given(NODES, st.sampled_from(RULES))
def test_it_is_the_best_of_all_chains(drawn: list[tuple[int, float, bool]], rules: Rules) -> None:
    nodes = nodes_of(drawn)
    assert best_chain(nodes, rules) == best_of_all(nodes, rules)


@pytest.mark.prove
@settings(max_examples=3000, deadline=None)
@given(NODES, st.sampled_from(RULES))
def test_it_is_the_best_of_all_chains_of_many(drawn: list[tuple[int, float, bool]], rules: Rules) -> None:
    nodes = nodes_of(drawn)
    assert best_chain(nodes, rules) == best_of_all(nodes, rules)


LONG = st.lists(
    st.tuples(st.sampled_from([1, 1, 1, 24]), st.one_of(st.floats(0, 2).map(lambda x: round(x, 3)))), min_size=8, max_size=60
)
FAULTS = st.dictionaries(st.integers(0, 59), COUNTERS, max_size=8)


@settings(max_examples=40)
@given(LONG, FAULTS)
def test_to_search_around_faults_is_to_search_all(steps: list[tuple[int, float]], faults: dict[int, float]) -> None:
    time_us, counter, rows = START, 100.0, []
    for number, (hours, rise) in enumerate(steps):
        time_us, counter = time_us + hours * HOUR_US, round(counter + rise, 3)
        rows.append((time_us, faults.get(number, counter)))
    found = chain(rows)
    runs = [Node(time_us, time_us, round(value * NANO)) for time_us, value in rows]
    merged = runs[:1]
    for node in runs[1:]:
        same = node.counter == merged[-1].counter
        merged[-1:] = [merged[-1]._replace(last_us=node.last_us)] if same else [merged[-1], node]
    kept = [merged[n] for n in best_chain(merged, rules_of(register()))]
    inside = {time_us for time_us, _ in rows if any(node.first_us <= time_us <= node.last_us for node in kept)}
    assert found.times.tolist() == sorted(inside)


def test_no_value_is_further_than_the_reach_but_for_a_restart() -> None:
    # Sixty values of another meter in between, all different, and all impossible.
    values = [
        *[100 + n / 10 for n in range(9)],
        *[10**6 * (1 + n % 7) + 1000 * n for n in range(60)],
        *[101 + n / 10 for n in range(70)],
    ]
    found = chain(hourly(values))
    assert len(found.held) == 60
