"""The agent, assembled: link, spool, applications, commands, built-in telemetry, and settings that can change while it runs."""

from __future__ import annotations

import asyncio
import logging
import signal
import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from penstock_agent import wire
from penstock_agent.config import NEEDS_RESTART, ConfigError, changed, load, shown
from penstock_agent.handlers import Outcome, find_script, run_script
from penstock_agent.link import Link
from penstock_agent.lock import StateDirLock
from penstock_agent.logs import set_up_log
from penstock_agent.outbox import Outbox
from penstock_agent.sdk import SdkSocket
from penstock_agent.spool import Spool
from penstock_agent.system import CHANNEL, SystemProbe

WATCH_S = 1.0
"""How often the settings file is checked."""
MAX_RUNNING = 8
"""Commands that run at a time; further ones wait."""
MEGABYTE = 1_048_576
_log = logging.getLogger(__name__)


class Agent:
    """A running agent. `file` is the settings file, if there is one."""

    def __init__(self, file: Path | None, environment: Mapping[str, str]) -> None:
        """Read the settings and open the spool.

        Raises:
            ConfigError, StateDirLocked, OSError, sqlite3.Error.
        """
        self._file = file
        self._environment = environment
        self._config = load(file, environment)
        if not self._config.token:
            raise ConfigError("agent.token is required; run penstock-agent provision first")
        set_up_log(self._config)
        self._lock = StateDirLock(self._config.state_dir)
        spool = Spool(self._config.state_dir, self._config.spool_max_mb * MEGABYTE)
        if spool.was_damaged:
            _log.error("the spool was damaged; it is kept as spool.db.damaged, and a new one is started")
        self._spool = spool
        self._outbox = Outbox(spool, lambda: self._config)
        self._sdk = SdkSocket(self._config.sdk_socket, self._on_reading, self._on_call)
        self._running = asyncio.Semaphore(MAX_RUNNING)
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed = False

    async def run(self) -> bool:
        """Run until SIGTERM or SIGINT; returns False if a bug ended it."""
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.add_signal_handler(signal.SIGHUP, self.reload)
        for number in (signal.SIGUSR1, signal.SIGUSR2):
            loop.add_signal_handler(number, _log.info, "signal %s is ignored", number.name)
        try:
            # Before the link starts: a command that is received now has not ended either, and would be reported as interrupted.
            await self._report_interrupted()
            await self._start_sdk()
            link = Link(
                config=lambda: self._config,
                token=self._config.token,
                endpoint=self._config.endpoint,
                outbox=self._outbox,
                listener=self,
                environment=self._environment,
                macaddress=macaddress(),
            )
            for work in (link.run(), self._watch_file(), self._measure_system()):
                self._run(work, on_failure=stop.set)
            await stop.wait()
            _log.info("stopping")
        finally:
            await self._close()
            self._lock.release()
        return not self._failed

    async def _start_sdk(self) -> None:
        if self._config.sdk_socket:
            try:
                await self._sdk.start()
            except OSError as error:
                _log.error("applications cannot connect: %s", error)

    async def _close(self) -> None:
        # In this order: the sources of readings first and the outbox last, so that it still writes the readings they added.
        await self._sdk.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._outbox.close()

    def _run(self, work: Coroutine[Any, Any, None], on_failure: Callable[[], None] | None = None) -> None:
        """Run work in a separate task. An unexpected error is logged, and can end the agent: systemd restarts it."""

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and task.exception() is not None:
                _log.error("a bug in the agent", exc_info=task.exception())
                if on_failure is not None:
                    self._failed = True
                    on_failure()

        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(ended)

    # Settings.

    def reload(self) -> None:
        """Apply the current settings. The connection stays open; the log names the settings that need a restart."""
        try:
            new = load(self._file, self._environment)
        except ConfigError as error:
            _log.error("the settings were not changed: %s", error)
            return
        names, self._config = changed(self._config, new), new
        set_up_log(new)
        self._spool.max_bytes = new.spool_max_mb * MEGABYTE
        late = [shown(name) for name in names if name in NEEDS_RESTART]
        at_once = [shown(name) for name in names if name not in NEEDS_RESTART]
        _log.info("settings loaded; changed: %s", ", ".join(at_once) or "nothing")
        if late:
            _log.warning("needs a restart to take effect: %s", ", ".join(late))

    async def _watch_file(self) -> None:
        before = _stamp(self._file)
        while True:
            await asyncio.sleep(WATCH_S)
            now = _stamp(self._file)
            # None while an editor replaces the file. The new file differs from None, so a later check loads it.
            if now is not None and now != before:
                self.reload()
            before = now

    # Readings.

    async def _on_reading(self, payload: dict[str, Any], channel: str | None) -> None:
        await self._outbox.add(payload, _now(), channel)

    async def _measure_system(self) -> None:
        probe = SystemProbe()
        while True:
            await asyncio.sleep(self._config.system_interval)
            found = probe.read()
            if self._config.enabled and found:
                await self._outbox.add(dict(found), _now(), CHANNEL)

    # link.Listener

    async def connection_changed(self, connected: bool) -> None:
        self._sdk.send({"signal": {"connectionstatus": "connected" if connected else "disconnected"}})
        if connected:
            dropped = await self._outbox.call(lambda spool: spool.drain_dropped())
            if dropped:
                _log.warning("%d readings were dropped: the spool was full", dropped)
                await self._outbox.add({"dropped_readings": dropped}, _now(), kind="agent")

    async def clock_seen(self, ahead_s: float) -> None:
        _log.warning("the device's clock is %.0f s %s", abs(ahead_s), "ahead" if ahead_s > 0 else "behind")
        # Without a time: the server sets one, as the device's clock is wrong.
        await self._outbox.add({"clock_ahead_s": round(ahead_s)}, None, kind="agent")

    async def command_received(self, command: wire.Command) -> None:
        receipt = wire.report_body(command.id, "received")
        if await self._outbox.call(lambda spool: spool.begin_command(command.id, receipt)):
            self._outbox.grew.set()
            self._run(self._carry_out(command))
        else:
            _log.info("command %s was received again and is not executed again", command.id)

    # Commands.

    async def _carry_out(self, command: wire.Command) -> None:
        async with self._running:
            outcome = await self._do(command)
        _log.info("command %s (%s) is %s", command.name, command.id, "done" if outcome.ok else "failed")
        report = _report(command.id, outcome)
        await self._outbox.call(lambda spool: spool.end_command(command.id, report))
        self._outbox.grew.set()

    async def _do(self, command: wire.Command) -> Outcome:
        """Run the command's script, or pass the command to the applications, which do not report an outcome."""
        script = find_script(self._config.commands_dir, command.name)
        if script is not None:

            async def on_progress(progress: Any) -> None:
                await self._report_progress(command.id, progress)

            return await run_script(script, command.id, command.parameters, self._config.command_timeout, on_progress)
        applications = self._sdk.clients
        if not applications:
            return Outcome(False, error="the device has no script with this name, and no application is connected")
        self._sdk.send({"data": {command.name: command.parameters}})
        return Outcome(True, {"handed_to": applications})

    async def _report_progress(self, command_id: str, progress: Any) -> None:
        try:
            report = wire.report_body(command_id, "received", progress=progress)
        except ValueError as error:
            _log.warning("progress of command %s was dropped: it %s", command_id, error)
            return
        await self._outbox.report(report)

    async def _on_call(self, name: str, arguments: dict[str, Any]) -> None:
        script = find_script(self._config.commands_dir, name)
        if script is None:
            _log.warning("an application called %.100s, but no such script exists", name)
        else:
            self._run(self._call(script, name, arguments))

    async def _call(self, script: Path, name: str, arguments: dict[str, Any]) -> None:
        """Run a script for an application: its output is a reading under the script's name."""

        async def on_progress(progress: Any) -> None:
            await self._outbox.add({name: {"progress": progress}}, _now())

        async with self._running:
            outcome = await run_script(script, "", arguments, self._config.command_timeout, on_progress)
        payload = outcome.result if outcome.ok else {"error": outcome.error}
        if payload is not None:
            await self._outbox.add({name: payload}, _now())

    async def _report_interrupted(self) -> None:
        """Commands during which an earlier run ended are not started again: their progress is unknown."""
        for command_id in await self._outbox.call(lambda spool: spool.unended_commands()):
            report = wire.report_body(command_id, "failed", error="the agent stopped before the command ended")
            await self._outbox.call(lambda spool, name=command_id, text=report: spool.end_command(name, text))  # type: ignore[misc]


def _report(command_id: str, outcome: Outcome) -> str:
    status = "done" if outcome.ok else "failed"
    try:
        return wire.report_body(command_id, status, result=outcome.result, error=outcome.error)
    except ValueError as error:
        # The status is unchanged: the command was executed, and only its output cannot be sent.
        return wire.report_body(command_id, status, error=f"the script's output cannot be sent: it {error}")


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _stamp(file: Path | None) -> tuple[int, int, int] | None:
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    # The inode too: a file that replaces the old one can have the same size and an older time.
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found is not None else None


def macaddress() -> str:
    """The machine's hardware address, six hexadecimal pairs; empty if it has no permanent one."""
    number = uuid.getnode()
    if number >> 40 & 1:  # generated by Python because there is none
        return ""
    return ":".join(f"{number >> shift & 0xFF:02x}" for shift in range(40, -1, -8))
