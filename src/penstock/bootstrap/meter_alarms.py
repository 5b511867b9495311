"""Builds the service and the worker for alarms of meters."""

from __future__ import annotations

import msgspec

from penstock.api.v2.meter_alarms.routes import MeterAlarmEndpoints
from penstock.api.v2.meter_alarms.settings_routes import AlarmSettingsEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.devices import events
from penstock.core.meter_alarms.counters import CounterReader
from penstock.core.meter_alarms.evaluation import AlarmEvaluation
from penstock.core.meter_alarms.service import MeterAlarmService
from penstock.core.meters.series import MeterReader
from penstock.core.redecodes.events import FINISHED
from penstock.settings import Settings
from penstock.workers.meter_alarms import MeterAlarmWorker


class MeterAlarms(msgspec.Struct, kw_only=True):
    """The service and the worker for alarms of meters."""

    service: MeterAlarmService
    worker: MeterAlarmWorker

    @property
    def part(self) -> Part:
        """Endpoints, loop and follower for alarms of meters."""
        return Part(
            endpoints=(MeterAlarmEndpoints(self.service), AlarmSettingsEndpoints(self.service)),
            loops={"meter_alarms": self.worker.run},
            followers={events.DELETED: self.worker.on_device_deleted, FINISHED: self.worker.on_redecode_finished},
        )


def build_meter_alarms(services: Services, settings: Settings) -> MeterAlarms:
    """Build the service and the worker. The worker is not running yet."""
    return MeterAlarms(
        service=MeterAlarmService(
            database=services.database, directory=services.directory, trail=services.trail, clock=services.clock
        ),
        worker=MeterAlarmWorker(
            log=services.log,
            database=services.database,
            evaluation=AlarmEvaluation(CounterReader(MeterReader(services.store)), services.ids, services.clock),
            clock=services.clock,
            settled=services.settled,
            interval_s=settings.alarms.interval_s,
            keep_days=settings.alarms.keep_days,
        ),
    )
