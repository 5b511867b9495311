"""Settings: four layers, decoded once into frozen structs.

`default.toml` (every key with its comment; dialects add theirs) → a file → `PENSTOCK_<SECTION>_<KEY>` → flags. A section can
contain another (`[http.tls]`, `PENSTOCK_HTTP_TLS_KEY`). In every layer, an unknown key is an error that names it and the nearest
known one; only the variables that an orchestrator adds for a service are ignored (`kit/service_variables.py`). The types say
what each setting accepts (`kit/bounds.py`), and an error repeats it behind the setting's name as the user wrote it.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import structlog

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.mail.config import MailConfig
from penstock.adapters.storage.config import LogConfig
from penstock.api.console.config import ConsoleConfig
from penstock.api.grpc.config import GrpcConfig
from penstock.api.live.config import StreamConfig
from penstock.api.mcp.config import McpConfig
from penstock.api.shared.cors import CorsConfig, origins_error
from penstock.api.system.config import MetricsConfig
from penstock.core.agents.config import AgentsConfig
from penstock.core.alerts.config import AlertsConfig
from penstock.core.audit.config import AuditConfig
from penstock.core.billing.config import BillingConfig
from penstock.core.codecs.config import CodecsConfig
from penstock.core.commands.config import CommandsConfig
from penstock.core.customers.config import CustomersConfig
from penstock.core.dashboards.config import DashboardConfig
from penstock.core.downlinks.config import DownlinksConfig
from penstock.core.inboxes.account_config import SmsConfig
from penstock.core.inboxes.config import InboxesConfig
from penstock.core.invoices.config import InvoicesConfig
from penstock.core.limits.config import LimitsConfig
from penstock.core.meter_alarms.config import MeterAlarmsConfig
from penstock.core.notifications.config import NotificationsConfig
from penstock.core.outbound.config import OutboundConfig
from penstock.core.people.config import PeopleConfig
from penstock.core.rules.config import RulesConfig
from penstock.core.signup.config import SignupConfig
from penstock.core.subscriptions.config import SubscriptionConfig
from penstock.core.system.config import SystemConfig
from penstock.core.telemetry.config import TelemetryConfig
from penstock.core.tenancy.config import InstallerConfig
from penstock.core.tenancy.models import Plan, Price
from penstock.core.tokens.config import TokensConfig
from penstock.core.tokens.grant_config import GrantsConfig
from penstock.core.uplinks.config import UplinksConfig
from penstock.core.vault.config import SECRET_VARIABLES, VaultConfig
from penstock.core.webhooks.config import WebhooksConfig
from penstock.ingress.mail.config import InboxMailConfig
from penstock.ingress.mqtt.client.config import MqttClientConfig
from penstock.ingress.mqtt.config import MqttConfig
from penstock.kit.bounds import Bytes, Count, Days, Port, Seconds, SecondsFromZero, ShortText, WholeSeconds
from penstock.kit.choices import accepted
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.nearest import suggestion
from penstock.kit.service_variables import is_service_variable

DEFAULTS = Path(__file__).parent / "default.toml"
DIALECTS = Path(__file__).parent / "api" / "dialects"
MIN_TOKEN_LENGTH = 16
PREFIX = "PENSTOCK_"
OF_CLIENTS = frozenset({"PENSTOCK_URL", "PENSTOCK_ORG", "PENSTOCK_API_KEY", "PENSTOCK_PROFILE"})
"""Variables of commands that call a server at a distance. They are not settings of it."""
FILE_NAME = "penstock.toml"
MAX_COST = 1_000_000_000
DOMAIN = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?"
)

_log = structlog.get_logger()


class SettingsInvalid(PenstockError):
    """A setting is unknown or has an invalid value."""

    kind, code = Kind.INVALID, "settings.invalid"
    message = "{source}: {reason}"


class HttpConfig(FrontDoorConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the server listens, and the limits for its clients."""

    host: ShortText
    port: Port
    max_bodies_bytes: Bytes
    shutdown_grace_s: SecondsFromZero
    cors: CorsConfig


class WorkersConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a background worker counts as behind."""

    behind_after_s: WholeSeconds


class DevicesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a device counts as offline, and how long its history of connectivity and events is kept."""

    offline_after_s: WholeSeconds
    connectivity_kept_days: Days
    events_kept_days: Days


def _defaults() -> dict[str, Any]:
    """The first layer. A dialect adds counts to `limits`, and plans."""
    values: dict[str, Any] = tomllib.loads(DEFAULTS.read_text("utf-8"))
    for file in sorted(DIALECTS.glob("*/default.toml")):
        added = tomllib.loads(file.read_text("utf-8"))
        values["limits"] |= added.get("limits", {})
        values["plans"] |= added.get("plans", {})
    return values


