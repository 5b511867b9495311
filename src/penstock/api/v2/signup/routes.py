"""Sign-up by visitors, if the operator enables it. Otherwise the path does not exist."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.v2.signup.wire import SignedUp, Signup
from penstock.core.signup.service import SignupService
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example

# The caller is anonymous, so no more is read than two short fields need.
MAX_BODY_BYTES = 4_096


class SignupEndpoints:
    """One call that requires no credential and returns one."""

    routes = Routes("/api/v2/signup", surface="v2", tag="Organisation")

    def __init__(self, signup: SignupService) -> None:
        self._signup = signup

    @routes.post(
        scope=None,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(
            body={"organization": "North Pumps", "email": "ada@example.org"},
            answer={
                "organization_id": "org_0c2k9fq7w3a0d",
                "organization_name": "North Pumps",
                "project_id": "prj_0c2k9fq7w3b7h",
                "email": "ada@example.org",
                "plan": "free",
                "key_id": "key_0c2k9fq7w3c2k",
                "api_key": "psk_7Qb1Zr1mB8xTq6LwYs2NdVhEp3KaUf9GiBo0",
                "warning": "copy the key now, it is not shown again",
            },
        ),
    )
    async def sign_up(self, call: Call[None, Signup]) -> SignedUp:
        """Create an organisation as a visitor.

        Creates an organisation with its default project and first key, which can be used at once. The e-mail receives a token:
        the user who presents it to `POST /api/v2/auth/invitations/accept` becomes the owner. Until then the organisation has no
        members. Available only if the operator enabled sign-up, and only a few times per day from one address. The response does
        not reveal whether the e-mail is known.
        """
        name, email = plain(call.body.organization, "organization"), plain(call.body.email, "email")
        made = await self._signup.sign_up(call.actor, name, email)
        return SignedUp(
            organization_id=encode(Prefix.ORGANIZATION, made.organization.id),
            organization_name=made.organization.name,
            project_id=encode(Prefix.PROJECT, made.project.id),
            email=made.user_email,
            plan=made.organization.plan,
            key_id=encode(Prefix.KEY, made.key.key.id),
            api_key=made.key.value,
        )


def plain(text: str, field: str) -> str:
    """Remove invisible characters, so that two names that look the same are the same."""
    text = text.strip()
    if not text or not text.isprintable():
        raise InvalidInput.field(field, "must have only visible characters, and at least one")
    return text
