"""Several mails, or messages for a chat, combined into one: what occurred, how often, and when. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.notifications.models import RANKS, Held, Severity
from penstock.kit.clock import format_seconds

MAX_LISTED = 100
"""Maximum subjects in a digest; of the others it states only the number of mails."""
MAX_EXCERPT = 400
"""Maximum characters of each latest text."""


def digest_of(held: Sequence[Held], total: int, noun: str = "mail") -> tuple[str, str]:
    """Subject and text of the mail that replaces `total` mails; `held` are the entries to list."""
    if total == 1:
        return held[0].subject, held[0].text
    worst = worst_of(held)
    begin, end = min(one.first_us for one in held), max(one.last_us for one in held)
    lines = [f"{total} notifications from {format_seconds(begin)} to {format_seconds(end)}, combined in this {noun}.", ""]
    for one in held:
        lines += [f"{one.count} x {one.subject}", f"    {_times(one)}"]
        lines += [f"    {line}" for line in _excerpt(one.text)] + [""]
    rest = total - sum(one.count for one in held)
    if rest > 0:
        lines += [f"... and {rest} more.", ""]
    return f"[{worst.value.upper()}] {total} notifications", "\n".join(lines)


def worst_of(held: Sequence[Held]) -> Severity:
    """The highest severity of the entries."""
    return max((one.severity for one in held), key=RANKS.__getitem__)


def _times(one: Held) -> str:
    if one.count == 1:
        return format_seconds(one.first_us)
    return f"{format_seconds(one.first_us)} to {format_seconds(one.last_us)}; the latest:"


def _excerpt(text: str) -> list[str]:
    cut = text if len(text) <= MAX_EXCERPT else text[:MAX_EXCERPT].rstrip() + " ..."
    return [line for line in cut.splitlines() if line.strip()]
