"""How large the automaton of a regular expression becomes. RE2 matches in linear time; its cost is this size times the text."""

from __future__ import annotations

import re

MAX_STATES = 1_000
_COUNTS = re.compile(r"\{(\d{1,4})(?:,(\d{0,4}))?\}", re.ASCII)
_CLASS = 2
_CLASS_OF_UNICODE = 60
"""A class such as `\\pL` has hundreds of ranges of bytes."""
_UNICODE = re.compile(r"\\[pP](?:\{\^?\w+\}|\w)")
_FLAGS = re.compile(r"\(\?(?:[imsU-]*:|P?<\w+>|[imsU-]+\))")


def states(pattern: str) -> int:
    """An upper estimate of the states of a pattern: each character or class, times the counts of its repetitions."""
    sums, last, at = [0], 0, 0
    ignores_case = 2 if "(?i" in pattern or "(?s-" in pattern else 1
    while at < len(pattern):
        counts = _COUNTS.match(pattern, at) if pattern[at] == "{" else None
        if counts is not None:
            times = max(int(counts[2] or counts[1]), int(counts[1]), 1)
            sums[-1] += last * (times - 1)
            last, at = last * times, counts.end()
            continue
        at, last = _next(pattern, at, sums, last)
    return sum(sums) * ignores_case


def _next(pattern: str, at: int, sums: list[int], last: int) -> tuple[int, int]:
    """The place after the next element, and the states of that element."""
    one = pattern[at]
    if one == "(":
        sums.append(0)
        flags = _FLAGS.match(pattern, at)
        return flags.end() if flags and flags[0][-1] != ")" else at + 1, 0
    if one == ")":
        group = sums.pop() + 1 if len(sums) > 1 else 1
        sums[-1] += group
        return at + 1, group
    if one in "*+?|^$":
        sums[-1] += 1
        return at + 1, last
    size, at = _element(pattern, at)
    sums[-1] += size
    return at, size


def _element(pattern: str, at: int) -> tuple[int, int]:
    if pattern[at] == "\\":
        letters = _UNICODE.match(pattern, at)
        return (_CLASS_OF_UNICODE, letters.end()) if letters else (_CLASS, at + 2)
    if pattern[at] == "[":
        end = pattern.find("]", at + 2)
        inside = pattern[at : end + 1] if end > 0 else pattern[at:]
        unicode = any(mark in inside for mark in ("\\p", "\\P", "[^"))
        return (_CLASS_OF_UNICODE if unicode else _CLASS + len(inside) // 4), at + len(inside)
    return (_CLASS if pattern[at] == "." else len(pattern[at].encode("utf-8", "replace"))), at + 1
