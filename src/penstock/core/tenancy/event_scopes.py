"""The scope that each event requires: a caller that forwards or reads an event must be able to read it at its source.

Webhook endpoints and rules receive events by topic. The first words of a topic are its area, and each area has one scope. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.core.actor import Actor
from penstock.core.tenancy.errors import GrantedTopics

SCOPES = {
    "reading": "telemetry:read",
    "device": "devices:read",
    "meter": "telemetry:read",
    "codec": "devices:read",
    "command": "commands:read",
    "alert": "alerts:read",
    "meter.alarm": "alerts:read",
    "rule": "rules:read",
    "connection": "connections:read",
    "dashboard": "dashboards:read",
    "webhook": "webhooks:read",
    "sms": "sms:read",
    "mail": "sms:read",
    "token": "tokens:write",  # a caller who reaches only what is granted must not see the names of other tokens
    "billing": "billing:read",
    "invoice": "billing:read",
    "audit": "audit:read",
}
"""By area. A topic of any other area requires all of them, so that a new one is not open by mistake."""

GRANTED = ("sms.", "mail.", "token.")
"""The beginnings of topics whose events are about numbers, aliases and tokens, which are granted."""


def scopes_of(topics: Iterable[str]) -> frozenset[str]:
    """The scopes of topics, each of which may end in `*`: of `alert.*` one, of `*` all."""
    return frozenset(scope for topic in topics for scope in _scopes_of(topic))


def _scopes_of(topic: str) -> Iterable[str]:
    prefix = topic.removesuffix("*")
    around = [area for area in SCOPES if prefix.startswith(f"{area}.")]
    matched = {max(around, key=len)} if around else set()
    if topic.endswith("*"):
        matched |= {area for area in SCOPES if f"{area}.".startswith(prefix)}
    return [SCOPES[area] for area in matched or SCOPES]


def check_reaches(actor: Actor, topics: Iterable[str]) -> None:
    """Check that a caller reaches everything that the events of some topics are about, each of which may end in `*`.

    Raises:
        GrantedTopics: they are about all tokens or all addresses of inboxes, and the caller reaches only what is granted.
    """
    if actor.granted_only:
        for topic in topics:
            prefix = topic.removesuffix("*")
            if any(prefix.startswith(area) or (topic.endswith("*") and area.startswith(prefix)) for area in GRANTED):
                raise GrantedTopics(topic=topic)
