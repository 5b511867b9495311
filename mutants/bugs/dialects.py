"""Bugs in the vendors' APIs, by the dialect's package. Those of a dialect that was deleted are none."""

from __future__ import annotations

from importlib.util import find_spec

from mutants.mutant import Mutant

BY_DIALECT = {
    "siliconwit": (
        Mutant(
            name="SiliconWit: a page forgets its offset",
            layer="dialects",
            old="found, total = await self._devices.page(call.actor, to_core_filter(query), query.limit, query.offset)",
            new="found, total = await self._devices.page(call.actor, to_core_filter(query), query.limit, 0)",
            why="Every page would be the first.",
            hints=("siliconwit/test_routes", "support/test_replay"),
        ),
        Mutant(
            name="SiliconWit: a range excludes the current time",
            layer="dialects",
            old="return TimeRange(from_us=now_us + 1 - _SPANS_US[word], to_us=now_us + 1)",
            new="return TimeRange(from_us=now_us - _SPANS_US[word], to_us=now_us)",
            why="The latest reading would be missing.",
            hints=("siliconwit/test_translate", "siliconwit/test_routes"),
        ),
        Mutant(
            name="SiliconWit: a range longer than the plan's retention is reported",
            layer="dialects",
            old="if span_us <= min(_SPANS_US[requested], kept_us)]",
            new="if span_us <= _SPANS_US[requested]]",
            why="The response would report a range that is not stored.",
            hints=("siliconwit/routes/test_retention", "siliconwit/test_translate"),
        ),
        Mutant(
            name="SiliconWit: the device call accepts any device's name",
            layer="dialects",
            old=("if decode(Prefix.DEVICE, request.device_id) != device.id:\n            raise DeviceTokenInvalid()"),
            new="pass",
            why="A device's token would be valid for any device.",
            hints=("siliconwit/test_device_calls",),
        ),
    ),
    "kaito": (
        Mutant(
            name="Kaito: hours are days",
            layer="dialects",
            old='unit = {"d": DAY_US, "h": HOUR_US}',
            new='unit = {"d": DAY_US, "h": DAY_US}',
            why="An export of twelve hours would contain twelve days.",
            hints=("kaito/test_routes",),
        ),
        Mutant(
            name="Kaito: pages have no next one",
            layer="dialects",
            old=(
                'headers = [(b"x-next-cursor", page.next_cursor.encode())] if page.next_cursor else []\n'
                "        return Answer(body=[_row"
            ),
            new=("headers: list[tuple[bytes, bytes]] = []\n        return Answer(body=[_row"),
            why="The second page of the audit log would be unreachable.",
            hints=("kaito/routes/test_audit",),
        ),
    ),
    "iottly": (
        Mutant(
            name="Iottly: a device of another project is found",
            layer="dialects",
            old=("if device.project_id != project.id:\n            raise NotPermitted()"),
            new="pass",
            why="A project's installer would have access to another project's devices.",
            hints=("iottly/test_routes", "iottly/test_commands", "iottly/test_messages"),
        ),
        Mutant(
            name="Iottly: an unknown device is distinguishable",
            layer="dialects",
            old=("except DeviceNotFound:\n            raise NotPermitted() from None\n        if device"),
            new=("except ZeroDivisionError:\n            raise NotPermitted() from None\n        if device"),
            why="A caller who guesses would learn which devices exist.",
            hints=("security/test_isolation", "iottly/test_routes"),
        ),
    ),
    "datakubo": (
        Mutant(
            name="DataKubo: any of our UUIDs is accepted",
            layer="dialects",
            old="return number if number <= MAX_ID and to_uuid(kind, number) == text.lower() else kind.make(0)",
            new="return number if number <= MAX_ID else kind.make(0)",
            why="A customer's id would be accepted as a resident's.",
            hints=("kit/test_uuids",),
        ),
        Mutant(
            name="DataKubo: joins are stored as readings",
            layer="dialects",
            old="if message.kind is not EventKind.UPLINK:",
            new="if message.kind is EventKind.UPLINK and not message.values:",
            why="A join would become a reading without values.",
            hints=("datakubo/routes/test_ingest",),
        ),
    ),
}
MUTANTS = tuple(
    one for name, found in BY_DIALECT.items() if find_spec(f"penstock.api.dialects.{name}") is not None for one in found
)
