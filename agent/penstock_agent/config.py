"""The INI file: the keys and defaults of the vendor's agent, each with an environment variable, and one additional section.

Precedence: `PENSTOCK_<SECTION>_<KEY>`, then `IOTTLY_<SECTION>_<KEY>`, then the file, then the default. An unknown key or
section is an error that names it.

Source: surfaces/iottly.md, 6. `[local]` is Penstock's.
"""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DEFAULT_FILES = (Path("/etc/penstock-agent/agent.conf"), Path("/etc/iottly/agent.conf"))
PREFIXES = ("PENSTOCK", "IOTTLY")
NEEDS_RESTART = ("token", "endpoint", "state_dir", "sdk_socket")
"""Attributes whose changes take effect at the next start; the first two are the vendor's."""
MAX_FILE_BYTES = 1_048_576


class ConfigError(Exception):
    """The file or a variable has an invalid value; the message names it."""


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    known = configparser.ConfigParser.BOOLEAN_STATES
    if value.lower() not in known:
        raise ValueError("must be true or false")
    return known[value.lower()]


def _seconds(value: str) -> float:
    number = float(value)
    if not 0 < number <= 86_400:
        raise ValueError("must be a number of seconds, more than 0 and at most a day")
    return number


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number between {low} and {high}")
        return int(value)

    return read


