"""Builds the services that all nouns share, from the stores of a data directory."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.adapters.passwords import hash_password
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.api.live.hub import LiveHub
from penstock.bootstrap.dialects import KEY_STYLES, limit_rules
from penstock.bootstrap.people import People, build_people
from penstock.bootstrap.stores import Stores
from penstock.core.audit.service import AuditService
from penstock.core.audit.trail import AuditTrail
from penstock.core.devices.connectivity_service import ConnectivityService
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.link import ConnectivityListeners, DeviceLinks
from penstock.core.devices.presence import DevicePresence
from penstock.core.devices.sensors import SensorService
from penstock.core.devices.service import DeviceService
from penstock.core.event_types.service import EventTypeService
from penstock.core.licenses.service import LicenseService
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.policy import CallLimits
from penstock.core.signup.service import SignupService
from penstock.core.subscriptions.models import PlanChange
from penstock.core.subscriptions.service import SubscriptionService
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.service import TelemetryService
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.core.tenancy.keys import KeyMaker, KeyService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.service import TenancyService
from penstock.core.usage.monthly import MonthlyReadings
from penstock.core.usage.service import CallCounter, UsageService
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import IdSource, KeyId
from penstock.kit.secret import Pepper
from penstock.settings import Settings


class Services(Stores, kw_only=True):
    """The stores, and the services of the core that use them."""

    clock: Clock
    ids: IdSource
    tenancy: TenancyService
    signup: SignupService | None
    subscriptions: SubscriptionService
    devices: DeviceService
    licenses: LicenseService
    event_types: EventTypeService
    sensors: SensorService
    telemetry: TelemetryService
    usage: UsageService
    directory: DeviceDirectory
    faults: DeviceFaults
    presence: DevicePresence
    links: DeviceLinks
    connectivity: ConnectivityListeners
    connectivity_history: ConnectivityService
    latest: LatestReadings
    authenticator: KeyAuthenticator
    gate: Gate
    limiter: Limiter
    ledger: Ledger
    limits: CallLimits
    monthly: MonthlyReadings
    lane: BackfillLane
    calls: CallCounter
    keys: KeyService
    trail: AuditTrail
    audit: AuditService
    plans: PlanCatalogue
    people: People
    hub: LiveHub


def build_tenancy(database: SqliteDatabase, data_dir: DataDir, clock: Clock) -> TenancyService:
    """Build the service for organisations and projects. It needs only the control database."""
    ids = IdSource(clock.now_us)
    maker = KeyMaker(data_dir.pepper(), ids, clock, KEY_STYLES)
    trail = AuditTrail(clock)
    return TenancyService(database=database, maker=maker, trail=trail, ids=ids, clock=clock, hash_password=hash_password)


def build_keys(
    database: SqliteDatabase, data_dir: DataDir, plans: PlanCatalogue, clock: Clock, on_change: Callable[[KeyId], None]
) -> KeyService:
    """Build the service for API keys. It needs only the control database."""
    maker = KeyMaker(data_dir.pepper(), IdSource(clock.now_us), clock, KEY_STYLES)
    trail = AuditTrail(clock)
    return KeyService(database=database, maker=maker, plans=plans, trail=trail, clock=clock, on_change=on_change)


def build_subscriptions(
    database: SqliteDatabase, settings: Settings, plans: PlanCatalogue, clock: Clock, on_change: Callable[[PlanChange], None]
) -> SubscriptionService:
    """Build the service for plans of organisations. It needs only the control database."""
    trail, config = AuditTrail(clock), settings.subscription
    return SubscriptionService(database=database, plans=plans, trail=trail, clock=clock, config=config, on_change=on_change)


def build_services(data_dir: DataDir, settings: Settings, clock: Clock, stores: Stores) -> Services:
    """Build the core's services from open stores."""
    database, pepper, ids = stores.database, data_dir.pepper(), IdSource(clock.now_us)
    plans = PlanCatalogue(database, settings.plans)
    directory = DeviceDirectory(database, pepper)
    tenancy = build_tenancy(database, data_dir, clock)
    limiter = Limiter(clock)
    ledger = Ledger(clock)
    limits = CallLimits(limiter, ledger, plans, settings.limits, clock, limit_rules(settings.limits))
    monthly = MonthlyReadings(database, plans, ledger, clock)
    authenticator = KeyAuthenticator(database=database, pepper=pepper, clock=clock, styles=KEY_STYLES)
    people = build_people(database, data_dir, settings, clock, on_key_change=authenticator.drop, on_settings_change=plans.clear)
    latest = LatestReadings(stores.store, settings.telemetry.max_latest_devices)
    stores.log.subscribe(latest.take)
    presence, connectivity = DevicePresence(), ConnectivityListeners()
    connectivity.add(presence)  # first, because listeners are called in this order and the others read it
    return Services(
        **msgspec.structs.asdict(stores),
        clock=clock,
        ids=ids,
        plans=plans,
        directory=directory,
        faults=DeviceFaults(clock),
        presence=presence,
        links=DeviceLinks(),
        connectivity=connectivity,
        connectivity_history=ConnectivityService(database),
        latest=latest,
        hub=LiveHub(stores.log, directory, settings.streams),
        authenticator=authenticator,
        limiter=limiter,
        ledger=ledger,
        limits=limits,
        monthly=monthly,
        lane=BackfillLane(settings.limits, ledger, clock),
        calls=CallCounter(clock),
        people=people,
        gate=Gate(authenticator, plans, limits, people.authenticator),
        keys=build_keys(database, data_dir, plans, clock, authenticator.drop),
        trail=AuditTrail(clock),
        audit=AuditService(database),
        tenancy=tenancy,
        signup=SignupService(tenancy=tenancy, clock=clock, config=settings.signup) if settings.signup.enabled else None,
        subscriptions=build_subscriptions(database, settings, plans, clock, _forgetting(plans, directory, authenticator)),
        devices=_devices(database, directory, plans, pepper, ids, clock, settings),
        licenses=LicenseService(database=database, trail=AuditTrail(clock), clock=clock),
        event_types=EventTypeService(database=database, trail=AuditTrail(clock), ids=ids, clock=clock),
        usage=UsageService(database, clock),
        sensors=SensorService(database=database, directory=directory, trail=AuditTrail(clock), ids=ids, clock=clock),
        telemetry=TelemetryService(
            log=stores.log,
            store=stores.store,
            latest=latest,
            directory=directory,
            plans=plans,
            monthly=monthly,
            clock=clock,
            config=settings.telemetry,
        ),
    )


def _devices(
    database: SqliteDatabase,
    directory: DeviceDirectory,
    plans: PlanCatalogue,
    pepper: Pepper,
    ids: IdSource,
    clock: Clock,
    settings: Settings,
) -> DeviceService:
    return DeviceService(
        database=database,
        directory=directory,
        plans=plans,
        pepper=pepper,
        trail=AuditTrail(clock),
        ids=ids,
        clock=clock,
        offline_after_us=settings.devices.offline_after_s * SECOND_US,
    )


def _forgetting(
    plans: PlanCatalogue, directory: DeviceDirectory, authenticator: KeyAuthenticator
) -> Callable[[PlanChange], None]:
    """Return a function that drops the organisation, devices and keys that a change of plan affects from the caches."""

    def forget(change: PlanChange) -> None:
        plans.drop(change.organization.id)
        for device_id in change.paused_devices:
            directory.drop(device_id)
        for key_id in change.revoked_keys:
            authenticator.drop(key_id)

    return forget
