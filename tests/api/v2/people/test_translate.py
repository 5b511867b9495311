"""What is told after a sign-in, and which session is one's own."""

from __future__ import annotations

from penstock.api.v2.people.translate import from_core_session, from_core_tokens
from penstock.core.people.models import Challenge, Role, Tokens
from penstock.kit.ids import OrgId, Prefix, SessionId, UserId, encode
from tests.core.people.test_tokens import session


def test_a_challenge_has_no_token_that_opens_anything() -> None:
    found = from_core_tokens(Challenge(mfa_token="m", expires_in_s=300))
    assert (found.mfa_required, found.mfa_token, found.expires_in) == (True, "m", 300)
    assert found.access_token is found.refresh_token is found.session_id is None


def test_tokens_come_with_whose_they_are() -> None:
    tokens = Tokens(
        access_token="a", refresh_token="r", expires_in_s=900, session=session(), role=Role.VIEWER, enrolment_required=True
    )
    found = from_core_tokens(tokens)
    assert (found.mfa_required, found.access_token, found.role, found.enrolment_required) == (False, "a", "viewer", True)
    assert found.user_id == encode(Prefix.USER, UserId(2))
    assert found.organization_id == encode(Prefix.ORGANIZATION, OrgId(1))
    assert found.mfa_token is None


def test_one_session_is_the_current_one() -> None:
    assert [from_core_session(session(), SessionId(number)).current for number in (3, 4)] == [True, False]
    assert from_core_session(session()).current is False