def _one_of(*known: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return value.lower()

    return read


def _endpoint(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError("must be a URL that starts with wss://")
    _ = parts.port  # raises ValueError if it is not a number
    return value


def _key(section: str, name: str, default: str, read: Callable[[str], Any]) -> Any:
    """A setting: its section, its default as written in the file, and the function that parses it."""
    return field(metadata={"section": section, "name": name, "default": default, "read": read})


@dataclass(frozen=True)
class Config:
    """All settings of the agent. Units: seconds unless the name states otherwise; `spool_max_mb` of 1,048,576 bytes."""

    token: str = _key("agent", "token", "", _text)
    log_level: str = _key("agent", "log_level", "info", _one_of("debug", "info", "warn", "error"))
    log_file: str = _key("agent", "log_file", "/var/log/iottly/agent.log", _text)
    endpoint: str = _key("connection", "endpoint", "wss://agent.cloud.iottly.com/ws", _endpoint)
    reconnect_interval: float = _key("connection", "reconnect_interval", "5", _seconds)
    reconnect_max: float = _key("connection", "reconnect_max", "120", _seconds)
    heartbeat_interval: float = _key("connection", "heartbeat_interval", "30", _seconds)
    enabled: bool = _key("telemetry", "enabled", "true", _flag)
    buffer_size: int = _key("telemetry", "buffer_size", "100", _whole(1, 100_000))
    flush_interval_ms: int = _key("telemetry", "flush_interval_ms", "1000", _whole(1, 3_600_000))
    ca_bundle: str = _key("security", "ca_bundle", "", _text)
    min_tls_version: str = _key("security", "min_tls_version", "tls1.2", _one_of("tls1.2", "tls1.3"))
    state_dir: Path = _key("local", "state_dir", "/var/lib/penstock-agent", Path)  # noqa: RUF009  (a field, like the rest)
    sdk_socket: str = _key("local", "sdk_socket", "/var/run/iottly.com-agent/sdk/iottly_sdk_socket", _text)
    commands_dir: Path = _key("local", "commands_dir", "/etc/penstock-agent/commands", Path)  # noqa: RUF009  (a field)
    command_timeout: float = _key("local", "command_timeout", "600", _seconds)
    spool_max_mb: int = _key("local", "spool_max_mb", "64", _whole(1, 1_000_000))
    system_interval: float = _key("local", "system_interval", "60", _seconds)

    def __post_init__(self) -> None:
        if self.reconnect_max < self.reconnect_interval:
            raise ConfigError("connection.reconnect_max: must not be less than connection.reconnect_interval")

    def __repr__(self) -> str:
        return "Config(…)"  # it contains the token


def load(file: Path | None, environment: Mapping[str, str]) -> Config:
    """Load the settings from a file, or the defaults, overridden by the environment.

    Raises:
        ConfigError: names the key or the line, and the problem.
    """
    written = _read(file) if file is not None else {}
    known = {(one.metadata["section"], one.metadata["name"]) for one in fields(Config)}
    for section, name in written:
        if (section, name) not in known:
            raise ConfigError(f"{section}.{name} is not a known key")
    values = {}
    for one in fields(Config):
        section, name = one.metadata["section"], one.metadata["name"]
        source, text = _find(section, name, written, environment)
        if text is None:
            source, text = f"{section}.{name}", one.metadata["default"]
        try:
            values[one.name] = one.metadata["read"](text)
        except ValueError as error:
            raise ConfigError(f"{source}: {error}") from None
    return Config(**values)


def _find(
    section: str, name: str, written: Mapping[tuple[str, str], str], environment: Mapping[str, str]
) -> tuple[str, str | None]:
    for prefix in PREFIXES:
        variable = f"{prefix}_{section}_{name}".upper()
        if variable in environment:
            return variable, environment[variable].strip()
    return f"{section}.{name}", written.get((section, name))


def _read(file: Path) -> dict[tuple[str, str], str]:
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_FILE_BYTES + 1)
        if len(raw) > MAX_FILE_BYTES:
            raise ConfigError(f"{file}: must be at most {MAX_FILE_BYTES} bytes")
        # Without interpolation, because a token or a path may contain a percent sign.
        parser = configparser.ConfigParser(interpolation=None)
        parser.read_string(raw.decode("utf-8-sig"), source=file.name)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: must be UTF-8 text") from None
    except configparser.Error as error:
        raise ConfigError(" ".join(str(error).split())) from None
    # The parser would add keys of a section [DEFAULT] to every other section.
    if parser.defaults():
        raise ConfigError(f"DEFAULT.{next(iter(parser.defaults()))} is not a known key")
    return {(section, name): value for section in parser.sections() for name, value in parser.items(section)}


def changed(before: Config, after: Config) -> list[str]:
    """The attributes that differ."""
    return [one.name for one in fields(Config) if getattr(before, one.name) != getattr(after, one.name)]


def shown(attribute: str) -> str:
    """An attribute's name in the file, such as `agent.token`."""
    about = next(one.metadata for one in fields(Config) if one.name == attribute)
    return f"{about['section']}.{about['name']}"


def default_file() -> Path | None:
    """The first default path that exists."""
    return next((file for file in DEFAULT_FILES if file.exists()), None)


def write_keys(file: Path, values: Mapping[tuple[str, str], str]) -> None:
    """Set keys in a file and leave everything else in it unchanged, including comments. Afterwards only its owner can read it.

    Raises:
        OSError: the file cannot be written; it is then unchanged.
    """
    lines = file.read_text("utf-8-sig").splitlines() if file.exists() else []
    for (section, name), value in values.items():
        _set_line(lines, section, name, value)
    write_file(file, "\n".join(lines) + "\n")


def write_file(file: Path, text: str) -> None:
    """Replace a file as a whole; afterwards it is on disk, and only its owner can read it.

    Raises:
        OSError: the file cannot be written; it is then unchanged.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.new")
    # A killed run may have left one behind, and O_EXCL accepts no existing file.
    draft.unlink(missing_ok=True)
    # Created with its final mode, so that no one else can read the token even briefly.
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        # Before the rename, which can reach the disk first: after a power cut the settings would be empty.
        os.fsync(opened.fileno())
    draft.replace(file)
    # The rename is in the folder, which has to reach the disk too.
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _set_line(lines: list[str], section: str, name: str, value: str) -> None:
    headers = [(number, line.strip()) for number, line in enumerate(lines) if line.lstrip().startswith("[")]
    start = next((number for number, header in headers if header == f"[{section}]"), None)
    if start is None:
        lines += [f"[{section}]", f"{name} = {value}"]
        return
    end = next((number for number, _ in headers if number > start), len(lines))
    there = re.compile(rf"\s*{re.escape(name)}\s*[=:]", re.IGNORECASE)
    place = next((number for number in range(start + 1, end) if there.match(lines[number])), None)
    if place is None:
        lines.insert(start + 1, f"{name} = {value}")
    else:
        lines[place] = f"{name} = {value}"
