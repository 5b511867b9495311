"""The workers of a server, and who follows which event."""

from __future__ import annotations

import msgspec

from penstock.bootstrap.services import Services
from penstock.core.devices import events
from penstock.core.outbox import OutboxEntry
from penstock.ingress.mqtt.server import MqttServer
from penstock.settings import Settings
from penstock.workers.device_faults import DeviceFaultsWorker
from penstock.workers.key_usage import KeyUsageWorker
from penstock.workers.observer import Observer
from penstock.workers.outbox import OutboxWorker
from penstock.workers.retention import RetentionWorker
from penstock.workers.supervisor import Supervisor
from penstock.workers.usage import UsageWorker


class Workers(msgspec.Struct, kw_only=True):
    """The workers one by one, and who runs them."""

    observer: Observer
    outbox: OutboxWorker
    retention: RetentionWorker
    supervisor: Supervisor


def build_workers(services: Services, mqtt: MqttServer, settings: Settings) -> Workers:
    """The workers over the services, not yet running."""
    observer = Observer(log=services.log, database=services.database, ids=services.ids, clock=services.clock)

    async def purge(entry: OutboxEntry) -> None:
        await services.log.flush()  # readings that were under way when the device was deleted
        await services.store.purge_device(entry.org_id, entry.subject_id)
        services.latest.drop(entry.subject_id)
        observer.forget(entry.subject_id)

    outbox = OutboxWorker(services.database, {events.DELETED: purge})
    retention = RetentionWorker(
        database=services.database,
        store=services.store,
        latest=services.latest,
        plans=services.plans,
        clock=services.clock,
        interval_s=settings.retention.interval_s,
    )

    def forget_credentials() -> None:
        services.authenticator.clear()
        services.plans.clear()
        mqtt.organizations_changed()

    key_usage = KeyUsageWorker(services.database, services.authenticator, services.trail, forget_credentials)
    usage = UsageWorker(services.database, services.calls, services.limits, services.limiter)
    supervisor = Supervisor(
        {
            "observer": observer.run,
            "outbox": outbox.run,
            "retention": retention.run,
            "key_usage": key_usage.run,
            "usage": usage.run,
            "device_faults": DeviceFaultsWorker(services.database, services.faults).run,
        }
    )
    return Workers(observer=observer, outbox=outbox, retention=retention, supervisor=supervisor)
