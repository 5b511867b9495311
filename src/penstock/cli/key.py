"""`penstock key`: API keys of an organisation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar

import msgspec
from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from penstock.bootstrap import DataDir, open_control
from penstock.bootstrap.dialects import KEY_STYLES
from penstock.cli.options import ConfigOption, DataDirOption, check_data_dir, console, settings_for
from penstock.core.actor import Actor
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.tenancy.key_styles import OWN_STYLE
from penstock.core.tenancy.keys import KeyService, root_of
from penstock.core.tenancy.models import ApiKey, KeyRequest, NewKey, SingleUse
from penstock.core.tenancy.networks import parse_networks
from penstock.core.tenancy.scopes import ALL, CATALOGUE, parse_scopes
from penstock.kit.clock import DAY_US, MINUTE_US, SystemClock, format_seconds, format_seconds_or_none
from penstock.kit.ids import KeyId, Prefix, decode, encode
from penstock.kit.paging import all_items
from penstock.kit.quoting import one_line
from penstock.kit.secret import hides

MAX_NAME = 200
MAX_DAYS = 36_500
AT_ONCE = 1_000
MAX_CALLS = 1_000_000
T = TypeVar("T")

key = App(name="key", help="API keys of an organisation. A running server applies changes within a second.")
OrgOption = Annotated[str, Parameter(help="Name of the organisation.")]
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]


@hides("api_key")
class Created(msgspec.Struct, frozen=True, kw_only=True):
    """The output of `key create --json`. The value is shown only here."""

    organization_id: str
    key_id: str
    name: str
    scopes: list[str]
    expires_at: str | None
    api_key: str


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A key in the output of `key list`."""

    key_id: str
    name: str
    prefix: str
    status: str
    scopes: list[str]
    root: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None


