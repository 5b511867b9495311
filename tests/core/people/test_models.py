"""States of invitations, and what does not print."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.people.models import Challenge, Enrolment, Invitation, InvitationStatus, Message, Role, User
from penstock.kit.ids import InvitationId, OrgId, UserId


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({}, InvitationStatus.PENDING),
        ({"expires_us": 101}, InvitationStatus.PENDING),
        ({"expires_us": 100}, InvitationStatus.EXPIRED),
        ({"withdrawn_us": 1, "expires_us": 100}, InvitationStatus.WITHDRAWN),
        ({"accepted_us": 1, "expires_us": 100}, InvitationStatus.ACCEPTED),
    ],
)
def test_an_invitation_at_a_moment(about: dict[str, Any], status: InvitationStatus) -> None:
    known: dict[str, Any] = {"email": "a@example.org", "role": Role.VIEWER, "invited_by": "ada", "created_us": 1, "sent_us": 1}
    found = Invitation(**known | {"id": InvitationId(1), "org_id": OrgId(1), "expires_us": 200} | about)
    assert found.status(100) is status


def test_what_is_secret_does_not_print() -> None:
    for secret in (
        User(id=UserId(1), email="a@example.org", name="", password_hash="s3cret", created_us=1),
        Challenge(mfa_token="s3cret", expires_in_s=1),
        Enrolment(secret="s3cret", uri="otpauth://s3cret", algorithm="SHA1", digits=6),
        Message(id="1", to="a@example.org", subject="x", text="s3cret"),
    ):
        assert "s3cret" not in repr(secret)
