"""Plans that change and end: what does not fit is paused or revoked, what was kept stays for a while, all or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from penstock.bootstrap import DataDir, open_control, open_server
from penstock.bootstrap.server import Control, Server
from penstock.core.actor import Actor
from penstock.core.audit.models import AuditEntry, AuditFilter
from penstock.core.devices.errors import DeviceLimitReached
from penstock.core.devices.models import Device, DeviceFilter, DeviceStatus, NewDevice
from penstock.core.telemetry.models import TimeRange
from penstock.core.tenancy.errors import KeyNotActive, PlanUnknown
from penstock.core.tenancy.models import KeyRequest, KeyStatus, Organization
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.settings import Settings, load_settings
from tests.support.days import HeldClock

PLANS = """
[plans.small]
device_limit = 2
key_limit = 2
retention_days = 7
audit_days = 7
[plans.middle]
device_limit = 4
retention_days = 90
[plans.shut]
api_access = false
[subscription]
fallback_plan = "small"
retention_grace_days = 30
"""
DEVICES = 6


def settings_in(folder: Path) -> Settings:
    file = folder / "settings.toml"
    file.write_text(PLANS)
    return load_settings(file, environment={})


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def server(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Server]:
    async with open_server(DataDir(tmp_path / "data"), settings_in(tmp_path), clock, run_workers=False) as opened:
        yield opened


async def fleet(server: Server, name: str = "Acme") -> tuple[Actor, list[int]]:
    """An organisation with devices; those of a lower index were heard of later, the last never."""
    actor = Actor.system((await server.tenancy.bootstrap(name, f"{name}@example.org")).organization.id)
    devices = [(await server.devices.create(actor, NewDevice(name=f"d{n}"))).device.id for n in range(DEVICES)]
    async with server.database.transaction(actor.org_id) as tx:
        await tx.devices.mark_seen({device: 1_000 * (DEVICES - n) for n, device in enumerate(devices[:-1])})
    return actor, devices


async def active(server: Server, actor: Actor) -> set[int]:
    found: list[Device] = (await server.devices.list(actor, DeviceFilter(status=DeviceStatus.ACTIVE), 100, None)).items
    return {device.id for device in found}


async def changes(server: Server, actor: Actor) -> list[AuditEntry]:
    pages = server.parts.audit.export(actor, AuditFilter(action="billing.plan.change"))
    return [entry async for page in pages for entry in page]


async def test_the_most_recently_active_devices_stay_and_the_others_are_paused_at_once(server: Server) -> None:
    actor, devices = await fleet(server)
    other, _ = await fleet(server, "Other")
    for device in devices:
        await server.directory.get(actor.org_id, device)
    change = await server.subscriptions.set_plan("Acme", "small")
    assert set(change.paused_devices) == set(devices[2:])
    assert await active(server, actor) == set(devices[:2])
    known = [(await server.directory.get(actor.org_id, device)).status.value for device in devices]
    assert known == ["active"] * 2 + ["paused"] * 4
    assert len(await active(server, other)) == DEVICES
    (entry,) = await changes(server, actor)
    assert (entry.details["before"], entry.details["after"]) == ({"plan": "enterprise"}, {"plan": "small"})
    assert (entry.details["reason"], entry.details["devices_paused"]) == ("set", 4)
    with pytest.raises(DeviceLimitReached):
        await server.devices.set_status(actor, devices[2], DeviceStatus.ACTIVE)
    await server.devices.set_status(actor, devices[0], DeviceStatus.PAUSED)
    await server.devices.set_status(actor, devices[2], DeviceStatus.ACTIVE)
    await server.subscriptions.set_plan("Acme", "middle")
    assert await active(server, actor) == {devices[1], devices[2]}, "a larger plan resumes nothing by itself"


async def test_the_keys_that_were_used_last_stay(server: Server, clock: HeldClock) -> None:
    actor, _ = await fleet(server)
    (first,) = (await server.keys.list(actor, None, 10, None)).items
    unused, old, new, gone, rotated = [await server.keys.create(actor, KeyRequest(name=f"k{n}")) for n in range(5)]
    await server.keys.revoke(actor, gone.key.id)
    successor = await server.keys.rotate(actor, rotated.key.id, HOUR_US)
    for made, used in ((old, 1), (new, 2), (successor, 3)):
        async with server.database.transaction(actor.org_id) as tx:
            await tx.keys.touch(made.key.id, "192.0.2.7", clock.now_us() + used * SECOND_US)
    assert await server.authenticator.authenticate(old.value.encode(), "192.0.2.7")
    change = await server.subscriptions.set_plan("Acme", "small")
    assert set(change.revoked_keys) == {first.id, unused.key.id, old.key.id}
    with pytest.raises(KeyNotActive):
        await server.authenticator.authenticate(old.value.encode(), "192.0.2.7")
    for made in (new, successor, rotated):
        assert await server.authenticator.authenticate(made.value.encode(), "192.0.2.7")
    await server.subscriptions.set_plan("Acme", "shut")
    for made in (new, successor, rotated):
        with pytest.raises(KeyNotActive):
            await server.authenticator.authenticate(made.value.encode(), "192.0.2.7")
    fresh = await server.keys.create(actor, KeyRequest(name="after"))
    await server.subscriptions.set_plan("Acme", "shut")
    assert (await server.keys.get(actor, fresh.key.id)).status(clock.now_us()) is KeyStatus.ACTIVE, "the same plan is no change"


async def test_what_a_longer_plan_kept_stays_until_the_grace_is_over(server: Server, clock: HeldClock) -> None:
    actor, _ = await fleet(server)

    async def days() -> int | None:
        found = await server.telemetry.effective(actor, TimeRange(from_us=0, to_us=clock.now_us()))
        return found.retention_days

    await server.subscriptions.set_plan("Acme", "middle")
    assert await days() is None, "enterprise kept without end"
    clock.next_day(30)
    assert await days() == 90
    await server.subscriptions.set_plan("Acme", "small")
    clock.next_day(29)
    assert await days() == 90
    await server.subscriptions.set_plan("Acme", "small")
    clock.next_day(1)
    assert await days() == 7, "setting the same plan again prolongs nothing"
    await server.subscriptions.set_plan("Acme", "middle")
    assert await days() == 90


async def test_a_plan_ends_once_and_is_told_from_one_that_was_prolonged(server: Server, clock: HeldClock) -> None:
    actor, devices = await fleet(server)
    other, _ = await fleet(server, "Other")
    for name in ("Acme", "Other"):
        await server.subscriptions.set_plan(name, "middle", clock.now_us() + DAY_US, trial=True)
    assert len(await active(server, actor)) == 4
    assert await server.subscriptions.end_due() == []
    await server.subscriptions.set_plan("Other", "middle", clock.now_us() + 40 * DAY_US)
    clock.next_day(2)
    (ended,) = await server.subscriptions.end_due()
    organization = ended.organization
    assert (organization.plan, organization.plan_until_us, organization.trial) == ("small", None, False)
    assert organization.former_plan == "enterprise", "its grace is not over, and it kept more than the one between"
    assert await active(server, actor) == set(devices[:2])
    assert (await server.plans.organization(actor.org_id)).plan == "small"
    assert (await server.plans.organization(other.org_id)).plan == "middle"
    assert await server.subscriptions.end_due() == []
    last = (await changes(server, actor))[-1]
    assert (last.details["reason"], last.details["before"]["trial"], last.actor_kind) == ("ended", True, "system")


async def test_what_cannot_be_is_refused_and_changes_nothing(server: Server, clock: HeldClock) -> None:
    actor, _ = await fleet(server)
    with pytest.raises(PlanUnknown):
        await server.subscriptions.set_plan("Acme", "gold")
    with pytest.raises(InvalidInput, match="must be in the future"):
        await server.subscriptions.set_plan("Acme", "small", clock.now_us())
    with pytest.raises(InvalidInput, match="required for a trial"):
        await server.subscriptions.set_plan("Acme", "small", trial=True)
    assert len(await active(server, actor)) == DEVICES
    assert await changes(server, actor) == []


ENDING = """
import asyncio, os, signal, sqlite3, sys
from pathlib import Path
from penstock.bootstrap import DataDir, open_control
from penstock.settings import load_settings

