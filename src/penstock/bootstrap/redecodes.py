"""Builds the service and the worker for re-decodes."""

from __future__ import annotations

import msgspec

from penstock.api.system.metrics import Figure
from penstock.api.v2.redecodes.routes import RedecodeEndpoints
from penstock.bootstrap.codecs import CodecParts
from penstock.bootstrap.dialects import derived_values
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.connections.activity import ConnectionActivity
from penstock.core.redecodes.decoding import Limits
from penstock.core.redecodes.earlier import EarlierReadings
from penstock.core.redecodes.service import RedecodeService
from penstock.kit.clock import SECOND_US
from penstock.settings import Settings
from penstock.workers.jobs import JobWorker
from penstock.workers.redecode_runs import RedecodeRunner


class Redecodes(msgspec.Struct, kw_only=True):
    """The services for re-decodes."""

    service: RedecodeService
    runner: RedecodeRunner
    worker: JobWorker

    @property
    def part(self) -> Part:
        """Endpoints, loop and figures for re-decodes."""
        return Part(
            endpoints=(RedecodeEndpoints(self.service),),
            loops={"redecodes": self.worker.run},
            figures=(
                Figure("redecodes_unfinished", "Re-decodes that are queued or running.", lambda: self.runner.unfinished),
                Figure("redecode_waiting", "Stored uplinks that re-decodes have left.", lambda: self.runner.left),
                Figure("redecoded_uplinks", "Stored uplinks that were processed.", lambda: self.runner.uplinks, counts=True),
            ),
        )


def build_redecodes(services: Services, settings: Settings, codecs: CodecParts, activity: ConnectionActivity) -> Redecodes:
    """Build the service and the worker. Its loop is not running yet."""
    runner = RedecodeRunner(
        database=services.database,
        store=services.store,
        latest=services.latest,
        earlier=EarlierReadings(services.store, services.telemetry.append, services.clock),
        directory=codecs.directory,
        runner=codecs.pool,
        derive=derived_values,
        has_route=lambda device_id: activity.route_of(device_id) is not None,
        trail=services.trail,
        ids=services.ids,
        clock=services.clock,
        limits=Limits(
            max_readings=settings.uplinks.max_readings,
            max_payload_bytes=settings.telemetry.max_payload_bytes,
            max_ahead_us=settings.telemetry.future_tolerance_s * SECOND_US,
        ),
    )
    worker = JobWorker(runner, "redecodes_delayed")
    service = RedecodeService(
        database=services.database,
        directory=services.directory,
        log=services.log,
        trail=services.trail,
        ids=services.ids,
        clock=services.clock,
        on_start=worker.wake,
    )
    return Redecodes(service=service, runner=runner, worker=worker)
