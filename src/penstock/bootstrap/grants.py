"""Builds the services for grants of tokens, and the worker that removes ended ones."""

from __future__ import annotations

import msgspec

from penstock.api.v2.grants.request_routes import SeedRequestEndpoints
from penstock.api.v2.grants.routes import GrantEndpoints, GrantsOfSubjectEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.tokens.access import GrantAccess
from penstock.core.tokens.approvals import SeedRequestService
from penstock.core.tokens.grant_events import GrantNotes
from penstock.core.tokens.grants import GrantService
from penstock.core.tokens.requests import SeedGate
from penstock.settings import Settings
from penstock.workers.grants import GrantWorker


class Grants(msgspec.Struct, kw_only=True):
    """The services for grants."""

    access: GrantAccess
    service: GrantService
    requests: SeedRequestService
    worker: GrantWorker

    @property
    def part(self) -> Part:
        """Endpoints and loop for grants."""
        return Part(
            endpoints=(
                GrantEndpoints(self.service),
                GrantsOfSubjectEndpoints(self.service),
                SeedRequestEndpoints(self.requests),
            ),
            loops={"grants": self.worker.run},
        )


def build_grants(services: Services, settings: Settings) -> Grants:
    """Build the services and the worker. Its loop is not running yet."""
    database, trail, ids, clock, config = services.database, services.trail, services.ids, services.clock, settings.grants
    access, notes = GrantAccess(SeedGate(trail, clock), clock), GrantNotes(trail, clock)
    return Grants(
        access=access,
        service=GrantService(
            database=database,
            access=access,
            notes=notes,
            ids=ids,
            clock=clock,
            config=config,
            on_key_change=services.authenticator.drop,
        ),
        requests=SeedRequestService(database=database, access=access, trail=trail, ids=ids, clock=clock, config=config),
        worker=GrantWorker(database=database, notes=notes, settled=services.settled, interval_s=config.interval_s),
    )
