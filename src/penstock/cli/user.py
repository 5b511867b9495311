"""`penstock user`: users of all organisations, for the operator."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import msgspec
from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from penstock.adapters.passwords import hash_password
from penstock.bootstrap import DataDir, open_control
from penstock.cli.options import ConfigOption, DataDirOption, check_data_dir, console, settings_for
from penstock.core.people.models import Membership, User
from penstock.core.people.operator import UserService
from penstock.kit.clock import format_seconds
from penstock.kit.ids import Prefix, encode
from penstock.kit.quoting import one_line
from penstock.kit.secret import new_password

user = App(
    name="user",
    help="Users: list, suspend, resume, set a password, remove a lost second factor. Can be used while the server runs.",
)
EmailOption = Annotated[str, Parameter("--email", help="E-mail of the user.")]
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]
T = TypeVar("T")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A user in the output of `user list`. `organizations` are names with the role in each."""

    user_id: str
    email: str
    name: str
    status: str
    organizations: dict[str, str]
    created_at: str


@user.command(name="list")
def list_(*, data_dir: DataDirOption, json: JsonOption = False, config: ConfigOption = None) -> None:
    """List all users, oldest first."""
    found = asyncio.run(_with_users(data_dir, config, lambda users: users.list()))
    rows = [_listed(one, memberships) for one, memberships in found]
    if json:
        print(msgspec.json.encode(rows).decode())
        return
    table = Table("status", "organisations", "created")
    table.add_column("e-mail", overflow="fold")
    for row in rows:
        organizations = ", ".join(f"{name} ({role})" for name, role in row.organizations.items())
        table.add_row(row.status, Text(one_line(organizations)), row.created_at, Text(one_line(row.email)))
    console().print(table)


@user.command
def suspend(*, data_dir: DataDirOption, email: EmailOption, config: ConfigOption = None) -> None:
    """Suspend a user in all organisations. Their sessions end; their API keys do nothing until they are reinstated."""
    asyncio.run(_with_users(data_dir, config, lambda users: users.set_suspended(email, suspended=True)))
    print(f"{email} is suspended")


@user.command
def resume(*, data_dir: DataDirOption, email: EmailOption, config: ConfigOption = None) -> None:
    """End a suspension."""
    asyncio.run(_with_users(data_dir, config, lambda users: users.set_suspended(email, suspended=False)))
    print(f"{email} is active")


@user.command(name="set-password")
def set_password(*, data_dir: DataDirOption, email: EmailOption, config: ConfigOption = None) -> None:
    """Set a new, random password and show it once. The user's sessions end."""
    password = new_password()
    asyncio.run(_with_users(data_dir, config, lambda users: users.set_password(email, hash_password(password))))
    print(f"the new password of {email} is: {password}")


@user.command(name="remove-mfa")
def remove_mfa(*, data_dir: DataDirOption, email: EmailOption, config: ConfigOption = None) -> None:
    """Remove the second factor of a user who lost it."""
    removed = asyncio.run(_with_users(data_dir, config, lambda users: users.remove_second_factor(email)))
    print(f"the second factor of {email} has been removed" if removed else f"{email} has no second factor")


async def _with_users(data_dir: DataDirOption, config: ConfigOption, use: Callable[[UserService], Awaitable[T]]) -> T:
    check_data_dir(data_dir)
    async with open_control(DataDir(data_dir), settings_for(data_dir, config)) as control:
        return await use(control.people.users)


def _listed(found: User, memberships: list[Membership]) -> Listed:
    return Listed(
        user_id=encode(Prefix.USER, found.id),
        email=found.email,
        name=found.name,
        status="active" if found.suspended_us is None else "suspended",
        organizations={one.org_name: one.role.value for one in memberships},
        created_at=format_seconds(found.created_us),
    )