@key.command
def create(
    *,
    data_dir: DataDirOption,
    org: OrgOption,
    name: Annotated[str, Parameter(help="The purpose of the key.")],
    scopes: Annotated[str, Parameter(help=f"Its scopes: 'all', or some of {', '.join(CATALOGUE)}; separated by commas.")],
    expires_days: Annotated[int | None, Parameter(help="Days until it expires. Default: never.")] = None,
    cidrs: Annotated[str, Parameter(help="Networks from which it can be used, separated by commas. Default: all.")] = "",
    single_use: Annotated[
        Literal["bind", "spend"] | None,
        Parameter(help="bind: works only from the address of its first call. spend: works for one call."),
    ] = None,
    calls_per_minute: Annotated[int | None, Parameter(help="A separate limit for this key.")] = None,
    project: Annotated[str, Parameter(help="Id of the project (prj_…) that it is bound to. Default: none.")] = "",
    style: Annotated[str, Parameter(help=f"The format of the value: {', '.join(KEY_STYLES.names)}.")] = OWN_STYLE,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Create an API key. Its value is printed once and is not stored."""
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise SystemExit(f"penstock: --name must be 1 to {MAX_NAME} printable characters")
    if expires_days is not None and not 0 < expires_days <= MAX_DAYS:
        raise SystemExit(f"penstock: --expires-days must be between 1 and {MAX_DAYS}")
    if calls_per_minute is not None and not 0 < calls_per_minute <= MAX_CALLS:
        raise SystemExit(f"penstock: --calls-per-minute must be between 1 and {MAX_CALLS}")
    if style not in KEY_STYLES.names:
        raise SystemExit(f"penstock: --style must be one of {', '.join(KEY_STYLES.names)}")
    named = [scope for part in scopes.split(",") if (scope := part.strip())]
    if not named:
        raise SystemExit("penstock: --scopes must name at least one scope")
    project_id = decode(Prefix.PROJECT, project) if project else None
    if project and project_id is None:
        raise ProjectNotFound(project_id=project[:64])
    requested = KeyRequest(
        name=name,
        scopes=ALL if named == ["all"] else parse_scopes(named),
        style=style,
        expires_us=None if expires_days is None else SystemClock().now_us() + expires_days * DAY_US,
        cidrs=parse_networks(part for part in cidrs.split(",") if part.strip()),
        single_use=SingleUse(single_use) if single_use else None,
        per_minute=calls_per_minute,
        project_id=project_id,
    )
    _show_new(asyncio.run(_with_keys(data_dir, config, org, lambda keys, actor: keys.create(actor, requested))), json)


@key.command
def rotate(
    *,
    data_dir: DataDirOption,
    org: OrgOption,
    key_id: Annotated[str, Parameter(help="The key's id (key_…).")],
    overlap_minutes: Annotated[int, Parameter(help="Minutes for which the old value remains valid; at most seven days.")] = 0,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Rotate a key and print its new value once. The old value becomes invalid immediately, or after an overlap."""
    number, overlap_us = _number(key_id), overlap_minutes * MINUTE_US
    _show_new(asyncio.run(_with_keys(data_dir, config, org, lambda keys, actor: keys.rotate(actor, number, overlap_us))), json)


@key.command
def revoke(
    *,
    data_dir: DataDirOption,
    org: OrgOption,
    key_id: Annotated[str, Parameter(help="The key's id (key_…).")],
    config: ConfigOption = None,
) -> None:
    """Revoke a key permanently. A running server rejects it within a second."""
    number = _number(key_id)
    revoked = asyncio.run(_with_keys(data_dir, config, org, lambda keys, actor: keys.revoke(actor, number)))
    print(f"{key_id}: {revoked.name!r} is revoked")


@key.command(name="list")
def list_(*, data_dir: DataDirOption, org: OrgOption, json: JsonOption = False, config: ConfigOption = None) -> None:
    """List the keys of an organisation, newest first, without their values."""
    now_us = SystemClock().now_us()
    keys = [_listed(one, now_us) for one in _all(data_dir, config, org)]
    if json:
        print(msgspec.json.encode(keys).decode())
        return
    table = Table("name", "starts with", "status", "scopes", "created", "expires", "last used")
    table.add_column("id", overflow="fold")
    for one in keys:
        scopes = _scopes(frozenset(one.scopes))
        times = (one.created_at, one.expires_at or "never", one.last_used_at or "never")
        table.add_row(Text(one_line(one.name)), one.prefix, one.status, scopes, *times, one.key_id)
    console().print(table)


async def _with_keys(
    data_dir: DataDirOption, config: ConfigOption, org: str, use: Callable[[KeyService, Actor], Awaitable[T]]
) -> T:
    """Use an organisation's keys, also while a server runs."""
    check_data_dir(data_dir)
    async with open_control(DataDir(data_dir), settings_for(data_dir, config)) as control:
        organization = await control.tenancy.get_organization(org)
        return await use(control.keys, Actor.operator(organization.id))


def _number(key_id: str) -> KeyId:
    number = decode(Prefix.KEY, key_id)
    if number is None:
        raise SystemExit(f"penstock: --key-id must be an id such as key_0c2k9fq7w3m1x; {key_id[:64]} is not one")
    return number


def _show_new(new: NewKey, json: bool) -> None:
    created = Created(
        organization_id=encode(Prefix.ORGANIZATION, new.key.org_id),
        key_id=encode(Prefix.KEY, new.key.id),
        name=new.key.name,
        scopes=sorted(new.key.scopes),
        expires_at=format_seconds_or_none(new.key.expires_us),
        api_key=new.value,
    )
    if json:
        print(msgspec.json.encode(created).decode())
        return
    shown = msgspec.structs.asdict(created) | {"scopes": _scopes(new.key.scopes), "expires_at": created.expires_at or "never"}
    for field, value in shown.items():
        print(f"{field:16} {value}")
    print("Copy the key now: it is not shown again.")


async def _list_all(keys: KeyService, actor: Actor) -> list[ApiKey]:
    return await all_items(lambda cursor: keys.list(actor, None, AT_ONCE, cursor))


def _all(data_dir: DataDirOption, config: ConfigOption, org: str) -> list[ApiKey]:
    return asyncio.run(_with_keys(data_dir, config, org, _list_all))


def _listed(found: ApiKey, now_us: int) -> Listed:
    return Listed(
        key_id=encode(Prefix.KEY, found.id),
        name=found.name,
        prefix=found.prefix,
        status=found.status(now_us),
        scopes=sorted(found.scopes),
        root=root_of(found),
        created_at=format_seconds(found.created_us),
        expires_at=format_seconds_or_none(found.expires_us),
        last_used_at=format_seconds_or_none(found.last_used_us),
    )


def _scopes(scopes: frozenset[str]) -> str:
    return "all" if scopes == ALL else ", ".join(sorted(scopes))
