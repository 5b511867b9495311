"""Builds the part for devices: the devices, their sensors, their connectivity and their faults."""

from __future__ import annotations

from penstock.api.v2.devices.bulk_routes import DeviceBulkEndpoints
from penstock.api.v2.devices.connectivity_routes import ConnectivityEndpoints
from penstock.api.v2.devices.routes import DeviceEndpoints
from penstock.api.v2.devices.sensor_routes import SensorEndpoints
from penstock.api.v2.sensor_templates.routes import SensorTemplateEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.sensor_templates import build_sensor_templates
from penstock.bootstrap.services import Services
from penstock.core.devices import events
from penstock.core.devices.bulk import BulkCreation
from penstock.core.devices.connectivity_service import ConnectivityRecorder, ConnectivityService
from penstock.core.outbox import OutboxEntry
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import DeviceId
from penstock.settings import Settings
from penstock.workers.connectivity import ConnectivityWorker
from penstock.workers.device_faults import DeviceFaultsWorker
from penstock.workers.outbox import Follower
from penstock.workers.seen import SeenWorker


def devices_part(services: Services, settings: Settings) -> Part:
    """Endpoints, loops and followers for devices."""
    worker = ConnectivityWorker(
        database=services.database,
        presence=services.presence,
        latest=services.latest,
        notes=ConnectivityRecorder(services.ids),
        clock=services.clock,
        settled=services.settled,
        offline_after_us=settings.devices.offline_after_s * SECOND_US,
        kept_days=settings.devices.connectivity_kept_days,
    )
    services.connectivity.add(worker)
    templates = build_sensor_templates(services)
    return Part(
        endpoints=(
            DeviceBulkEndpoints(
                BulkCreation(services.database, services.devices, services.clock),
                services.devices,
                services.latest,
                services.clock,
            ),
            DeviceEndpoints(services.devices, services.latest, services.clock),
            SensorEndpoints(services.sensors, templates),
            SensorTemplateEndpoints(templates),
            ConnectivityEndpoints(ConnectivityService(services.database)),
        ),
        loops={
            "connectivity": worker.run,
            "device_faults": DeviceFaultsWorker(services.database, services.faults).run,
            "seen": SeenWorker(services.seen).run,
        },
        followers=_followers(services),
    )


def _followers(services: Services) -> dict[str, Follower]:
    async def look_up_again(entry: OutboxEntry) -> None:
        services.directory.drop(DeviceId(entry.subject_id))  # the change may have been made by another process

    return {events.UPDATED: look_up_again}
