"""The workers of a server, and who follows which event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from penstock.api.live.hub import LiveHub
from penstock.api.live.notices import alert_notice, command_notice, connectivity_notice, event_notice
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.core.alerts import events as alert_events
from penstock.core.alerts.events import AlertMoved
from penstock.core.commands import events as command_events
from penstock.core.commands.events import CommandMoved
from penstock.core.connections import events as connection_events
from penstock.core.connections.intake import DeviceEventNoted
from penstock.core.devices import connectivity, events, history
from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.outbox import OutboxEntry
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import ConnectionId, DeviceId
from penstock.settings import Settings
from penstock.workers.connectivity import ConnectivityWorker
from penstock.workers.device_faults import DeviceFaultsWorker
from penstock.workers.key_usage import KeyUsageWorker
from penstock.workers.observer import Observer
from penstock.workers.outbox import Follower, OutboxWorker
from penstock.workers.people import MailWorker, PeopleWorker
from penstock.workers.retention import RetentionWorker
from penstock.workers.statements import StatementsWorker
from penstock.workers.subscription import SubscriptionWorker
from penstock.workers.supervisor import Supervisor
from penstock.workers.usage import UsageWorker

Loop = Callable[[], Awaitable[None]]


class Workers(msgspec.Struct, kw_only=True):
    """The workers one by one, and who runs them."""

    observer: Observer
    outbox: OutboxWorker
    retention: RetentionWorker
    supervisor: Supervisor


def build_workers(services: Services, parts: Parts, settings: Settings) -> Workers:
    """The workers over the services, not yet running."""
    notes = ConnectivityRecorder(services.ids)
    observer = Observer(log=services.log, database=services.database, connectivity=notes, ids=services.ids, clock=services.clock)

    outbox = _outbox(services, parts, observer)
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
        services.people.authenticator.clear()
        services.plans.clear()
        parts.mqtt.organizations_changed()
        parts.agents.organizations_changed()
        parts.brokers.clients.organizations_changed()

    key_usage = KeyUsageWorker(services.database, services.authenticator, services.trail, forget_credentials)
    supervisor = Supervisor(
        {
            "observer": observer.run,
            "connectivity": _connectivity(services, settings, notes).run,
            "outbox": outbox.run,
            "retention": retention.run,
            "key_usage": key_usage.run,
            "device_faults": DeviceFaultsWorker(services.database, services.faults).run,
            **_of_people(services),
            **_of_parts(services, parts, settings),
        }
    )
    return Workers(observer=observer, outbox=outbox, retention=retention, supervisor=supervisor)


def _outbox(services: Services, parts: Parts, observer: Observer) -> OutboxWorker:
    """The worker that tells of changes, and who follows which."""

    async def purge(entry: OutboxEntry) -> None:
        await services.log.flush()  # readings that were under way when the device was deleted
        await services.store.purge_device(entry.org_id, DeviceId(entry.subject_id))
        services.latest.drop(DeviceId(entry.subject_id))
        observer.forget(DeviceId(entry.subject_id))

    async def look_up_again(entry: OutboxEntry) -> None:
        services.directory.drop(DeviceId(entry.subject_id))  # the change may be another process's
        await ingest_kept(entry)

    async def ingest_kept(entry: OutboxEntry) -> None:
        parts.alerts.worker.device_changed(DeviceId(entry.subject_id))
        await parts.meters.uplinks.ingest_kept(entry.org_id, DeviceId(entry.subject_id))

    async def look_up_connection_again(entry: OutboxEntry) -> None:
        parts.connections.directory.drop(ConnectionId(entry.subject_id))

    followers: dict[str, Follower] = {events.CREATED: ingest_kept, events.UPDATED: look_up_again, events.DELETED: purge}
    followers |= dict.fromkeys(connection_events.TOPICS, look_up_connection_again)
    return OutboxWorker(
        services.database,
        followers | _tellers(services.hub),
        watchers=(parts.webhooks.sources.on_event, parts.rules.worker.on_event, parts.downlinks.transport.on_event),
    )


def _tellers(hub: LiveHub) -> dict[str, Follower]:
    """Those who tell live streams what is no reading, by topic."""

    async def tell_command(entry: OutboxEntry) -> None:
        moved = msgspec.json.decode(entry.body, type=CommandMoved)
        await hub.tell(entry.org_id, moved.device_id, "command", command_notice(moved))

    async def tell_connectivity(entry: OutboxEntry) -> None:
        changed = msgspec.json.decode(entry.body, type=ConnectivityChanged)
        await hub.tell(entry.org_id, changed.device_id, "connectivity", connectivity_notice(changed))

    async def tell_event(entry: OutboxEntry) -> None:
        noted = msgspec.json.decode(entry.body, type=DeviceEventNoted)
        await hub.tell(entry.org_id, noted.device_id, "event", event_notice(noted))

    async def tell_alert(entry: OutboxEntry) -> None:
        moved = msgspec.json.decode(entry.body, type=AlertMoved)
        await hub.tell(entry.org_id, moved.device_id, "alert", alert_notice(moved, entry.topic))

    tellers: dict[str, Follower] = dict.fromkeys(command_events.TOPICS.values(), tell_command)
    tellers |= dict.fromkeys(connectivity.TOPICS.values(), tell_connectivity)
    tellers[history.TOPIC] = tell_event
    tellers |= dict.fromkeys(alert_events.TOPICS, tell_alert)
    return tellers


def _connectivity(services: Services, settings: Settings, notes: ConnectivityRecorder) -> ConnectivityWorker:
    worker = ConnectivityWorker(
        database=services.database,
        presence=services.presence,
        latest=services.latest,
        notes=notes,
        clock=services.clock,
        offline_after_us=settings.devices.offline_after_s * SECOND_US,
        kept_days=settings.devices.connectivity_kept_days,
    )
    services.connectivity.add(worker)
    return worker


def _statements(services: Services, parts: Parts, settings: Settings) -> StatementsWorker:
    return StatementsWorker(
        closer=parts.meters.closer,
        database=services.database,
        log=services.log,
        clock=services.clock,
        interval_s=settings.billing.interval_s,
    )


def _of_parts(services: Services, parts: Parts, settings: Settings) -> dict[str, Loop]:
    return {
        **_of_limits(services, settings),
        "statements": _statements(services, parts, settings).run,
        **parts.commands.loops,
        **parts.connections.loops,
        **parts.notifications.loops,
        **parts.alerts.loops,
        **parts.webhooks.loops,
        **parts.rules.loops,
        **parts.brokers.loops,
        **parts.downlinks.loops,
    }


def _of_limits(services: Services, settings: Settings) -> dict[str, Loop]:
    usage = UsageWorker(
        database=services.database,
        counter=services.calls,
        ledger=services.ledger,
        limiter=services.limiter,
        clock=services.clock,
        hours_kept_days=settings.usage.hours_kept_days,
    )
    subscription = SubscriptionWorker(services.subscriptions, settings.subscription.interval_s)
    return {"usage": usage.run, "subscription": subscription.run}


def _of_people(services: Services) -> dict[str, Loop]:
    people = services.people
    worker = PeopleWorker(
        attempts=people.attempts,
        passwords=people.passwords,
        sessions=people.sessions,
        keys=people.signing_keys,
        clock=services.clock,
    )
    mail = MailWorker(database=services.database, post=people.post, mailer=people.mailer, clock=services.clock)
    return {"people": worker.run, "mail": mail.run}
