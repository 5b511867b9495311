"""The best chain of a counter's values: which of them can have been counted by one meter. Pure.

Theory of operation. Every value kept scores a point. A step that the meter can have counted is free, a roll-over costs half a
point, and a restart two and a half: so three values that agree with one another confirm a restart, and one or two do not. The
chain with the highest score is found by dynamic programming from the end, and of several the one that keeps the earliest values,
so that the result depends on the values alone. Values that people set are always kept.

A value further than `REACH` values ahead is only considered as a restart, so that the time is linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from penstock.core.meters.rules import Rules, Step

REACH = 50
POINT, RESTART = 2, 5
"""In half points."""
COST = {Step.FLOW: 0, Step.ROLLOVER: 1, Step.GUESSED_ROLLOVER: 1, Step.IMPOSSIBLE: RESTART}
FORCED_FALL = 3
"""A fall to a value that a person set is a restart, unless two values before it are what is wrong."""


class Node(NamedTuple):
    """Equal values in a row. `forced`: a person set the value, so it must be kept."""

    first_us: int
    last_us: int
    counter: int
    forced: bool = False


def cost(before: Node, after: Node, rules: Rules, *, is_first: bool = False) -> int:
    """What a step costs, in half points. `is_first`: nothing is known before it."""
    step = rules.step(before.counter, after.counter, after.first_us - before.last_us)
    if step is Step.IMPOSSIBLE and after.forced:
        return 0 if after.counter > before.counter else FORCED_FALL
    if is_first and step is Step.GUESSED_ROLLOVER and rules.is_doubtful(before.counter):
        return RESTART
    return COST[step]


def best_chain(nodes: Sequence[Node], rules: Rules, *, from_first: bool = False, to_last: bool = False) -> list[int]:
    """The indexes of the nodes to keep. Nodes are in the order of time; of those with the same time at most one is kept.

    `from_first` and `to_last`: the first or the last node is known to be kept.
    """
    if not nodes:
        return []
    scores, follow, best = [0] * len(nodes), [-1] * len(nodes), [0] * len(nodes)
    stop = len(nodes)  # the next node that no step may pass over
    for at in range(len(nodes) - 1, -1, -1):
        is_first = at == 0 and not from_first
        gain, follow[at] = _continue(nodes, at, stop, scores, best, rules, is_first=is_first)
        scores[at] = gain + POINT
        kept = nodes[at].forced or (at == 0 and from_first) or (at == len(nodes) - 1 and to_last)
        best[at] = at if kept or at + 1 == len(nodes) or scores[at] >= scores[best[at + 1]] else best[at + 1]
        stop = at if kept else stop
    chain = [best[0]]
    while follow[chain[-1]] >= 0:
        chain.append(follow[chain[-1]])
    return chain


def _continue(
    nodes: Sequence[Node], at: int, stop: int, scores: Sequence[int], best: Sequence[int], rules: Rules, *, is_first: bool
) -> tuple[int, int]:
    """The most that a chain scores after a node, and its next node; -1 if it ends there."""
    node, last = nodes[at], min(stop, len(nodes) - 1)
    gain, to = (-RESTART * len(nodes), -1) if stop < len(nodes) else (0, -1)
    candidates = [*range(at + 1, min(at + REACH, last) + 1)]
    if at + REACH < last:
        candidates.append(best[at + REACH + 1])
    for other in candidates:
        # Even a free step would not gain more than what has been found.
        if scores[other] > gain and nodes[other].first_us > node.last_us:
            found = scores[other] - cost(node, nodes[other], rules, is_first=is_first)
            if found > gain:
                gain, to = found, other
    return gain, to
