"""The server as a whole over the native API. Requires the session of its operator."""

from __future__ import annotations

from collections.abc import Callable

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.v2.system import wire
from penstock.api.v2.system.examples import BACKUP, BEGUN, SYSTEM
from penstock.api.v2.system.translate import from_core_backup, from_core_checks, from_core_disk
from penstock.api.v2.wire import ListOf
from penstock.core.system.models import Check
from penstock.core.system.service import SystemService
from penstock.kit.operation import Example

SCOPE = "org:admin"


class SystemEndpoints:
    """Look at the server, and back it up. `checks` and `followers` are what its readiness tells."""

    routes = Routes("/api/v2/system", surface="v2", tag="System")

    def __init__(
        self,
        system: SystemService,
        *,
        version: str,
        durability: str,
        checks: Callable[[], list[Check]],
        followers: Callable[[], list[wire.Follower]],
    ) -> None:
        self._system = system
        self._version = version
        self._durability = durability
        self._checks = checks
        self._followers = followers

    @routes.get("", scope=SCOPE, session=True, example=Example(answer=SYSTEM))
    async def get(self, call: Call[None, None]) -> wire.System:
        """Get the state of the server.

        Its disk and when it will be full, its checks and its background workers. Only for the server's operator: a user in
        `system.operators` of the settings, or the owner of the only organisation.
        """
        state = await self._system.state(call.actor)
        return wire.System(
            version=self._version,
            durability=self._durability,
            disk=from_core_disk(state),
            checks=from_core_checks([*state.machine.checks, *self._checks()]),
            followers=self._followers(),
        )

    @routes.get("/backups", scope=SCOPE, session=True, example=Example(answer={"data": [BACKUP], "next_cursor": None}))
    async def list_backups(self, call: Call[None, None]) -> ListOf[wire.Backup]:
        """List backups.

        Newest first: the files that this operation wrote, and the backup that is running or failed. Only for the operator.
        """
        return ListOf([from_core_backup(one) for one in await self._system.backups(call.actor)], None)

    @routes.post("/backups", scope=SCOPE, session=True, status=202, example=Example(answer=BEGUN))
    async def create_backup(self, call: Call[None, None]) -> wire.Backup:
        """Back up the server.

        Begins a backup of all organisations in `system.backup_dir`, as `penstock backup` writes it. The file cannot be
        downloaded, because it contains the secrets of the server: copy it from the machine. Only for the operator.
        """
        return from_core_backup(await self._system.back_up(call.actor))
