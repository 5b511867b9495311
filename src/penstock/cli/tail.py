"""`penstock tail`: readings of a server at a distance as they arrive, and what happens with its devices."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from penstock.cli.client import connected, device_of
from penstock.cli.options import JsonOption
from penstock.cli.remote import ProfileOption
from penstock.cli.shown import print_json, text_of, values_in
from penstock.kit.quoting import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from penstock_client import Client, Event

COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
"""A device keeps its colour."""
OF_EVENTS = {"alert": "bold red", "gap": "bold yellow", "connectivity": "bold", "command": "bold blue"}
MAX_NAMES = 10_000
_NOT_SHOWN = ("device_id", "id", "at", "time")


def tail(
    *devices: str,
    project: Annotated[str | None, Parameter(help="Only devices of this project.")] = None,
    kinds: Annotated[str | None, Parameter(help="Only readings of these kinds, separated by commas.")] = None,
    keys: Annotated[str | None, Parameter(help="Only readings with one of these sensors, separated by commas.")] = None,
    alerts: Annotated[bool, Parameter(help="Show alerts too; needs alerts:read.", negative="")] = False,
    commands: Annotated[bool, Parameter(help="Show states of commands too; needs commands:read.", negative="")] = False,
    connectivity: Annotated[bool, Parameter(help="Show who comes and goes too; needs devices:read.", negative="")] = False,
    events: Annotated[bool, Parameter(help="Show events of network servers too; needs devices:read.", negative="")] = False,
    cursor: Annotated[int | None, Parameter(help="Begin after this reading's number. Default: now.")] = None,
    count: Annotated[int | None, Parameter(help="End after so many lines. Default: never.")] = None,
    json: JsonOption = False,
    profile: ProfileOption = None,
) -> None:
    """Show readings as they arrive, until Ctrl-C. It resumes by itself after interruptions, and misses nothing.

    The key needs the scope telemetry:read, and devices:read to show names.

    Parameters
    ----------
    devices
        Ids, names, or identifiers as kind:value. Default: all devices.
    """
    with connected(profile) as client:
        client.organization.caller()  # a wrong key or address is an error now, and not a stream that never comes
        chosen = [device_of(one, client) for one in devices] or None
        stream = client.streams.readings(
            devices=chosen,
            project=project,
            kinds=kinds,
            keys=keys,
            alerts=alerts,
            commands=commands,
            connectivity=connectivity,
            events=events,
            cursor=cursor,
        )
        with stream:
            printer = _JsonPrinter() if json else _LinePrinter(_Names(client))
            for event in islice(stream, count):
                printer.print(event)


class _JsonPrinter:
    """Each event as a line of JSON: {"event", "cursor", "data"}."""

    def print(self, event: Event) -> None:
        print_json({"event": event.name, "cursor": event.cursor, "data": event.data})


class _LinePrinter:
    """Each event as a line for people, in colours on a terminal."""

    def __init__(self, names: _Names) -> None:
        self._names = names
        self._console = _console()

    def print(self, event: Event) -> None:
        self._console.print(self._line(event), soft_wrap=True)

    def _line(self, event: Event) -> Text:
        from rich.text import Text

        data = event.data
        line = Text()
        line.append(f"{time_of(data)}  ", "dim")
        if device := str(data.get("device_id") or ""):
            line.append(f"{self._names.of(device)}  ", colour_of(device))
        if event.name == "reading":
            for number, (name, value) in enumerate(values_in(data.get("data"))):
                line.append(" " if number else "").append(f"{name}=", "dim").append(value)
        else:
            rest = {name: value for name, value in data.items() if name not in _NOT_SHOWN and value not in (None, "", [], {})}
            line.append(f"{event.name} ", OF_EVENTS.get(event.name, "bold")).append(text_of(rest))
        return line


class _Names:
    """The names of devices, asked for once each; their ids, if the key cannot see them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: dict[str, str] = {}

    def of(self, device_id: str) -> str:
        if device_id not in self._found:
            if len(self._found) >= MAX_NAMES:
                self._found.clear()
            self._found[device_id] = self._ask(device_id)
        return self._found[device_id]

    def _ask(self, device_id: str) -> str:
        from penstock_client import PenstockError

        try:
            return one_line(self._client.devices.get(device_id)["name"]) or device_id
        except PenstockError:
            return device_id


def time_of(data: dict[str, Any]) -> str:
    """When it happened: a reading's event time, or the time of the report."""
    return one_line(str(data.get("time") or data.get("at") or "")) or "-"


def colour_of(device_id: str) -> str:
    """The colour of a device, the same each time."""
    return COLOURS[sum(device_id.encode()) % len(COLOURS)]


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 10_000)
