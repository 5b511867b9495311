"""Oneself over the native API: name, password, second factor, sessions. All of it needs a person who signed in."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import people_wire as wire
from penstock.api.v2.wire import ListOf
from penstock.core.people.models import Person, Session
from penstock.core.people.passwords import PasswordService
from penstock.core.people.profile import ProfileService
from penstock.core.people.second_factor import SecondFactorService
from penstock.core.people.sessions import SessionService
from penstock.core.people.totp import PERIOD_S
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, SessionId, encode
from penstock.kit.operation import Example, operation

TAG = "Oneself"
PATH = "/api/v2/profile"
SCOPE = "profile:read"
PROFILE: dict[str, Any] = {
    "user_id": "usr_0c2k9fq7w3u4d",
    "email": "ada@example.org",
    "name": "Ada",
    "role": "owner",
    "mfa": True,
    "recovery_codes_left": 10,
    "created_at": "2026-04-14T06:00:00Z",
    "memberships": [
        {
            "organization_id": "org_0c2k9fq7w3a0d",
            "organization_name": "North Pumps",
            "role": "owner",
            "suspended": False,
            "require_mfa": False,
            "joined_at": "2026-04-14T06:00:00Z",
        }
    ],
}
SESSION = {
    "id": "ses_0c2k9fq7w3s5d",
    "user_id": "usr_0c2k9fq7w3u4d",
    "current": True,
    "methods": ["pwd", "otp"],
    "address": "192.0.2.7",
    "user_agent": "Mozilla/5.0",
    "created_at": "2026-05-02T09:15:04Z",
    "last_used_at": "2026-05-02T09:15:04Z",
    "expires_at": "2026-07-31T09:15:04Z",
}


class ProfileEndpoints:
    """The person who asks."""

    def __init__(
        self,
        profile: ProfileService,
        passwords: PasswordService,
        second_factor: SecondFactorService,
        sessions: SessionService,
    ) -> None:
        self._profile = profile
        self._passwords = passwords
        self._second_factor = second_factor
        self._sessions = sessions

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Oneself, with every membership",
        scope=SCOPE,
        session=True,
        of_resident=True,
        answer=wire.Profile,
        example=Example(answer=PROFILE),
    )
    async def get(self, call: Call[None, None]) -> wire.Profile:
        return _profile(await self._profile.get(call.actor))

    @operation(
        "PATCH",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Take another name",
        scope=SCOPE,
        session=True,
        of_resident=True,
        body=wire.ProfilePatch,
        answer=wire.Profile,
        example=Example(body={"name": "Ada"}, answer=PROFILE),
    )
    async def rename(self, call: Call[None, wire.ProfilePatch]) -> wire.Profile:
        return _profile(await self._profile.rename(call.actor, call.body.name))

    @operation(
        "POST",
        f"{PATH}/password",
        surface="v2",
        tag=TAG,
        summary="Change one's password",
        description="Every other session of the person ends, in whichever organisation.",
        scope=SCOPE,
        session=True,
        of_resident=True,
        status=204,
        body=wire.PasswordChange,
        example=Example(
            body={"current_password": "correct horse battery", "new_password": "staple battery horse correct"},
        ),
    )
    async def change_password(self, call: Call[None, wire.PasswordChange]) -> None:
        await self._passwords.change(call.actor, call.body.current_password, call.body.new_password)

    @operation(
        "POST",
        f"{PATH}/mfa",
        surface="v2",
        tag=TAG,
        summary="Begin to enrol a second factor",
        description="It counts for nothing until a code of it was sent to `confirm`. Beginning again replaces it.",
        scope=SCOPE,
        session=True,
        of_resident=True,
        status=201,
        body=wire.Enrol,
        answer=wire.Enrolment,
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
        found = await self._second_factor.enrol(call.actor, call.body.algorithm, call.body.digits)
        return wire.Enrolment(secret=found.secret, uri=found.uri, algorithm=found.algorithm, digits=found.digits, period=PERIOD_S)

    @operation(
        "POST",
        f"{PATH}/mfa/confirm",
        surface="v2",
        tag=TAG,
        summary="Confirm a second factor",
        description="From now on it is asked for at sign-in. The answer holds recovery codes, once.",
        scope=SCOPE,
        session=True,
        of_resident=True,
        body=wire.ConfirmCode,
        answer=wire.RecoveryCodes,
        example=Example(
            body={"code": "497539"},
            answer={
                "recovery_codes": ["7q2mx-o8vyt", "1kk5r-zb7nc"],
                "warning": "keep these codes in a safe place, they are not shown again",
            },
        ),
    )
    async def confirm(self, call: Call[None, wire.ConfirmCode]) -> wire.RecoveryCodes:
        codes = await self._second_factor.confirm(call.actor, call.body.code)
        return wire.RecoveryCodes(codes)

    @operation(
        "POST",
        f"{PATH}/mfa/remove",
        surface="v2",
        tag=TAG,
        summary="Remove one's second factor",
        description="Refused while an organisation that one belongs to demands one.",
        scope=SCOPE,
        session=True,
        of_resident=True,
        status=204,
        body=wire.RemoveFactor,
        example=Example(body={"password": "correct horse battery", "code": "497539"}),
    )
    async def remove_factor(self, call: Call[None, wire.RemoveFactor]) -> None:
        await self._second_factor.remove(call.actor, call.body.password, call.body.code)

    @operation(
        "GET",
        f"{PATH}/sessions",
        surface="v2",
        tag=TAG,
        summary="List one's sessions",
        description="In this organisation, newest first.",
        scope=SCOPE,
        session=True,
        of_resident=True,
        answer=ListOf[wire.Session],
        example=Example(answer={"data": [SESSION], "next_cursor": None}),
    )
    async def sessions(self, call: Call[None, None]) -> ListOf[wire.Session]:
        found = await self._sessions.list_own(call.actor)
        return ListOf([shown_session(one, call.actor.session_id) for one in found])

    @operation(
        "DELETE",
        f"{PATH}/sessions/{{session_id}}",
        surface="v2",
        tag=TAG,
        summary="End one of one's sessions",
        scope=SCOPE,
        session=True,
        of_resident=True,
        status=204,
        example=Example(path={"session_id": "ses_0c2k9fq7w3s5d"}),
    )
    async def end_session(self, call: Call[None, None]) -> None:
        await self._sessions.revoke_own(call.actor, path_id(Prefix.SESSION, call.path["session_id"]))


def shown_session(session: Session, current_id: SessionId = SessionId(0)) -> wire.Session:
    """A session on the wire."""
    return wire.Session(
        id=encode(Prefix.SESSION, session.id),
        user_id=encode(Prefix.USER, session.user_id),
        current=session.id == current_id,
        methods=list(session.methods),
        address=session.address,
        user_agent=session.agent,
        created_at=format_time(session.created_us),
        last_used_at=format_time(session.last_used_us),
        expires_at=format_time(session.expires_us),
    )


def _profile(person: Person) -> wire.Profile:
    user = person.user
    return wire.Profile(
        user_id=encode(Prefix.USER, user.id),
        email=user.email,
        name=user.name,
        role=person.role.value,
        mfa=person.mfa,
        recovery_codes_left=person.recovery_codes_left,
        created_at=format_time(user.created_us),
        memberships=[
            wire.Membership(
                organization_id=encode(Prefix.ORGANIZATION, one.org_id),
                organization_name=one.org_name,
                role=one.role.value,
                suspended=one.org_suspended,
                require_mfa=one.require_mfa,
                joined_at=format_time(one.created_us),
            )
            for one in person.memberships
        ],
    )
