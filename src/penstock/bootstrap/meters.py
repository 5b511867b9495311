"""Builds the services for meters: what they count, their values, and the consumption computed from these."""

from __future__ import annotations

import msgspec

from penstock.api.v2.meters.routes import MeterEndpoints
from penstock.api.v2.meters.settings_routes import MeterSettingsEndpoints
from penstock.api.v2.meters.value_routes import MeterValueEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.meters.accounts import AccountUsage
from penstock.core.meters.editing import MeterEditing
from penstock.core.meters.past import PastReader
from penstock.core.meters.series import MeterReader
from penstock.core.meters.service import MeterService
from penstock.core.meters.setup import MeterSetup
from penstock.core.meters.validated import ValidatedValues
from penstock.core.meters.windows import Windows


class Meters(msgspec.Struct, kw_only=True):
    """The services for meters."""

    service: MeterService
    setup: MeterSetup
    values: ValidatedValues
    editing: MeterEditing
    usage: AccountUsage

    def part(self, services: Services) -> Part:
        """Endpoints of meters."""
        return Part(
            endpoints=(
                MeterEndpoints(self.service, services.clock),
                MeterSettingsEndpoints(self.setup),
                MeterValueEndpoints(self.values, self.editing, services.clock),
            )
        )


def build_meters(services: Services) -> Meters:
    """Build the services for meters."""
    return _built(
        services,
        Windows(services.telemetry, services.clock),
        PastReader(services.database, MeterReader(services.store)),
    )


def _built(services: Services, windows: Windows, reader: PastReader) -> Meters:
    return Meters(
        service=MeterService(database=services.database, directory=services.directory, windows=windows, reader=reader),
        setup=MeterSetup(database=services.database, directory=services.directory, trail=services.trail, clock=services.clock),
        values=_values(services, windows, reader),
        editing=MeterEditing(
            database=services.database,
            directory=services.directory,
            values=_values(services, windows, reader),
            trail=services.trail,
            ids=services.ids,
            clock=services.clock,
        ),
        usage=AccountUsage(database=services.database, windows=windows, reader=reader),
    )


def _values(services: Services, windows: Windows, reader: PastReader) -> ValidatedValues:
    return ValidatedValues(
        database=services.database,
        directory=services.directory,
        telemetry=services.telemetry,
        windows=windows,
        reader=reader,
    )