left = 0

class Connection(sqlite3.Connection):
    def execute(self, *given):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(*given)

async def end_due(folder, at):
    global left
    async with open_control(DataDir(folder / "data"), load_settings(folder / "settings.toml", environment={})) as control:
        left = at
        await control.subscriptions.end_due()

connect = sqlite3.connect
sqlite3.connect = lambda *given, **named: connect(*given, **named, factory=Connection)
for line in sys.stdin:
    command = os.fork()
    if not command:
        asyncio.run(end_due(Path(sys.argv[1]), int(line)))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]), file=sys.stderr, flush=True)
"""
"""Ends the plans that are due once for each line of its input: the number of the statement at which that is killed."""


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.prove)])
async def test_killed_at_any_moment_a_change_is_whole_or_not_there(tmp_path: Path, step: int) -> None:
    """kill -9 while many plans end: each organisation has its old plan and everything, or the new one and what fits."""
    settings, count = settings_in(tmp_path), 3
    async with open_control(DataDir(tmp_path / "data"), settings) as control:
        for number in range(count):
            await expired(control, f"Org{number}")
    seen, status, at = set(), -signal.SIGKILL, 1
    command = [sys.executable, "-c", ENDING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stderr is not None
        while status:
            child.stdin.write(f"{at}\n")
            child.stdin.flush()
            status, at = int(child.stderr.readline()), at + step
            assert status in (0, -signal.SIGKILL)
            async with open_control(DataDir(tmp_path / "data"), settings) as control:
                seen.add(len([one for one in await control.tenancy.list_organizations() if await fits(control, one)]))
    assert {0, count} < seen, "some were killed in the middle"


async def expired(control: Control, name: str) -> None:
    """An organisation whose plan ended a while ago, with four devices and three keys."""
    made = (await control.tenancy.bootstrap(name, f"{name}@example.org")).organization
    for number in range(2):
        await control.keys.create(Actor.system(made.id), KeyRequest(name=f"k{number}"))
    async with control.database.system() as tx:
        await tx.organizations.update(msgspec.structs.replace(made, plan_until_us=1, trial=True))
        scoped = tx.for_organization(made.id)
        project = await scoped.projects.find_default()
        assert project is not None
        for number in range(4):
            device = Device(
                id=made.id + number,
                org_id=made.id,
                project_id=project.id,
                name="d",
                type="sensor",
                description="",
                status=DeviceStatus.ACTIVE,
                settings={},
                labels={},
                location=None,
                identifiers=[],
                token_prefix="",
                last_seen_us=None,
                created_us=0,
                updated_us=0,
            )
            await scoped.devices.create(device, b"%d" % device.id)


async def fits(control: Control, organization: Organization) -> bool:
    """Whether an organisation is on the new plan; it is wholly so or not at all."""
    async with control.database.snapshot(organization.id) as tx:
        devices = await tx.devices.count(DeviceFilter(status=DeviceStatus.ACTIVE))
        keys = len(await tx.keys.list_usable(0))
        entries = [entry.action for entry in await tx.audit.newest(AuditFilter(), 100)]
    found = organization.plan, devices, keys, entries.count("billing.plan.change"), entries.count("apikey.revoke")
    assert found in [("enterprise", 4, 3, 0, 0), ("small", 2, 2, 1, 1)], organization.name
    assert (organization.plan_until_us is None) == (organization.plan == "small")
    return organization.plan == "small"
