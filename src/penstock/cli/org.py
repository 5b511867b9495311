"""`penstock org`: organisations as the operator sees them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import msgspec
from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from penstock.bootstrap import DataDir, open_control
from penstock.cli.options import ConfigOption, DataDirOption, check_data_dir, console, settings_for
from penstock.core.tenancy.models import Organization
from penstock.core.tenancy.service import TenancyService
from penstock.kit.clock import format_seconds
from penstock.kit.ids import Prefix, encode
from penstock.settings import Settings

org = App(name="org", help="Organisations: list, suspend, resume, change the plan. Works beside a running server.")
NameOption = Annotated[str, Parameter("--org", help="Name of the organisation.")]
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]
T = TypeVar("T")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation as `org list` shows it."""

    organization_id: str
    name: str
    plan: str
    status: str
    created_at: str


@org.command(name="list")
def list_(*, data_dir: DataDirOption, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show every organisation, oldest first."""
    found = asyncio.run(_with_tenancy(data_dir, config, lambda tenancy, _: tenancy.list_organizations()))
    rows = [_listed(one) for one in found]
    if json:
        print(msgspec.json.encode(rows).decode())
        return
    table = Table("name", "plan", "status", "created")
    table.add_column("id", overflow="fold")
    for row in rows:
        table.add_row(Text(row.name), row.plan, row.status, row.created_at, row.organization_id)
    console().print(table)


@org.command
def suspend(*, data_dir: DataDirOption, name: NameOption, config: ConfigOption = None) -> None:
    """Answer nothing to an organisation any more; everything is kept."""
    asyncio.run(_with_tenancy(data_dir, config, lambda tenancy, _: tenancy.set_suspended(name, suspended=True)))
    print(f"{name} is suspended")


@org.command
def resume(*, data_dir: DataDirOption, name: NameOption, config: ConfigOption = None) -> None:
    """End a suspension."""
    asyncio.run(_with_tenancy(data_dir, config, lambda tenancy, _: tenancy.set_suspended(name, suspended=False)))
    print(f"{name} is active")


@org.command(name="set-plan")
def set_plan(
    *,
    data_dir: DataDirOption,
    name: NameOption,
    plan: Annotated[str, Parameter(help="A plan of the catalogue in the settings.")],
    config: ConfigOption = None,
) -> None:
    """Put an organisation on another plan."""

    async def change(tenancy: TenancyService, settings: Settings) -> None:
        if plan not in settings.plans:
            raise SystemExit(f"penstock: no plan named {plan!r}; there are {', '.join(settings.plans)}")
        await tenancy.set_plan(name, plan)

    asyncio.run(_with_tenancy(data_dir, config, change))
    print(f"{name} is on the plan {plan}")


async def _with_tenancy(
    data_dir: DataDirOption, config: ConfigOption, use: Callable[[TenancyService, Settings], Awaitable[T]]
) -> T:
    check_data_dir(data_dir)
    settings = settings_for(data_dir, config)
    async with open_control(DataDir(data_dir), settings) as control:
        return await use(control.tenancy, settings)


def _listed(found: Organization) -> Listed:
    return Listed(
        organization_id=encode(Prefix.ORGANIZATION, found.id),
        name=found.name,
        plan=found.plan,
        status="active" if found.suspended_us is None else "suspended",
        created_at=format_seconds(found.created_us),
    )
