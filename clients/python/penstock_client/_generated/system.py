"""`client.system`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._pages import AsyncPages, Pages
from .._request import Request, new_key
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class System(Resource):
    """Health and metrics of the server, for its operator, and this documentation."""

    def back_up(self, *, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Backup:
        """Back up the server.

        Begins a backup of all organisations in `system.backup_dir`, as `penstock backup` writes it. The file cannot be
        downloaded, because it contains the secrets of the server: copy it from the machine. Only for the operator.

        Requires the scope `org:admin`.
        """
        request = Request("POST", "/api/v2/system/backups", key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.Backup = self._call(request)
        return answer

    def get(self, *, request_timeout: float | None = None) -> schemas.System:
        """Get the state of the server.

        Its disk and when it will be full, its checks and its background workers. Only for the server's operator: a user
        in `system.operators` of the settings, or the owner of the only organisation.

        Requires the scope `org:admin`.
        """
        request = Request("GET", "/api/v2/system", timeout_s=request_timeout)
        answer: schemas.System = self._call(request)
        return answer

    def list_backups(self, *, request_timeout: float | None = None) -> Pages[schemas.Backup]:
        """List backups.

        Newest first: the files that this operation wrote, and the backup that is running or failed. Only for the
        operator.

        Requires the scope `org:admin`.
        """
        request = Request("GET", "/api/v2/system/backups", timeout_s=request_timeout)
        return self._list(request)


class AsyncSystem(AsyncResource):
    """As `System`, for an event loop."""

    async def back_up(self, *, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Backup:
        """Back up the server.

        As `System.back_up`.
        """
        request = Request("POST", "/api/v2/system/backups", key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.Backup = await self._call(request)
        return answer

    async def get(self, *, request_timeout: float | None = None) -> schemas.System:
        """Get the state of the server.

        As `System.get`.
        """
        request = Request("GET", "/api/v2/system", timeout_s=request_timeout)
        answer: schemas.System = await self._call(request)
        return answer

    def list_backups(self, *, request_timeout: float | None = None) -> AsyncPages[schemas.Backup]:
        """List backups.

        As `System.list_backups`.
        """
        request = Request("GET", "/api/v2/system/backups", timeout_s=request_timeout)
        return self._list(request)
