"""What dialects build their endpoints and device calls over.

A dialect that has endpoints has a module `endpoints` with `build(services: DialectServices)`; one that has calls of devices has
a module `device_calls` with `build(intake: DeviceIntake, budget: BodyBudget)`. Both return objects with operations. Bootstrap
fills these in, so a dialect knows only core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from penstock.api.shared.message_waiting import Waiting
from penstock.core.agents.service import AgentService
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.alerts.service import AlertService
from penstock.core.audit.service import AuditService
from penstock.core.billing.service import BillingService
from penstock.core.commands.definitions import DefinitionService
from penstock.core.commands.executions import ExecutionService
from penstock.core.customers.placement import PlacementService
from penstock.core.customers.service import CustomerService
from penstock.core.devices.models import DeviceRef
from penstock.core.devices.presence import DevicePresence
from penstock.core.devices.service import DeviceService
from penstock.core.inboxes.addresses import AddressService
from penstock.core.inboxes.messages import MessageService
from penstock.core.inboxes.sending import SendingService
from penstock.core.licenses.service import LicenseService
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.models import NewReading, Reading
from penstock.core.telemetry.search import ReadingSearch
from penstock.core.telemetry.service import TelemetryService
from penstock.core.tenancy.config import InstallerConfig
from penstock.core.tenancy.keys import KeyService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.service import TenancyService
from penstock.core.tokens.approvals import SeedRequestService
from penstock.core.tokens.codes import CodeService
from penstock.core.tokens.grants import GrantService
from penstock.core.tokens.service import TokenService
from penstock.core.tokens.transfer import TokenImports
from penstock.core.uplinks.models import NetworkMessage
from penstock.core.uplinks.service import UplinkService
from penstock.core.usage.service import UsageService
from penstock.core.webhooks.service import EndpointService
from penstock.kit.clock import Clock


class InboxServices(msgspec.Struct, frozen=True):
    """The use cases on inboxes."""

    addresses: AddressService
    messages: MessageService
    waiting: Waiting
    sending: SendingService


class DialectServices(msgspec.Struct, frozen=True, kw_only=True):
    """The services that endpoints of dialects call.

    `read_message` parses the body of a network server. `build_agent_archive` packs the agent and an installer's
    files below a folder with this name.
    """

    clock: Clock
    tenancy: TenancyService
    keys: KeyService
    plans: PlanCatalogue
    usage: UsageService
    audit: AuditService
    devices: DeviceService
    presence: DevicePresence
    licenses: LicenseService
    pairing: AgentService
    installer: InstallerConfig
    build_agent_archive: Callable[[str, Mapping[str, bytes]], bytes]
    telemetry: TelemetryService
    latest: LatestReadings
    search: ReadingSearch
    command_definitions: DefinitionService
    command_executions: ExecutionService
    alerts: AlertService
    occurrences: OccurrenceService
    webhooks: EndpointService
    tokens: TokenService
    codes: CodeService
    token_imports: TokenImports
    placements: PlacementService
    uplinks: UplinkService
    read_message: Callable[[dict[str, Any], str | None], NetworkMessage]
    customers: CustomerService
    billing: BillingService
    grants: GrantService
    seed_requests: SeedRequestService
    inboxes: InboxServices


class DeviceIntake(Protocol):
    """Stores readings of devices that send them with their own access tokens."""

    async def wait_for_room(self) -> None:
        """Return immediately while readings can be stored.

        Raises:
            LogFull: they cannot, even after a short wait.
        """

    async def device(self, token: bytes) -> DeviceRef:
        """Return the device that an access token belongs to.

        Raises:
            DeviceTokenInvalid: no device has this token.
        """

    def note_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count on a device that what it sent was rejected."""

    async def store(self, reading: NewReading) -> Reading:
        """Store a reading. An old one may wait first.

        Raises:
            BackfillPaced: it is old and must not be stored now.
        """