LIMITS_OF_DIALECTS = tuple(name for name in _defaults()["limits"] if name not in LimitsConfig.__struct_fields__)
if TYPE_CHECKING:
    LimitsSection = LimitsConfig
else:  # each dialect reads its own, so that the names are known only where the dialect is installed
    LimitsSection = msgspec.defstruct(
        "LimitsSection",
        [(name, Count) for name in LIMITS_OF_DIALECTS],
        bases=(LimitsConfig,),
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )


class RetentionConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often old readings are deleted."""

    interval_s: Seconds


class UsageConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long counts by hour are kept: at least as long as a month, which is computed from them. Counts by day are kept."""

    hours_kept_days: Annotated[int, msgspec.Meta(ge=32, le=36_500)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings, one struct per section."""

    http: HttpConfig
    mqtt: MqttConfig
    agents: AgentsConfig
    telemetry: TelemetryConfig
    log: LogConfig
    devices: DevicesConfig
    workers: WorkersConfig
    customers: CustomersConfig
    billing: BillingConfig
    alarms: MeterAlarmsConfig
    grants: GrantsConfig
    invoices: InvoicesConfig
    uplinks: UplinksConfig
    codecs: CodecsConfig
    streams: StreamConfig
    console: ConsoleConfig
    grpc: GrpcConfig
    mcp: McpConfig
    retention: RetentionConfig
    commands: CommandsConfig
    alerts: AlertsConfig
    notifications: NotificationsConfig
    inboxes: InboxesConfig
    inbox_mail: InboxMailConfig
    rules: RulesConfig
    downlinks: DownlinksConfig
    limits: LimitsSection
    people: PeopleConfig
    mail: MailConfig
    sms: SmsConfig
    outbound: OutboundConfig
    tokens: TokensConfig
    webhooks: WebhooksConfig
    vault: VaultConfig
    brokers: MqttClientConfig
    usage: UsageConfig
    audit: AuditConfig
    metrics: MetricsConfig
    subscription: SubscriptionConfig
    signup: SignupConfig
    dashboards: DashboardConfig
    installer: InstallerConfig
    system: SystemConfig
    plans: dict[str, Plan]


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """The settings, and the names of those that a file, a variable or a flag sets."""

    settings: Settings
    named: frozenset[str]


def load_settings(
    file: Path | None = None, environment: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None
) -> Settings:
    """Load the settings from all layers. `flags` are such as `{"http.port": 8080}`.

    Raises:
        SettingsInvalid: names the layer, the key and the error.
    """
    return load_layers(file, environment, flags).settings


def load_layers(
    file: Path | None = None, environment: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None
) -> Loaded:
    """Load the settings as `load_settings` does, with the names of those that are not left at their defaults.

    Raises:
        SettingsInvalid: names the layer, the key and the error.
    """
    values = _defaults()
    named: set[str] = set(flags or {})
    if file is not None:
        layer = _read(file)
        _overlay(values, layer, str(file.name))
        named |= set(_names(layer))
    variables = _overlay_environment(values, os.environ if environment is None else environment)
    for name, value in (flags or {}).items():
        section, key = name.split(".")
        values[section][key] = value
        variables.pop(name, None)
    named |= set(variables)
    settings = _decode(values, "settings", variables)
    for name, reason in _conflicts(settings):
        raise SettingsInvalid(source=variables.get(name, name), reason=reason)
    return Loaded(settings=settings, named=frozenset(named))


def secret_variables(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of the environment that are secrets, and so not settings."""
    environment = os.environ if environment is None else environment
    return {name: environment[name] for name in SECRET_VARIABLES if name in environment}


def _names(table: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """The names of all settings in a layer: `http.port`, `http.tls.key`."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _names(value, f"{place}{name}.")
        else:
            yield f"{place}{name}"


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsInvalid(source=file.name, reason=error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise SettingsInvalid(source=file.name, reason="must be UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(source=file.name, reason=f"must be TOML: {error}") from error


def _overlay(values: dict[str, Any], layer: Mapping[str, Any], source: str) -> None:
    for section, keys in layer.items():
        if section not in values:
            raise SettingsInvalid(source=source, reason=f"{section!r} is not a known section{suggestion(section, values)}")
        if not isinstance(keys, dict):
            raise SettingsInvalid(source=section, reason="must be a section")
        if section == "plans":
            for plan, limits in keys.items():
                values["plans"][plan] = limits
            continue
        _overlay_section(values[section], keys, source, section)
    _decode(values, source, {})


def _overlay_section(known: dict[str, Any], layer: Mapping[str, Any], source: str, section: str) -> None:
    for key, value in layer.items():
        if key not in known:
            known_here = [f"{section}.{one}" for one in known]
            reason = f"{section}.{key} is not a known key{suggestion(f'{section}.{key}', known_here)}"
            raise SettingsInvalid(source=source, reason=reason)
        if isinstance(known[key], dict) and isinstance(value, dict):
            _overlay_section(known[key], value, source, f"{section}.{key}")
        else:
            known[key] = value


def _overlay_environment(values: dict[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Overlay the variables. Returns the name of each by that of its setting."""
    variables: dict[str, str] = {}
    own = {name: text for name, text in environment.items() if name.startswith(PREFIX) and name not in OF_CLIENTS}
    own = {name: text for name, text in environment.items() if name.startswith(PREFIX) and name not in SECRET_VARIABLES}
    foreign = [name for name, text in own.items() if is_service_variable(name, text, PREFIX)]
    if foreign:
        _log.warning("service_variables_ignored", names=sorted(foreign))
    for name, text in own.items():
        if name in foreign:
            continue
        section, key = _section_and_key(name.removeprefix(PREFIX).lower(), values)
        table, place, name_in_table = _find(values.get(section, {}), section, key)
        if section == "plans" or name_in_table not in table or isinstance(table[name_in_table], dict):
            # Without what all of them start with: else each resembles each.
            nearest = suggestion(name.removeprefix(PREFIX), _variables(values), PREFIX)
            raise SettingsInvalid(source=name, reason=f"{f'{section}.{key}'.rstrip('.')} is not a known setting{nearest}")
        setting = f"{place}.{name_in_table}"
        table[name_in_table] = _from_text(text, table[name_in_table], name, f"$.{setting}")
        variables[setting] = name
    return variables


def _section_and_key(name: str, values: dict[str, Any]) -> tuple[str, str]:
    """The parts of a variable: the name of a section can have underscores too, such as `inbox_mail`."""
    sections = [section for section in values if f"{name}_".startswith(f"{section}_")]
    section = max(sections, key=len, default=name.partition("_")[0])
    return section, name[len(section) + 1 :]


def _variables(values: dict[str, Any]) -> list[str]:
    """The names of all variables that are settings, without the prefix."""
    return [name.replace(".", "_").upper() for name in _names(values) if not name.startswith("plans.")]


def _find(table: dict[str, Any], section: str, key: str) -> tuple[dict[str, Any], str, str]:
    """The table, its name, and the key in it for a key of the environment: `tls_key` is `key` of the table `http.tls`."""
    inner, _, rest = key.partition("_")
    return (table[inner], f"{section}.{inner}", rest) if isinstance(table.get(inner), dict) else (table, section, key)


def _from_text(text: str, default: Any, name: str, path: str) -> Any:
    if isinstance(default, str):
        return text
    if isinstance(default, list):
        if '"' in text or "'" in text:  # a list as in a file: its brackets and quotes would become part of the values
            raise SettingsInvalid(source=name, reason="must be values separated by commas, without brackets and quotes")
        parts = [part.strip() for part in text.split(",") if part.strip()]
        items = enumerate(parts) if default else ()
        return [_from_text(part, default[0], f"{name}[{place}]", f"{path}[0]") for place, part in items] or parts
    # Any number is accepted here; whether a fraction is allowed is validated with all other values.
    requested = bool if isinstance(default, bool) else int | float
    try:
        return msgspec.convert(text, requested, strict=False)
    except msgspec.ValidationError:
        raise SettingsInvalid(source=name, reason=f"must be {accepted(Settings, path)}") from None


def _decode(values: dict[str, Any], source: str, variables: Mapping[str, str]) -> Settings:
    try:
        return msgspec.convert(values, Settings, strict=True)
    except msgspec.ValidationError as error:
        raise _invalid(str(error), values, source, variables) from None


def _invalid(text: str, values: dict[str, Any], source: str, variables: Mapping[str, str]) -> SettingsInvalid:
    """Convert a decoder's error, such as "Expected `int` >= 1 - at `$.http.port`"."""
    message, _, path = text.partition(" - at `")
    path = path.rstrip("`")
    name = path.removeprefix("$.").replace("plans[...]", f"plans.{_wrong_plan(values)}")
    if message.startswith("Object contains unknown field"):
        return SettingsInvalid(source=source, reason=f"{name}.{_quoted(message)} is not a known key")
    if message.startswith("Object missing required field"):
        return SettingsInvalid(source=f"{name}.{_quoted(message)}", reason="is required")
    setting, bracket, item = name.partition("[")
    return SettingsInvalid(source=variables.get(setting, setting) + bracket + item, reason=f"must be {accepted(Settings, path)}")


def _quoted(message: str) -> str:
    return message.split("`")[1]


def _wrong_plan(values: dict[str, Any]) -> str:
    """The name of the first plan that is not accepted: a decoder's path does not contain it. Empty if all are."""
    for name, plan in values["plans"].items():
        try:
            msgspec.convert(plan, Plan, strict=True)
        except msgspec.ValidationError:
            return str(name)
    return ""


def _conflicts(settings: Settings) -> Iterator[tuple[str, str]]:
    """What no type can check: the setting and what it accepts, for each that does not fit the others."""
    yield from _plan_conflicts(settings)
    yield from _http_conflicts(settings.http)
    if settings.codecs.max_output_bytes > settings.telemetry.max_payload_bytes // 2:
        yield "codecs.max_output_bytes", "must be at most half of telemetry.max_payload_bytes"
    if settings.commands.expiry_s > settings.commands.max_expiry_s:
        yield "commands.expiry_s", "must not exceed commands.max_expiry_s"
    if settings.telemetry.max_payload_bytes > settings.log.max_queued_bytes:
        yield "telemetry.max_payload_bytes", "must not exceed log.max_queued_bytes, or no reading is accepted"
    metrics = settings.metrics
    if metrics.listen and metrics.port and metrics.port in (settings.http.port, settings.mqtt.port):
        yield "metrics.port", "must not be the port of another listener"
    if metrics.token != metrics.token.strip() or not metrics.token.isascii() or 0 < len(metrics.token) < MIN_TOKEN_LENGTH:
        yield "metrics.token", f"must be at least {MIN_TOKEN_LENGTH} ASCII characters without blanks around them"
    if bool(settings.mqtt.tls_certificate) != bool(settings.mqtt.tls_key):
        yield "mqtt.tls_key", "mqtt.tls_certificate and mqtt.tls_key must be set together"
    yield from _inbox_mail_conflicts(settings.inbox_mail, settings.http)


def _inbox_mail_conflicts(mail: InboxMailConfig, http: HttpConfig) -> Iterator[tuple[str, str]]:
    if mail.listen and not mail.domains:
        yield "inbox_mail.domains", "must have at least one domain if inbox_mail.listen is true"
    for domain in mail.domains:
        if not DOMAIN.fullmatch(domain):
            yield "inbox_mail.domains", f"{domain!r} must be a domain such as codes.example.org"
    if bool(mail.tls_certificate) != bool(mail.tls_key):
        yield "inbox_mail.tls_key", "inbox_mail.tls_certificate and inbox_mail.tls_key must be set together"
    if mail.listen and mail.tls == "required" and not (mail.tls_certificate or http.tls.on):
        yield "inbox_mail.tls", "required needs a certificate: inbox_mail.tls_certificate, or http.tls.certificate"
    if mail.host_name and not DOMAIN.fullmatch(mail.host_name):
        yield "inbox_mail.host_name", "must be a name such as mx.example.org"


def _http_conflicts(http: HttpConfig) -> Iterator[tuple[str, str]]:
    for network in http.trusted_proxies:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            yield "http.trusted_proxies", f"{network!r} must be a network such as 10.0.0.0/8"
    if bool(http.tls.certificate) != bool(http.tls.key):
        yield "http.tls", "certificate and key must be set together"
    message = origins_error(http.cors.origins)
    if message is not None:
        yield "http.cors.origins", message


def _plan_conflicts(settings: Settings) -> Iterator[tuple[str, str]]:
    if "enterprise" not in settings.plans:
        yield "plans", "the plan enterprise is required, because new organisations are on it"
    named = {"subscription.fallback_plan": settings.subscription.fallback_plan, "signup.plan": settings.signup.plan}
    for setting, plan in named.items():
        if plan not in settings.plans:
            yield setting, f"must be one of the plans {', '.join(settings.plans)}"
    for name, limits in settings.plans.items():
        if limits.price is not None:
            yield from _price_conflicts(f"plans.{name}.price", limits.price)


def _price_conflicts(name: str, price: Price) -> Iterator[tuple[str, str]]:
    """A decimal number has no bounds that the decoder could check."""
    for field, cost in (("base_cost", price.base_cost), ("device_cost", price.device_cost)):
        if not (cost.is_finite() and 0 <= cost <= MAX_COST):
            yield f"{name}.{field}", f"must be a decimal number between 0 and {MAX_COST}"
