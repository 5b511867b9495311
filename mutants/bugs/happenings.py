"""Bugs in the domain: alerts, webhooks, calls to others and bills."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="an alert forgets its cooldown",
        layer="core",
        old="at_us = max(at_us, last_us + self.alert.cooldown_us)",
        new="at_us = max(at_us, last_us)",
        why="A user would be woken every minute.",
        hints=("test_machine",),
    ),
    Mutant(
        name="hysteresis counts when idle",
        layer="core",
        old="slack = self.alert.hysteresis if active else 0.0",
        new="slack = self.alert.hysteresis",
        why="An alert would be raised below its threshold.",
        hints=("test_machine",),
    ),
    Mutant(
        name="hours across midnight end on the day before",
        layer="core",
        old="yesterday = (day + 5) % 7 + 1",
        new="yesterday = (day + 4) % 7 + 1",
        why="A night shift's alerts would be silent on the wrong day.",
        hints=("test_hours",),
    ),
    Mutant(
        name="a dead letter is tried for ever",
        layer="core",
        old="elif message.tries >= len(PAUSES_US):",
        new="elif message.tries > len(PAUSES_US) + 99:",
        why="Delivery would never end.",
        hints=("webhooks/test_schedule",),
    ),
    Mutant(
        name="an address of a metadata service is called",
        layer="core",
        old="return plain.is_global and not plain.is_multicast",
        new="return not plain.is_loopback and not plain.is_multicast",
        why="A webhook would read the cloud's credentials.",
        hints=("core/outbound/test_targets",),
    ),
    Mutant(
        name="an IPv4 address inside IPv6 is public",
        layer="core",
        old="return address if mapped is None else mapped",
        new="return address",
        why="The guard could be bypassed with ::ffff:10.0.0.1.",
        hints=("core/outbound/test_targets",),
    ),
    Mutant(
        name="a bill forgets a cent",
        layer="core",
        old="for n in by_remainder[: cents - sum(shares)]:",
        new="for n in by_remainder[: cents - sum(shares) - 1]:",
        why="Parts would not add up to the bill.",
        hints=("billing/test_models",),
    ),
    Mutant(
        name="included devices are billed",
        layer="core",
        old="overage = max(active_devices - price.included_devices, 0)",
        new="overage = active_devices",
        why="Customers would pay twice.",
        hints=("billing/test_models",),
    ),
    Mutant(
        name="a licence of another project is found",
        layer="core",
        old="if licence is None or licence.project_id != project_id:",
        new="if licence is None:",
        why="A project would withdraw another's licence.",
        hints=("api/v2/licenses/test_routes", "security/test_isolation"),
    ),
    Mutant(
        name="headers of the protocol may be set",
        layer="core",
        old="ours = lower in _FRAMING | _ABOUT_US or lower.startswith(forbidden)",
        new="ours = lower in _ABOUT_US or lower.startswith(forbidden)",
        why="A webhook's header would smuggle a second request.",
        hints=("core/webhooks/test_signing", "api/v2/webhooks/test_routes"),
    ),
    Mutant(
        name="a connection's last reason is its first",
        layer="core",
        old="self._known[device.id] = Presence(max(count, 0), since_us, reason)",
        new="self._known[device.id] = Presence(max(count, 0), since_us, before.reason if before else None)",
        why="The reason for a disconnection would be wrong.",
        hints=("core/devices/test_presence", "workers/test_connectivity", "mqtt/test_presence", "api/v2/devices/test_routes"),
    ),
)
