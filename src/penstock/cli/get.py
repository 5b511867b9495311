"""`penstock get`: what a server at a distance has, as tables or as lines of JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from cyclopts import App, Parameter

from penstock.cli.client import connected, device_of
from penstock.cli.options import JsonOption
from penstock.cli.remote import ProfileOption
from penstock.cli.shown import Column, print_rows, values_in

if TYPE_CHECKING:
    from penstock_client import Client

get = App(name="get", help="Read from a server at a distance: devices, readings and more.")
LimitOption = Annotated[int | None, Parameter(help="The first so many. Default: all.")]
QueryOption = Annotated[str | None, Parameter("--query", help="Text to search for.")]
FromOption = Annotated[str | None, Parameter("--from", help="Start: RFC 3339, or epoch seconds.")]
ToOption = Annotated[str | None, Parameter("--to", help="End, excluded: RFC 3339, or epoch seconds. Default: now.")]
RangeOption = Annotated[
    str | None, Parameter("--range", help="A length such as 90m, 24h or 7d that ends at --to. Default: 24h.", show_default=False)
]
AT_ONCE = 1_000
_HISTORY_AT_ONCE = 10_000
_DEVICES_AT_ONCE = 100
_NAME: Column = ("Name", "name")
_ID: Column = ("Id", "id")


class _Noun(NamedTuple):
    """A kind of thing that is listed and got by its id."""

    resource: str
    columns: tuple[Column, ...]
    search: bool = True


NOUNS = {
    "alerts": _Noun("alerts", (_NAME, _ID, ("Severity", "severity"), ("Enabled", "enabled"), ("Last raised", "last_raised_at"))),
    "connections": _Noun(
        "connections", (_NAME, _ID, ("Type", "type"), ("Status", "status"), ("Last message", "last_message_at"))
    ),
    "customers": _Noun("customers", (_NAME, _ID, ("Mail", "admin_email"), ("Time zone", "timezone"))),
    "dashboards": _Noun("dashboards", (_NAME, _ID, ("Updated", "updated_at"))),
    "keys": _Noun("keys", (_NAME, _ID, ("Status", "status"), ("Scopes", "scopes"), ("Last used", "last_used_at"))),
    "projects": _Noun("projects", (_NAME, _ID, ("Default", "is_default"), ("Created", "created_at"))),
    "rules": _Noun("rules", (_NAME, _ID, ("State", "state"), ("Reason", "reason"), ("Failures", "failures"))),
    "webhooks": _Noun("webhooks", (_NAME, _ID, ("Address", "url"), ("Status", "status"))),
}
_DEVICE = (_NAME, _ID, ("Type", "type"), ("Status", "status"), ("Connectivity", "connectivity"), ("Last seen", "last_seen_at"))
_SENSOR = (("Key", "key"), _NAME, ("Unit", "unit"), ("Type", "value_type"), ("Declared", "declared"))


@get.command
def devices(
    *ids: str,
    query: QueryOption = None,
    label: Annotated[list[str] | None, Parameter(help="A label as key:value; can be repeated.")] = None,
    connectivity: Literal["never", "offline", "online"] | None = None,
    project: Annotated[str | None, Parameter(help="Id of a project.")] = None,
    limit: LimitOption = None,
    json: JsonOption = False,
    profile: ProfileOption = None,
) -> None:
    """List devices, newest first, or show some. The key needs the scope devices:read.

    Parameters
    ----------
    ids
        Ids, names, or identifiers as kind:value.
    """
    with connected(profile) as client:
        found: Iterable[Mapping[str, Any]]
        if ids:
            found = (client.devices.get(device_of(one, client)) for one in ids)
        else:
            listed = client.devices.list(q=query, label=label, connectivity=connectivity, project_id=project, limit=_page(limit))
            found = islice(listed, limit)
        print_rows(found, _DEVICE, json=json)


@get.command
def sensors(device: str, /, *, json: JsonOption = False, profile: ProfileOption = None) -> None:
    """List the sensors of a device. The key needs the scope sensors:read.

    Parameters
    ----------
    device
        Id, name, or an identifier as kind:value.
    """
    with connected(profile) as client:
        print_rows(client.sensors.list(device_of(device, client), limit=AT_ONCE), _SENSOR, json=json)


@get.command
def latest(
    *devices: str,
    by: Annotated[Literal["event", "arrival"], Parameter(help="By event time, or by arrival time.")] = "event",
    json: JsonOption = False,
    profile: ProfileOption = None,
) -> None:
    """Show the latest readings of devices. The key needs the scope telemetry:read.

    Parameters
    ----------
    devices
        Ids, names, or identifiers as kind:value. Default: all devices, which needs devices:read.
    """
    with connected(profile) as client:
        ids = [device_of(one, client) for one in devices] or [one["id"] for one in client.devices.list(limit=AT_ONCE)]
        found = _latest(client, ids, by)
        print_rows(found if json else map(_flat, found), _reading(device=True), json=json)


@get.command
def history(
    device: str,
    /,
    *,
    from_: FromOption = None,
    to: ToOption = None,
    range_: RangeOption = None,
    fields: Annotated[str | None, Parameter(help="Keys of sensors, separated by commas. Default: all.")] = None,
    order: Annotated[Literal["desc", "asc"], Parameter(help="Newest or oldest first.")] = "desc",
    limit: LimitOption = None,
    json: JsonOption = False,
    profile: ProfileOption = None,
) -> None:
    """Show the readings of a device in a range of time. The key needs the scope telemetry:read.

    Parameters
    ----------
    device
        Id, name, or an identifier as kind:value.
    """
    with connected(profile) as client:
        ask = client.telemetry.list
        at_once = min(limit or _HISTORY_AT_ONCE, _HISTORY_AT_ONCE)
        found = ask(
            device_of(device, client), from_=from_, to=to, range=range_, fields=fields, order=order, limit=max(1, at_once)
        )
        rows: Iterator[Any] = islice(found, limit)
        print_rows(rows if json else map(_flat, rows), _reading(device=False), json=json)


def _page(limit: int | None) -> int:
    return max(1, min(limit or AT_ONCE, AT_ONCE))


def _latest(client: Client, ids: list[str], by: Literal["event", "arrival"]) -> Iterator[Mapping[str, Any]]:
    for start in range(0, len(ids), _DEVICES_AT_ONCE):
        yield from client.telemetry.latest_of_many(devices=ids[start : start + _DEVICES_AT_ONCE], by=by)["data"]


def _reading(*, device: bool) -> tuple[Column, ...]:
    return (*((("Device", "device_id"),) if device else ()), ("Time", "time"), ("Kind", "kind"), ("Values", "data"))


def _flat(reading: Any) -> Mapping[str, Any]:
    """A reading with its values by their path."""
    return {**reading, "data": dict(values_in(reading["data"]))}


def _register(name: str, noun: _Noun) -> Callable[..., None]:
    def show(
        *ids: str, query: QueryOption = None, limit: LimitOption = None, json: JsonOption = False, profile: ProfileOption = None
    ) -> None:
        with connected(profile) as client:
            resource = getattr(client, noun.resource)
            listed = (resource.get(one) for one in ids) if ids else islice(resource.list(q=query, limit=_page(limit)), limit)
            print_rows(listed, noun.columns, json=json)

    show.__doc__ = f"List {name}, or show some by their ids. The key needs the scope {name}:read."
    get.command(show, name=name)
    return show


for _name, _noun in NOUNS.items():
    _register(_name, _noun)
