"""Who did something to an alert, as it is stored with it."""

from __future__ import annotations

from penstock.core.actor import Actor, ActorKind
from penstock.kit.ids import Prefix, text_of

_PREFIXES: dict[ActorKind, str] = {ActorKind.KEY: Prefix.KEY, ActorKind.USER: Prefix.USER, ActorKind.DEVICE: Prefix.DEVICE}


def who(actor: Actor) -> str:
    """The public id of the caller, or an empty string for the server itself."""
    prefix = _PREFIXES.get(actor.kind)
    return text_of(prefix, actor.id) if prefix else ""
