"""Settings: four layers, decoded once into frozen structs.

`default.toml` (every key with its comment) → a file → `PENSTOCK_<SECTION>_<KEY>` → flags. A key that does not exist is an
error that names it, in every layer.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.storage.config import LogConfig
from penstock.api.live.config import StreamConfig
from penstock.core.limits.config import LimitsConfig
from penstock.core.telemetry.config import TelemetryConfig
from penstock.core.tenancy.models import Plan
from penstock.ingress.mqtt.config import MqttConfig
from penstock.kit.errors import Kind, PenstockError

Network = Annotated[str, msgspec.Meta(max_length=64)]
DEFAULTS = Path(__file__).parent / "default.toml"
PREFIX = "PENSTOCK_"
FILE_NAME = "penstock.toml"


class SettingsInvalid(PenstockError):
    """A setting is unknown or has a value that it cannot have."""

    kind, code = Kind.INVALID, "settings.invalid"
    message = "{source}: {reason}"


class HttpConfig(FrontDoorConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the server listens, and what its clients may cost."""

    host: str
    port: int
    max_bodies_bytes: int
    shutdown_grace_s: float
    trusted_proxies: tuple[Network, ...]


class DevicesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a device counts as offline."""

    offline_after_s: int


class RetentionConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often old readings are looked for."""

    interval_s: float


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings, a struct per section."""

    http: HttpConfig
    mqtt: MqttConfig
    telemetry: TelemetryConfig
    log: LogConfig
    devices: DevicesConfig
    streams: StreamConfig
    retention: RetentionConfig
    limits: LimitsConfig
    plans: dict[str, Plan]


def load_settings(
    file: Path | None = None, environment: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None
) -> Settings:
    """Settings from all layers. `flags` are `{"http.port": 8080}`.

    Raises:
        SettingsInvalid: names the layer, the key and what is wrong.
    """
    values: dict[str, Any] = tomllib.loads(DEFAULTS.read_text("utf-8"))
    if file is not None:
        _overlay(values, _read(file), str(file.name))
    _overlay_environment(values, os.environ if environment is None else environment)
    for name, value in (flags or {}).items():
        section, key = name.split(".")
        values[section][key] = value
    settings = _decode(values, "settings")
    _cross_check(settings)
    return settings


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsInvalid(source=file.name, reason=str(error)) from error


def _overlay(values: dict[str, Any], layer: Mapping[str, Any], source: str) -> None:
    for section, keys in layer.items():
        if section not in values or not isinstance(keys, dict):
            raise SettingsInvalid(source=source, reason=f"no section {section!r}")
        if section == "plans":
            for plan, limits in keys.items():
                values["plans"][plan] = limits
            continue
        for key, value in keys.items():
            if key not in values[section]:
                raise SettingsInvalid(source=source, reason=f"no key {section}.{key}")
            values[section][key] = value
    _decode(values, source)


def _overlay_environment(values: dict[str, Any], environment: Mapping[str, str]) -> None:
    for name, text in environment.items():
        if not name.startswith(PREFIX):
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("_")
        if section == "plans" or key not in values.get(section, {}):
            raise SettingsInvalid(source=name, reason=f"no setting {section}.{key}")
        values[section][key] = _from_text(text, values[section][key], name)


def _from_text(text: str, default: Any, name: str) -> Any:
    if isinstance(default, str):
        return text
    if isinstance(default, list):
        return [part.strip() for part in text.split(",") if part.strip()]
    # A number is read as one here; whether a fraction is allowed is judged with all the rest.
    wanted = bool if isinstance(default, bool) else int | float
    try:
        return msgspec.convert(text, wanted, strict=False)
    except msgspec.ValidationError:
        raise SettingsInvalid(source=name, reason=f"expected a value like {default}") from None


def _decode(values: dict[str, Any], source: str) -> Settings:
    try:
        return msgspec.convert(values, Settings, strict=True)
    except msgspec.ValidationError as error:
        raise SettingsInvalid(source=source, reason=str(error)) from None


def _cross_check(settings: Settings) -> None:
    if settings.log.dangerous_durability not in ("full", "relaxed"):
        raise SettingsInvalid(source="log.dangerous_durability", reason='must be "full" or "relaxed"')
    if "enterprise" not in settings.plans:
        raise SettingsInvalid(source="plans", reason="the plan enterprise must be there: new organisations are on it")
    if settings.telemetry.max_payload_bytes > settings.log.max_queued_bytes:
        raise SettingsInvalid(
            source="telemetry.max_payload_bytes", reason="must not exceed log.max_queued_bytes, or no reading fits"
        )
    for network in settings.http.trusted_proxies:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise SettingsInvalid(source="http.trusted_proxies", reason=f"{network!r} is no network") from None
    if bool(settings.mqtt.tls_certificate) != bool(settings.mqtt.tls_key):
        raise SettingsInvalid(source="mqtt.tls_key", reason="mqtt.tls_certificate and mqtt.tls_key are given together")
    if not 0 <= settings.http.port <= 65_535:
        raise SettingsInvalid(source="http.port", reason="must be between 0 and 65535")
