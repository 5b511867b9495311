"""The command line: provision, start, reload, and a check of the settings."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

from penstock_agent import __version__
from penstock_agent.agent import Agent, macaddress
from penstock_agent.config import DEFAULT_FILES, ConfigError, default_file, load, write_keys
from penstock_agent.lock import StateDirLocked, locked_by
from penstock_agent.provisioning import ProvisionError, Provisioning, agent_id, forget_agent_id

FAILED, MISUSED = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit status."""
    options = _parser().parse_args(arguments)
    file = Path(options.config) if options.config else default_file()
    try:
        if options.check_config:
            return _check(file)
        if options.command == "provision":
            return _provision(file or DEFAULT_FILES[0], options.server, options.code)
        if options.command == "start":
            return asyncio.run(_start(file))
        if options.command == "reload":
            return _reload(file)
    except ConfigError as error:
        return _fail(str(error), MISUSED)
    except (ProvisionError, StateDirLocked) as error:
        return _fail(str(error))
    except (OSError, sqlite3.Error) as error:
        return _fail(f"cannot continue: {error}")
    _parser().print_help()
    return MISUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="penstock-agent", description="Keeps this device connected to a Penstock server.")
    parser.add_argument("--version", action="version", version=f"penstock-agent {__version__}")
    parser.add_argument("--check-config", action="store_true", help="check the settings and exit")
    parser.add_argument("--config", metavar="FILE", help=f"the settings file (default: {DEFAULT_FILES[0]})")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    one = commands.add_parser("provision", help="exchange a pair code for this device's token, and write it into the settings")
    one.add_argument("--server", required=True, help="the server's URL, such as https://iot.example.net")
    one.add_argument("--code", required=True, help="the pair code; - reads it from standard input")
    commands.add_parser("start", help="connect, and stay connected")
    commands.add_parser("reload", help="make the running agent load its settings again")
    for known in commands.choices.values():
        known.add_argument("--config", metavar="FILE", default=argparse.SUPPRESS)
        known.add_argument("--check-config", action="store_true", default=argparse.SUPPRESS)
    return parser


def _check(file: Path | None) -> int:
    config = load(file, os.environ)
    if not config.token:
        return _fail("agent.token is required; run penstock-agent provision first", MISUSED)
    if config.ca_bundle and not Path(config.ca_bundle).is_file():
        return _fail(f"security.ca_bundle: file {config.ca_bundle} was not found", MISUSED)
    print(f"{file or 'the defaults'}: good")
    return 0


def _provision(file: Path, server: str, code: str) -> int:
    config = load(file if file.exists() else None, os.environ)
    # Standard input keeps the code out of the shell's history and the list of processes.
    text = sys.stdin.readline() if code == "-" else code
    server_side = Provisioning(server, config, os.environ)
    made = server_side.exchange(text.strip(), agent_id(file), macaddress())
    write_keys(file, {("agent", "token"): made.token, ("connection", "endpoint"): made.endpoint})
    # Only now: until then, this device can be paired again with the same code.
    server_side.confirm(made.token)
    forget_agent_id(file)
    print(f"this device is now {made.device}; its token is in {file}")
    return 0


async def _start(file: Path | None) -> int:
    # Their default is to end the process. The agent handles them once it runs.
    for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_IGN)
    return 0 if await Agent(file, os.environ).run() else FAILED


def _reload(file: Path | None) -> int:
    pid = locked_by(load(file, os.environ).state_dir)
    if pid is None:
        return _fail("no agent is running")
    os.kill(pid, signal.SIGHUP)
    return 0


def _fail(reason: str, status: int = FAILED) -> int:
    print(f"penstock-agent: {reason}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
