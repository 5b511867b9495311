"""Builds the services for connections: the use cases, the directory, and the counters with the loop that stores them."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.api.v2.connections.routes import ConnectionEndpoints
from penstock.api.v2.devices.event_routes import DeviceEventEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.connections import events as connection_events
from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.directory import ConnectionDirectory
from penstock.core.connections.intake import ConnectionIntake
from penstock.core.connections.links import ConnectionLinks
from penstock.core.connections.service import ConnectionService
from penstock.core.devices.history_service import DeviceEventService
from penstock.core.outbox import OutboxEntry
from penstock.core.uplinks.service import UplinkService
from penstock.ingress.http.connections import ConnectionIngest
from penstock.ingress.lorawan.protocol import read_message_of
from penstock.kit.ids import ConnectionId
from penstock.settings import Settings
from penstock.workers.connections import ConnectionActivityWorker


class Connections(msgspec.Struct, kw_only=True):
    """The services for connections. Each intake reports messages to `activity`; `directory` notifies of changes."""

    service: ConnectionService
    directory: ConnectionDirectory
    activity: ConnectionActivity
    links: ConnectionLinks
    intake: ConnectionIntake
    events: DeviceEventService
    worker: ConnectionActivityWorker
    ingest: ConnectionIngest

    @property
    def part(self) -> Part:
        """Endpoints, loop and followers for connections."""
        return Part(
            endpoints=(ConnectionEndpoints(self.service, self.links), DeviceEventEndpoints(self.events)),
            raw=(self.ingest,),
            hot=(self.ingest,),
            loops={"connection_activity": self.worker.run},
            followers=dict.fromkeys(connection_events.TOPICS, self._look_up_again),
        )

    async def _look_up_again(self, entry: OutboxEntry) -> None:
        self.directory.drop(ConnectionId(entry.subject_id))  # the change may have been made by another process


def build_connections(services: Services, data_dir: DataDir, settings: Settings, uplinks: UplinkService) -> Connections:
    """Build the services for connections. Their loops are not running yet."""
    pepper, clock = data_dir.pepper(), services.clock
    directory = ConnectionDirectory(services.database, pepper, clock)
    activity = ConnectionActivity(clock)
    services.directory.subscribe(activity.forget_device)
    intake = ConnectionIntake(
        database=services.database,
        directory=services.directory,
        uplinks=uplinks,
        activity=activity,
        ids=services.ids,
        clock=clock,
    )
    return Connections(
        service=ConnectionService(
            database=services.database,
            devices=services.directory,
            secrets=services.secret_fields,
            trail=services.trail,
            pepper=pepper,
            ids=services.ids,
            clock=clock,
            on_change=directory.drop,
        ),
        directory=directory,
        activity=activity,
        links=ConnectionLinks(clock),
        intake=intake,
        events=DeviceEventService(services.database, services.directory),
        worker=ConnectionActivityWorker(services.database, activity, clock, services.settled, settings.devices.events_kept_days),
        ingest=ConnectionIngest(
            intake=intake,
            directory=directory,
            activity=activity,
            telemetry=services.telemetry,
            admission=services.ingest,
            gate=services.gate,
            budget=services.bodies,
            read=read_message_of,
        ),
    )
