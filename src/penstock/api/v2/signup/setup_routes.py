"""The first set-up of a server, with the link that it prints while it has no organisation."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.v2.signup.routes import MAX_BODY_BYTES, plain
from penstock.api.v2.signup.wire import Setup, SetupDone
from penstock.core.signup.setup import SetupRequest, SetupService
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example


class SetupEndpoints:
    """One call that creates the first organisation."""

    routes = Routes("/api/v2/setup", surface="v2", tag="Organisation")

    def __init__(self, setup: SetupService) -> None:
        self._setup = setup

    @routes.post(
        scope=None,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        refuses=(404,),
        example=Example(
            body={
                "token": "pol_Q2mXo8vYt1Lk5RzB7NcWd3EpGh9Js60AfUixTe",
                "organization": "North Pumps",
                "email": "ada@example.org",
                "password": "correct horse battery",
            },
            answer={
                "organization_id": "org_0c2k9fq7w3a0d",
                "organization_name": "North Pumps",
                "project_id": "prj_0c2k9fq7w3b7h",
                "user_id": "usr_0c2k9fq7w3u4d",
                "email": "ada@example.org",
                "plan": "enterprise",
                "key_id": "key_0c2k9fq7w3c2k",
                "api_key": "psk_7Qb1Zr1mB8xTq6LwYs2NdVhEp3KaUf9GiBo0",
                "warning": "copy the key now, it is not shown again",
            },
        ),
    )
    async def set_up(self, call: Call[None, Setup]) -> SetupDone:
        """Set up a new server.

        Creates the first organisation with its owner, its default project and first key. Requires the token of the link that
        the server prints at its start while it has no organisation; it works once. Returns 404 once there is an organisation.
        """
        request = SetupRequest(
            token=call.body.token,
            organization=plain(call.body.organization, "organization"),
            email=plain(call.body.email, "email"),
            password=call.body.password,
        )
        made, user_id = await self._setup.set_up(call.actor, request)
        return SetupDone(
            organization_id=encode(Prefix.ORGANIZATION, made.organization.id),
            organization_name=made.organization.name,
            project_id=encode(Prefix.PROJECT, made.project.id),
            user_id=encode(Prefix.USER, user_id),
            email=made.user_email,
            plan=made.organization.plan,
            key_id=encode(Prefix.KEY, made.key.key.id),
            api_key=made.key.value,
        )
