"""The workers of a server, and who follows which event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from penstock.api.live.notices import command_notice
from penstock.bootstrap.commands import Commands
from penstock.bootstrap.services import Services
from penstock.core.commands.events import TOPICS, CommandMoved
from penstock.core.devices import events
from penstock.core.outbox import OutboxEntry
from penstock.ingress.agents.server import AgentServer
from penstock.ingress.mqtt.server import MqttServer
from penstock.settings import Settings
from penstock.workers.device_faults import DeviceFaultsWorker
from penstock.workers.key_usage import KeyUsageWorker
from penstock.workers.observer import Observer
from penstock.workers.outbox import OutboxWorker
from penstock.workers.people import MailWorker, PeopleWorker
from penstock.workers.retention import RetentionWorker
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


def build_workers(services: Services, settings: Settings, mqtt: MqttServer, agents: AgentServer, commands: Commands) -> Workers:
    """The workers over the services, not yet running."""
    observer = Observer(log=services.log, database=services.database, ids=services.ids, clock=services.clock)

    async def purge(entry: OutboxEntry) -> None:
        await services.log.flush()  # readings that were under way when the device was deleted
        await services.store.purge_device(entry.org_id, entry.subject_id)
        services.latest.drop(entry.subject_id)
        observer.forget(entry.subject_id)

    async def look_up_again(entry: OutboxEntry) -> None:
        services.directory.drop(entry.subject_id)  # the change may be another process's

    async def tell(entry: OutboxEntry) -> None:
        moved = msgspec.json.decode(entry.body, type=CommandMoved)
        await services.hub.tell_command(entry.org_id, moved.device_id, command_notice(moved))

    outbox = OutboxWorker(
        services.database, {events.DELETED: purge, events.UPDATED: look_up_again} | dict.fromkeys(TOPICS.values(), tell)
    )
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
        mqtt.organizations_changed()
        agents.organizations_changed()

    key_usage = KeyUsageWorker(services.database, services.authenticator, services.trail, forget_credentials)
    supervisor = Supervisor(
        {
            "observer": observer.run,
            "outbox": outbox.run,
            "retention": retention.run,
            "key_usage": key_usage.run,
            "device_faults": DeviceFaultsWorker(services.database, services.faults).run,
            **_of_limits(services, settings),
            **_of_people(services),
            **commands.loops,
        }
    )
    return Workers(observer=observer, outbox=outbox, retention=retention, supervisor=supervisor)


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
        failures=people.failures,
        passwords=people.passwords,
        sessions=people.sessions,
        keys=people.signing_keys,
        clock=services.clock,
    )
    mail = MailWorker(database=services.database, post=people.post, mailer=people.mailer, clock=services.clock)
    return {"people": worker.run, "mail": mail.run}
