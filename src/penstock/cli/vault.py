"""`penstock vault`: the keys of the vault, for the operator."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import msgspec
from cyclopts import App, Parameter

from penstock.bootstrap import Control, DataDir, open_control
from penstock.bootstrap.vault import ControlledVault, build_controlled_vault
from penstock.cli.options import ConfigOption, DataDirOption, check_data_dir, settings_for
from penstock.cli.recording import record_done
from penstock.core.actor import Actor
from penstock.core.vault.errors import MasterKeyNeeded
from penstock.kit.clock import SystemClock

vault = App(name="vault", help="The vault's keys: status, rotation, destruction. Can be used while the server runs.")
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]
NameOption = Annotated[str, Parameter("--org", help="Name of the organisation.")]
T = TypeVar("T")


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The output of `vault status --json`. `stale_keys` are organisations' keys that an old master key encrypts."""

    master: str
    master_key: str
    organizations: int
    stale_keys: int
    stale_values: int
    missing_keys: int


@vault.command
def status(*, data_dir: DataDirOption, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show the master key, and what is still under older keys."""
    found = asyncio.run(_with_vault(data_dir, config, lambda _, opened: _status(opened)))
    if json:
        print(msgspec.json.encode(found).decode())
        return
    print(f"master key: {found.master} ({found.master_key})")
    print(f"keys of organisations: {found.organizations}, of which {found.stale_keys} are encrypted with an old master key")
    print(f"values under older keys of their organisation: {found.stale_values}")
    if found.missing_keys:
        print(f"{found.missing_keys} organisations have values whose key is missing: restore the vault's keys")
    if found.stale_keys:
        print("a running server encrypts them again; until then, old master keys are needed")
    else:
        print("nothing needs an old master key: penstock vault forget-master removes it")


@vault.command(name="rotate-master")
def rotate_master(*, data_dir: DataDirOption, config: ConfigOption = None) -> None:
    """Add a master key. A running server encrypts the keys of organisations with it, within seconds and without a pause."""

    async def rotate(_: Control, opened: ControlledVault) -> str:
        await opened.keyring.check()
        await opened.keyring.master.rotate()
        return opened.keyring.master.name

    name = asyncio.run(_with_vault(data_dir, config, rotate))
    record_done(data_dir, "this rotation", "server.master_key.rotate", SystemClock().now_us(), {"master_key": name})
    print(f"the new master key is {name}")
    print("penstock vault status shows when the old one is no longer needed")


@vault.command(name="forget-master")
def forget_master(*, data_dir: DataDirOption, config: ConfigOption = None) -> None:
    """Remove old master keys, if nothing needs them. Make a backup before: a new key file opens the older backups."""

    async def forget(_: Control, opened: ControlledVault) -> str:
        found = await _status(opened)
        if found.stale_keys:
            raise MasterKeyNeeded(count=found.stale_keys)
        await opened.keyring.master.forget()
        return opened.keyring.master.name

    name = asyncio.run(_with_vault(data_dir, config, forget))
    record_done(data_dir, "this removal", "server.master_key.forget", SystemClock().now_us(), {"master_key": name})
    print(f"the only master key is {name}")


@vault.command
def shred(
    *,
    data_dir: DataDirOption,
    name: NameOption,
    confirm: Annotated[str, Parameter(help="The name of the organisation again.")],
    config: ConfigOption = None,
) -> None:
    """Destroy the keys of an organisation: no one can decrypt its secrets afterwards, in backups neither.

    This cannot be undone. Then run `penstock backup` and remove older copies of vault-….keys, which still have the keys.
    """

    async def destroy(control: Control, opened: ControlledVault) -> int:
        organization = await control.tenancy.get_organization(name)
        return (await opened.keys.shred(Actor.operator(organization.id), confirm)).keys.shredded

    print(f"{name}: versions up to {asyncio.run(_with_vault(data_dir, config, destroy))} of its key are destroyed")
    print("older copies of vault-….keys still have them: run penstock backup, and remove the others")


async def _status(opened: ControlledVault) -> Status:
    await opened.keyring.check()
    keys, name = await opened.keyring.all_keys(), opened.keyring.master.name
    missing, stale = await opened.values(keys)
    return Status(
        master=opened.keyring.master.kind,
        master_key=name,
        organizations=len(keys),
        stale_keys=sum(any(one.master != name for one in found.versions) for found in keys.values()),
        stale_values=stale,
        missing_keys=missing,
    )


async def _with_vault(
    data_dir: DataDirOption, config: ConfigOption, use: Callable[[Control, ControlledVault], Awaitable[T]]
) -> T:
    check_data_dir(data_dir)
    settings = settings_for(data_dir, config)
    async with open_control(DataDir(data_dir), settings) as control:
        opened = build_controlled_vault(DataDir(data_dir), settings, control.database)
        try:
            return await use(control, opened)
        finally:
            await opened.keyring.master.close()
