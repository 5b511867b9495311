"""`penstock key`: API keys of an organisation."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from penstock.bootstrap import DataDir, open_control
from penstock.cli.options import ConfigOption, DataDirOption, check_data_dir, console, settings_for
from penstock.core.actor import Actor
from penstock.core.tenancy.models import ApiKey, KeyRequest
from penstock.core.tenancy.scopes import ALL, CATALOGUE, parse_scopes
from penstock.kit.clock import DAY_US, SystemClock, format_seconds
from penstock.kit.ids import Prefix, encode

MAX_NAME = 200
MAX_DAYS = 36_500
MAX_LISTED = 10_000

key = App(name="key", help="API keys of an organisation. Works beside a running server, which knows a new key at once.")
OrgOption = Annotated[str, Parameter(help="Name of the organisation.")]
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]


class Created(msgspec.Struct, frozen=True, kw_only=True):
    """What `key create --json` prints. The value is seen only here."""

    organization_id: str
    key_id: str
    name: str
    scopes: list[str]
    expires_at: str | None
    api_key: str


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A key as `key list` shows it."""

    key_id: str
    name: str
    prefix: str
    status: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    last_used_at: str | None


@key.command
def create(
    *,
    data_dir: DataDirOption,
    org: OrgOption,
    name: Annotated[str, Parameter(help="What the key is for.")],
    scopes: Annotated[str, Parameter(help=f"What it may do: 'all', or some of {', '.join(CATALOGUE)}; with commas.")],
    expires_days: Annotated[int | None, Parameter(help="Days from now after which it is dead. Default: never.")] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Make an API key. Its value is printed once and is nowhere kept."""
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise SystemExit(f"penstock: --name needs 1 to {MAX_NAME} printable characters")
    if expires_days is not None and not 0 < expires_days <= MAX_DAYS:
        raise SystemExit(f"penstock: --expires-days needs a number from 1 to {MAX_DAYS}")
    named = [scope for part in scopes.split(",") if (scope := part.strip())]
    if not named:
        raise SystemExit("penstock: --scopes names no scope")
    wanted = ALL if named == ["all"] else parse_scopes(named)
    created = asyncio.run(_create(data_dir, config, org, name, wanted, expires_days))
    if json:
        print(msgspec.json.encode(created).decode())
        return
    shown = msgspec.structs.asdict(created) | {"scopes": _scopes(wanted), "expires_at": created.expires_at or "never"}
    for field, value in shown.items():
        print(f"{field:16} {value}")
    print("Copy the key now: it is not shown again.")


@key.command(name="list")
def list_(*, data_dir: DataDirOption, org: OrgOption, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show the keys of an organisation, newest first, without their values."""
    now_us = SystemClock().now_us()
    keys = [_listed(one, now_us) for one in asyncio.run(_list(data_dir, config, org))]
    if json:
        print(msgspec.json.encode(keys).decode())
        return
    table = Table("name", "begins with", "status", "scopes", "created", "expires", "last used")
    table.add_column("id", overflow="fold")
    for one in keys:
        scopes = _scopes(frozenset(one.scopes))
        times = (one.created_at, one.expires_at or "never", one.last_used_at or "never")
        table.add_row(Text(one.name), one.prefix, one.status, scopes, *times, one.key_id)
    console().print(table)


async def _create(
    data_dir: DataDirOption, config: ConfigOption, org: str, name: str, scopes: frozenset[str], days: int | None
) -> Created:
    check_data_dir(data_dir)
    expires_us = None if days is None else SystemClock().now_us() + days * DAY_US
    async with open_control(DataDir(data_dir), settings_for(data_dir, config)) as control:
        organization = await control.tenancy.get_organization(org)
        new_key = await control.keys.create(
            Actor.system(organization.id), KeyRequest(name=name, scopes=scopes, expires_us=expires_us)
        )
    return Created(
        organization_id=encode(Prefix.ORGANIZATION, organization.id),
        key_id=encode(Prefix.KEY, new_key.key.id),
        name=name,
        scopes=sorted(scopes),
        expires_at=_time(expires_us),
        api_key=new_key.value,
    )


async def _list(data_dir: DataDirOption, config: ConfigOption, org: str) -> list[ApiKey]:
    check_data_dir(data_dir)
    async with open_control(DataDir(data_dir), settings_for(data_dir, config)) as control:
        organization = await control.tenancy.get_organization(org)
        return (await control.keys.list(Actor.system(organization.id), None, MAX_LISTED, None)).items


def _listed(found: ApiKey, now_us: int) -> Listed:
    return Listed(
        key_id=encode(Prefix.KEY, found.id),
        name=found.name,
        prefix=found.prefix,
        status=found.status(now_us),
        scopes=sorted(found.scopes),
        created_at=format_seconds(found.created_us),
        expires_at=_time(found.expires_us),
        last_used_at=_time(found.last_used_us),
    )


def _scopes(scopes: frozenset[str]) -> str:
    return "all" if scopes == ALL else ", ".join(sorted(scopes))


def _time(us: int | None) -> str | None:
    return None if us is None else format_seconds(us)
