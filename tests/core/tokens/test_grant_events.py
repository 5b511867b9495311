"""What is recorded of a change of grants."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.audit.trail import AuditTrail
from penstock.core.event_data import event_data_of
from penstock.core.tokens.grant_events import PERMISSION_CHANGED, Change, GrantNotes
from penstock.core.tokens.grant_models import Granted
from penstock.core.tokens.models import Grant, Permission, SubjectKind
from penstock.kit.ids import GrantId, TokenId
from tests.core.tokens.fakes import NOW_US, Transaction, user
from tests.support.days import HeldClock

CLOCK = HeldClock(NOW_US)
NOTES = GrantNotes(AuditTrail(CLOCK), CLOCK)
GRANT = Grant(
    id=GrantId(3),
    token_id=TokenId(1),
    subject_kind=SubjectKind.GROUP,
    subject_id=4,
    permission=Permission.CODE,
    expires_us=NOW_US,
    reason="",
    created_by="",
    created_us=0,
)


@pytest.mark.parametrize("kind", SubjectKind)
async def test_an_event_names_what_was_granted_to_whom(kind: SubjectKind) -> None:
    tx = Transaction()
    granted = Granted(msgspec.structs.replace(GRANT, subject_kind=kind), "aws-prod", "Contractors")
    await NOTES.note(tx, user(), Change.GRANTED, [granted])  # type: ignore[arg-type]
    ((topic, subject, event),) = tx.outbox.events
    assert (topic, subject) == (PERMISSION_CHANGED, 1)
    data = event_data_of(topic, event)
    assert {name: data[name] for name in ("group", "user", "key")} == dict.fromkeys(("group", "user", "key")) | {
        kind.value: "Contractors"
    }
    assert (data["token"], data["permission"], data["change"], data["actor"]) == ("aws-prod", "code", "granted", "lena")
    assert data["expires_at"] == data["at"] == "2026-05-02T09:15:04Z"
    assert data["id"] == data["grant_id"]


@pytest.mark.parametrize(
    ("change", "action"),
    [
        (Change.GRANTED, "token.permission.grant"),
        (Change.ELEVATED, "token.permission.grant"),
        (Change.UPDATED, "token.permission.update"),
        (Change.REVOKED, "token.permission.revoke"),
        (Change.EXPIRED, "token.permission.revoke"),
    ],
)
async def test_the_audit_log_has_vendor_names(change: Change, action: str) -> None:
    tx = Transaction()
    await NOTES.note(tx, user(), change, [Granted(GRANT, "aws-prod", "")] * 2)  # type: ignore[arg-type]
    assert [(one.action, one.target.kind, one.target.name, one.details["change"]) for one in tx.audit.entries] == [
        (action, "token", "aws-prod", change.value)
    ] * 2
    assert "reason" not in tx.audit.entries[0].details


async def test_nothing_is_recorded_of_no_change() -> None:
    tx = Transaction()
    await NOTES.note(tx, user(), Change.REVOKED, [])  # type: ignore[arg-type]
    assert (tx.audit.entries, tx.outbox.events) == ([], [])
