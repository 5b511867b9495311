"""Bugs in workers."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="an event is deleted before it is processed",
        layer="workers",
        old=("if follower is not None:\n            await follower(entry)"),
        new=("if follower is not None and False:\n            await follower(entry)"),
        why="Commands would not be delivered.",
        hints=("streams/test_commands", "workers/test_webhook_delivery"),
    ),
    Mutant(
        name="retention uses the longest plan for all",
        layer="workers",
        old="removed += await self._store.purge_before(org_id, now_us - limit * DAY_US)",
        new="removed += await self._store.purge_before(org_id, now_us - max(limits) * DAY_US)",
        why="Readings would be stored for longer than documented.",
        hints=("workers/test_retention",),
    ),
    Mutant(
        name="retention ignores a plan without a limit",
        layer="workers",
        old="if limits and len(limits) == len(days):",
        new="if limits:",
        why="Readings with unlimited retention would be deleted.",
        hints=("workers/test_retention",),
    ),
    Mutant(
        name="the audit log is kept for ever",
        layer="workers",
        old=(
            "if limit is not None:\n"
            "                async with self._database.transaction(org_id) as tx:\n"
            "                    dropped"
        ),
        new=(
            "if limit is None:\n                async with self._database.transaction(org_id) as tx:\n                    dropped"
        ),
        why="Expired entries would remain, and current ones would be deleted.",
        hints=("workers/test_retention",),
    ),
    Mutant(
        name="old readings verify commands",
        layer="workers",
        old="if reading.backfill or reading.source == Source.RULE or is_connection_record(reading):",
        new="if reading.source == Source.RULE or is_connection_record(reading):",
        why="Last year's readings would confirm a command.",
        hints=("workers/test_commands",),
    ),
    Mutant(
        name="a command is sent to a closed connection",
        layer="workers",
        old="gone = device.device_id in self._fresh or not transport.reaches(device.device_id)",
        new="gone = False",
        why="It would count as sent, and be lost.",
        hints=("workers/test_commands", "mqtt/test_commands", "commands/test_at_once"),
    ),
    Mutant(
        name="stopping makes devices go offline",
        layer="workers",
        old="if reason is DisconnectReason.STOPPING or self._presence.is_connected(device.id):",
        new="if self._presence.is_connected(device.id):",
        why="A stop that takes its time would raise the alerts of devices that report often.",
        hints=("workers/test_connectivity",),
    ),
    Mutant(
        name="a failing endpoint is not paused",
        layer="workers",
        old="if current is None or not current.endpoint.enabled or is_open(current.health, self._clock.now_us()):",
        new="if current is None or not current.endpoint.enabled:",
        why="A server that is down would be called without a pause.",
        hints=("webhook_delivery/test_outage", "workers/test_webhook_delivery"),
    ),
    Mutant(
        name="a paused endpoint's messages are looked up",
        layer="workers",
        old="if entry is None or not entry.endpoint.enabled or is_open(entry.health, now_us):",
        new="if entry is None or not entry.endpoint.enabled:",
        why="",
        equivalent="Each message checks again whether its endpoint is paused, right before the call: it is looked up in vain and not sent.",
    ),
    Mutant(
        name="the observer counts twice",
        layer="workers",
        old="of_device[1] += len(values)",
        new="of_device[1] += len(values) * 2",
        why="Customers would pay for twice the data points.",
        hints=("workers/test_usage", "core/usage/test_service"),
    ),
)
