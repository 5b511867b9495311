"""Builds the services that nouns share, from the stores of a data directory."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.api.live.hub import LiveHub
from penstock.bootstrap.dialects import KEY_STYLES
from penstock.bootstrap.limits import build_limits
from penstock.bootstrap.people import People, build_people
from penstock.bootstrap.stores import Stores
from penstock.bootstrap.vault import build_vault
from penstock.core.audit.trail import AuditTrail
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.link import ConnectivityListeners, DeviceLinks
from penstock.core.devices.presence import DevicePresence
from penstock.core.devices.seen import SeenDevices
from penstock.core.devices.sensors import SensorService
from penstock.core.devices.service import DeviceService
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.policy import CallLimits
from penstock.core.people.roles import SCOPES_OF_ROLES
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.service import TelemetryService
from penstock.core.telemetry.signs import notes_signs
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.monthly import MonthlyReadings
from penstock.core.usage.service import CallCounter
from penstock.core.vault.fields import SecretFields
from penstock.core.vault.vault import Vault
from penstock.ingress.http.admission import Admission
from penstock.kit.client import ClientAddress
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.http import BodyBudget
from penstock.kit.ids import IdSource
from penstock.kit.secret import Pepper
from penstock.kit.settled_clock import SettledClock
from penstock.settings import Settings
from penstock.workers.progress import Followers


class Services(Stores, kw_only=True):
    """The stores, and the services of the core that more than one noun uses.

    The functions in `on_foreign_change` are called when another process has changed credentials: which ones is unknown, so
    everything that was looked up is forgotten. `clients`, `bodies` and `ingest` are shared by the device side and the API, so
    that one limit applies to both: the address of a caller, the memory of bodies, and the admission of readings. `followers`
    tells how far the workers are behind. `settled` is the clock for work that cannot be undone.
    """

    clock: Clock
    settled: SettledClock
    ids: IdSource
    devices: DeviceService
    sensors: SensorService
    telemetry: TelemetryService
    directory: DeviceDirectory
    faults: DeviceFaults
    evaluation_errors: EvaluationErrors
    seen: SeenDevices
    presence: DevicePresence
    links: DeviceLinks
    connectivity: ConnectivityListeners
    latest: LatestReadings
    authenticator: KeyAuthenticator
    gate: Gate
    limiter: Limiter
    ledger: Ledger
    limits: CallLimits
    monthly: MonthlyReadings
    lane: BackfillLane
    calls: CallCounter
    trail: AuditTrail
    plans: PlanCatalogue
    people: People
    vault: Vault
    secret_fields: SecretFields
    hub: LiveHub
    on_foreign_change: list[Callable[[], None]]
    clients: ClientAddress
    bodies: BodyBudget
    ingest: Admission
    followers: Followers


def build_services(data_dir: DataDir, settings: Settings, clock: Clock, stores: Stores) -> Services:
    """Build the services from open stores."""
    database, pepper, ids, trail = stores.database, data_dir.pepper(), IdSource(clock.now_us), AuditTrail(clock)
    plans, settled = PlanCatalogue(database, settings.plans), SettledClock(clock, data_dir.kept_time())
    directory, limits = DeviceDirectory(database, pepper), build_limits(settings, plans, clock)
    monthly, authenticator = MonthlyReadings(database, plans, limits.ledger, clock), _authenticator(database, pepper, clock)
    people = _people(data_dir, settings, clock, settled, stores, limits.limiter, authenticator, plans)
    gate = Gate(authenticator, plans, limits.limits, people.authenticator)
    latest, seen = _latest(settings, stores), _seen(stores, ids, clock)
    presence, connectivity = _presence()
    vault = build_vault(data_dir, settings.vault, database, ids, clock)
    faults, calls, clients = DeviceFaults(clock), CallCounter(clock), ClientAddress(settings.http.trusted_proxies)
    return Services(
        **msgspec.structs.asdict(stores),
        **msgspec.structs.asdict(limits),
        clock=clock,
        settled=settled,
        ids=ids,
        trail=trail,
        plans=plans,
        directory=directory,
        faults=faults,
        evaluation_errors=EvaluationErrors(clock),
        seen=seen,
        presence=presence,
        links=DeviceLinks(),
        connectivity=connectivity,
        latest=latest,
        hub=LiveHub(stores.log, directory, settings.streams),
        authenticator=authenticator,
        monthly=monthly,
        calls=calls,
        people=people,
        vault=vault,
        secret_fields=SecretFields(vault, database),
        gate=gate,
        devices=_devices(database, directory, plans, pepper, trail, ids, clock, settings),
        sensors=SensorService(database=database, directory=directory, trail=trail, ids=ids, clock=clock),
        telemetry=TelemetryService(
            log=stores.log,
            store=stores.store,
            latest=latest,
            directory=directory,
            plans=plans,
            monthly=monthly,
            faults=faults,
            clock=clock,
            config=settings.telemetry,
        ),
        on_foreign_change=[authenticator.clear, people.authenticator.clear, plans.clear, vault.clear],
        clients=clients,
        bodies=BodyBudget(settings.http.max_bodies_bytes),
        ingest=Admission(gate, clients, limits.limits, calls, directory),
        followers=Followers(clock),
    )


def _devices(
    database: SqliteDatabase,
    directory: DeviceDirectory,
    plans: PlanCatalogue,
    pepper: Pepper,
    trail: AuditTrail,
    ids: IdSource,
    clock: Clock,
    settings: Settings,
) -> DeviceService:
    return DeviceService(
        database=database,
        directory=directory,
        plans=plans,
        pepper=pepper,
        trail=trail,
        ids=ids,
        clock=clock,
        offline_after_us=settings.devices.offline_after_s * SECOND_US,
    )


def _latest(settings: Settings, stores: Stores) -> LatestReadings:
    latest = LatestReadings(stores.store, settings.telemetry.max_latest_devices)
    stores.log.subscribe(latest.take)
    return latest


def _seen(stores: Stores, ids: IdSource, clock: Clock) -> SeenDevices:
    seen = SeenDevices(stores.database, ConnectivityRecorder(ids), clock)
    stores.log.on_settled(notes_signs(seen))
    return seen


def _presence() -> tuple[DevicePresence, ConnectivityListeners]:
    presence, listeners = DevicePresence(), ConnectivityListeners()
    listeners.add(presence)  # first, because listeners are called in this order and the others read it
    return presence, listeners


def _people(
    data_dir: DataDir,
    settings: Settings,
    clock: Clock,
    settled: SettledClock,
    stores: Stores,
    limiter: Limiter,
    authenticator: KeyAuthenticator,
    plans: PlanCatalogue,
) -> People:
    return build_people(
        stores.database,
        data_dir,
        settings,
        clock,
        limiter,
        settled=settled,
        on_person_change=authenticator.drop_root,
        on_settings_change=plans.clear,
        on_key_change=authenticator.drop,
    )


def _authenticator(database: SqliteDatabase, pepper: Pepper, clock: Clock) -> KeyAuthenticator:
    return KeyAuthenticator(database=database, pepper=pepper, clock=clock, styles=KEY_STYLES, role_scopes=SCOPES_OF_ROLES)
