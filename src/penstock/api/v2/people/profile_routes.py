"""The caller's own account over the native API: name, password, second factor, sessions. Requires a signed-in user."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.people import wire
from penstock.api.v2.people.examples import PROFILE, SESSION
from penstock.api.v2.people.translate import from_core_person, from_core_session
from penstock.api.v2.wire import ListOf, Page
from penstock.core.people.passwords import PasswordService
from penstock.core.people.profile import ProfileService
from penstock.core.people.second_factor import SecondFactorService
from penstock.core.people.sessions import SessionService
from penstock.core.system.operators import Operators
from penstock.core.vault.totp import PERIOD_S
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example

PATH = "/api/v2/profile"
SCOPE = "profile:read"


class ProfileEndpoints:
    """The account of the caller."""

    routes = Routes("/api/v2/profile", surface="v2", tag="Oneself")

    def __init__(
        self,
        profile: ProfileService,
        passwords: PasswordService,
        second_factor: SecondFactorService,
        sessions: SessionService,
        operators: Operators,
    ) -> None:
        self._profile = profile
        self._passwords = passwords
        self._second_factor = second_factor
        self._sessions = sessions
        self._operators = operators

    @routes.get(
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(answer=PROFILE),
    )
    async def get(self, call: Call[None, None]) -> wire.Profile:
        """Get your account with all memberships."""
        operator = await self._operators.includes(call.actor)
        return from_core_person(await self._profile.get(call.actor), operator=operator)

    @routes.patch(
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(body={"name": "Ada"}, answer=PROFILE),
    )
    async def rename(self, call: Call[None, wire.ProfilePatch]) -> wire.Profile:
        """Change your name."""
        operator = await self._operators.includes(call.actor)
        return from_core_person(await self._profile.rename(call.actor, call.body.name), operator=operator)

    @routes.post(
        "/password",
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        status=204,
        example=Example(
            body={"current_password": "correct horse battery", "new_password": "staple battery horse correct"},
        ),
    )
    async def change_password(self, call: Call[None, wire.PasswordChange]) -> None:
        """Change your password.

        All your other sessions end, in every organisation.
        """
        await self._passwords.change(call.actor, call.body.current_password, call.body.new_password)

    @routes.post(
        "/mfa",
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        status=201,
        example=Example(
            body={},
            answer={
                "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                "uri": "otpauth://totp/penstock:ada@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=penstock"
                "&algorithm=SHA1&digits=6&period=30",
                "algorithm": "SHA1",
                "digits": 6,
                "period": 30,
            },
        ),
    )
    async def enrol(self, call: Call[None, wire.Enrol]) -> wire.Enrolment:
        """Start the enrolment of a second factor.

        The factor is not active until you send one of its codes to `confirm`. Starting again replaces it.
        """
        found = await self._second_factor.enrol(call.actor, call.body.algorithm, call.body.digits)
        return wire.Enrolment(secret=found.secret, uri=found.uri, algorithm=found.algorithm, digits=found.digits, period=PERIOD_S)

    @routes.post(
        "/mfa/confirm",
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(
            body={"code": "497539"},
            answer={
                "recovery_codes": ["7q2mx-o8vyt", "1kk5r-zb7nc"],
                "warning": "keep these codes in a safe place, they are not shown again",
            },
        ),
    )
    async def confirm(self, call: Call[None, wire.ConfirmCode]) -> wire.RecoveryCodes:
        """Confirm a second factor.

        From now on it is required at sign-in. The response contains the recovery codes, once.
        """
        codes = await self._second_factor.confirm(call.actor, call.body.code)
        return wire.RecoveryCodes(codes)

    @routes.post(
        "/mfa/remove",
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        status=204,
        example=Example(body={"password": "correct horse battery", "code": "497539"}),
    )
    async def remove_factor(self, call: Call[None, wire.RemoveFactor]) -> None:
        """Remove your second factor.

        Rejected while one of your organisations requires a second factor.
        """
        await self._second_factor.remove(call.actor, call.body.password, call.body.code)

    @routes.get(
        "/sessions",
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(answer={"data": [SESSION], "next_cursor": None}),
    )
    async def sessions(self, call: Call[Page, None]) -> ListOf[wire.Session]:
        """List your sessions.

        Those in this organisation, newest first.
        """
        page = await self._sessions.list_own(call.actor, call.query.limit, call.query.cursor)
        return ListOf([from_core_session(one, call.actor.session_id) for one in page.items], page.next_cursor)

    @routes.delete(
        "/sessions/{session_id}",
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        status=204,
        example=Example(path={"session_id": "ses_0c2k9fq7w3s5d"}),
    )
    async def end_session(self, call: Call[None, None]) -> None:
        """End one of your sessions."""
        await self._sessions.revoke_own(call.actor, path_id(Prefix.SESSION, call.path["session_id"]))
