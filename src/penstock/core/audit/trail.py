"""Writing to the audit log: one call, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import AuditEntry, Outcome, Target
from penstock.core.audit.store import HasAudit
from penstock.kit.clock import Clock
from penstock.kit.ids import AuditSeq, Prefix, text_of

_PREFIXES: dict[ActorKind, str] = {ActorKind.KEY: Prefix.KEY, ActorKind.USER: Prefix.USER, ActorKind.DEVICE: Prefix.DEVICE}


class ActTrail(Protocol):
    """Records acts that change nothing, so that no transaction commits with them."""

    async def record(self, actor: Actor, action: str, target: Target, **details: Any) -> None:
        """Record an act, durably. Not inside a transaction.

        Raises:
            PenstockError: the entry could not be stored; the act must not take place.
        """


class AuditTrail:
    """Records changes. The change and its entry commit together."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def record(
        self,
        tx: HasAudit,
        actor: Actor,
        action: str,
        target: Target,
        *,
        outcome: Outcome = Outcome.SUCCESS,
        **details: Any,
    ) -> None:
        """Record a change, such as `apikey.create`. `details` are plain JSON values, never a secret."""
        await tx.audit.append(self.entry(actor, action, target, outcome, details))

    async def record_all(self, tx: HasAudit, actor: Actor, action: str, changes: Sequence[tuple[Target, dict[str, Any]]]) -> None:
        """Record changes of many targets, with the details of each."""
        await tx.audit.append_all([self.entry(actor, action, target, Outcome.SUCCESS, each) for target, each in changes])

    def entry(self, actor: Actor, action: str, target: Target, outcome: Outcome, details: dict[str, Any]) -> AuditEntry:
        """An entry of now that the store can append, in the transaction that the caller has."""
        return AuditEntry(
            org_id=actor.org_id,
            # The store sets the number and the hashes, because only it knows the previous entry.
            seq=AuditSeq(0),
            time_us=self._clock.now_us(),
            action=action,
            actor_kind=actor.kind.value,
            actor_id=id_of(actor),
            actor_name=actor.name or actor.kind.value,
            address=actor.address,
            target=target,
            outcome=outcome,
            details={name: value for name, value in details.items() if value is not None},
        )


def id_of(actor: Actor) -> str:
    """The public id of a caller; empty for the system."""
    prefix = _PREFIXES.get(actor.kind)
    return text_of(prefix, actor.id) if prefix else ""
