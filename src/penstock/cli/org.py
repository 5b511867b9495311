"""`penstock org`: organisations, for the operator."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import msgspec
from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from penstock.bootstrap import Control, DataDir, open_control
from penstock.cli.options import ConfigOption, DataDirOption, check_data_dir, console, settings_for
from penstock.core.subscriptions.models import PlanChange
from penstock.core.tenancy.models import Organization
from penstock.kit.clock import format_seconds, parse_time
from penstock.kit.ids import Prefix, encode
from penstock.kit.quoting import one_line
from penstock.settings import Settings

org = App(name="org", help="Organisations: list, suspend, resume, change the plan. Can be used while the server runs.")
NameOption = Annotated[str, Parameter("--org", help="Name of the organisation.")]
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]
T = TypeVar("T")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation in the output of `org list`."""

    organization_id: str
    name: str
    plan: str
    plan_until: str | None
    status: str
    created_at: str


@org.command(name="list")
def list_(*, data_dir: DataDirOption, json: JsonOption = False, config: ConfigOption = None) -> None:
    """List all organisations, oldest first."""
    found = asyncio.run(_with_control(data_dir, config, lambda control, _: control.tenancy.list_organizations()))
    rows = [_listed(one) for one in found]
    if json:
        print(msgspec.json.encode(rows).decode())
        return
    table = Table("name", "plan", "until", "status", "created")
    table.add_column("id", overflow="fold")
    for row in rows:
        table.add_row(Text(one_line(row.name)), row.plan, row.plan_until or "", row.status, row.created_at, row.organization_id)
    console().print(table)


@org.command
def suspend(*, data_dir: DataDirOption, name: NameOption, config: ConfigOption = None) -> None:
    """Suspend an organisation: its calls are rejected, and its data is kept."""
    asyncio.run(_with_control(data_dir, config, lambda control, _: control.tenancy.set_suspended(name, suspended=True)))
    print(f"{name} is suspended")


@org.command
def resume(*, data_dir: DataDirOption, name: NameOption, config: ConfigOption = None) -> None:
    """End a suspension."""
    asyncio.run(_with_control(data_dir, config, lambda control, _: control.tenancy.set_suspended(name, suspended=False)))
    print(f"{name} is active")


@org.command(name="set-plan")
def set_plan(
    *,
    data_dir: DataDirOption,
    name: NameOption,
    plan: Annotated[str, Parameter(help="A plan of the catalogue in the settings.")],
    until: Annotated[
        str | None, Parameter(help="When the plan ends: a date (its start, UTC) or a time such as 2026-06-01T12:00:00Z.")
    ] = None,
    trial: Annotated[bool, Parameter(help="The plan is a trial; requires --until.", negative="", show_default=False)] = False,
    config: ConfigOption = None,
) -> None:
    """Change the plan of an organisation.

    Devices and keys beyond the new plan's limits are paused or revoked: all devices except the most recently seen, all keys
    except the most recently used, and every key if the plan has no API access. At --until the organisation falls back to the
    plan in the settings.
    """
    until_us = None if until is None else _moment(until)

    async def change(control: Control, settings: Settings) -> PlanChange:
        if plan not in settings.plans:
            raise SystemExit(f"penstock: plan {plan} was not found; --plan must be one of {', '.join(settings.plans)}")
        return await control.subscriptions.set_plan(name, plan, until_us, trial=trial)

    changed = asyncio.run(_with_control(data_dir, config, change))
    print(f"{name} is on the plan {plan}" + (f" until {until}" if until else ""))
    if changed.paused_devices:
        print(f"{len(changed.paused_devices)} devices were paused")
    if changed.revoked_keys:
        print(f"{len(changed.revoked_keys)} keys were revoked")


async def _with_control(data_dir: DataDirOption, config: ConfigOption, use: Callable[[Control, Settings], Awaitable[T]]) -> T:
    check_data_dir(data_dir)
    settings = settings_for(data_dir, config)
    async with open_control(DataDir(data_dir), settings) as control:
        return await use(control, settings)


def _moment(text: str) -> int:
    try:
        # A date is the form that operators type; it means its first instant.
        return parse_time(f"{text}T00:00:00Z" if len(text) == len("2026-06-01") else text)
    except ValueError as error:
        raise SystemExit(f"penstock: --until {text!r}: {error}") from None


def _listed(found: Organization) -> Listed:
    return Listed(
        organization_id=encode(Prefix.ORGANIZATION, found.id),
        name=found.name,
        plan=found.plan,
        plan_until=None if found.plan_until_us is None else format_seconds(found.plan_until_us),
        status="active" if found.suspended_us is None else "suspended",
        created_at=format_seconds(found.created_us),
    )
