"""Bugs in streams."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a ticket works for anyone",
        layer="live",
        old="if (found.stream, found.opened_from) != (stream, address):",
        new="if found.stream != stream:",
        why="A link in a browser's history would open the stream for another client.",
        hints=("live/test_tickets",),
    ),
    Mutant(
        name="a ticket never expires",
        layer="live",
        old="if found is None or found.expires_us <= self._clock.now_us():",
        new="if found is None:",
        why="The same, a year later.",
        hints=("live/test_tickets",),
    ),
    Mutant(
        name="a filter widens a bound key",
        layer="live",
        old="if self.project_id is not None and not actor.reaches(self.project_id):",
        new="if False:",
        why="A bound key would receive another project's events, or no error.",
        hints=("live/test_filters", "streams/test_sse"),
    ),
    Mutant(
        name="kinds are not filtered",
        layer="live",
        old="(not self.kinds or reading.kind in self.kinds)",
        new="True",
        why="Readers would receive events that they did not request.",
        hints=("live/test_filters", "streams/test_sse", "streams/test_websocket"),
    ),
    Mutant(
        name="a slow reader is never disconnected",
        layer="live",
        old=('if len(self.notices) >= self._limit:\n            self.end("slow_reader")\n            return'),
        new="pass",
        why="One reader could use all of the server's memory.",
        hints=("live/test_hub",),
    ),
)
