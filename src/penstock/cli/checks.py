"""The checks of `penstock doctor`. They only read, except for one small file that measures the disk and is removed again."""

from __future__ import annotations

import fcntl
import os
import platform
import sqlite3
import stat
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import httpx
import msgspec

from penstock.adapters.frontdoor.certificate import CertificateUnusable, ServerCertificate, trust_in
from penstock.adapters.frontdoor.config import TlsConfig
from penstock.adapters.frontdoor.server import CannotListen, listen
from penstock.adapters.storage.data_dir import LOCK_FILE, PEPPER_FILE, TELEMETRY, DataDirUnusable, read_pepper
from penstock.adapters.storage.machine import directory_checks, space_check
from penstock.adapters.storage.sqlite.backup import segment_end
from penstock.adapters.storage.sqlite.connection import statements
from penstock.adapters.storage.sqlite.identity import FOREIGN_SECRET, check_beginning, is_secret_of
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, known_version, schema_name
from penstock.adapters.storage.sqlite.segments import SEGMENT_VERSION, is_foreign
from penstock.adapters.storage.sqlite.soundness import DAMAGE, check_readings, is_of_disk, opened, sound_version
from penstock.bootstrap.mqtt import REQUESTED
from penstock.cli import workers
from penstock.cli.chains import broken_chains
from penstock.cli.options import layers_for
from penstock.cli.vault_checks import vault_state
from penstock.core.system.models import Check, Status
from penstock.ingress.mail.config import InboxMailConfig
from penstock.ingress.mqtt.config import MqttConfig
from penstock.kit.clock import DAY_US, SECOND_US, Clock, SystemClock, format_day, format_seconds
from penstock.kit.ids import Seq
from penstock.settings import FILE_NAME, HttpConfig, Settings, SettingsInvalid

MIN_PYTHON = (3, 11)
MIN_SQLITE = (3, 35)
"""3.24 added the upsert, and 3.35 the last feature that the statements use; older versions are not tested."""
SLOW_SYNC_S = 0.020
SYNCS = 20
PING_TIMEOUT_S = 3.0
ENDS_SOON_US = 14 * DAY_US
"""Certificates that are renewed automatically have longer than this left, so one that has not is probably not renewed."""


class _Segment(msgspec.Struct, frozen=True):
    path: Path
    day: str
    base_seq: Seq
    last_seq: Seq
    arrival_us: int | None


def examine(data_dir: Path, config: Path | None, clock: Clock | None = None) -> Iterator[Check]:
    """All checks, in the order in which a person would make them."""
    clock = clock or SystemClock()
    yield from _programs()
    if not data_dir.is_dir():
        reason = "is not a directory" if data_dir.exists() else "does not exist"
        yield Check("data directory", Status.FAIL, f"{data_dir} {reason}")
        return
    yield from _directory(data_dir)
    yield from _disk(data_dir)
    running = _is_locked(data_dir)
    found, control = _control(data_dir, in_use=running)
    yield from _secret(data_dir, control)
    yield found
    yield from _audit(data_dir, in_use=running)
    yield _purges(control)
    yield from _telemetry(data_dir, clock, control, in_use=running)
    try:
        loaded = layers_for(data_dir, config)
    except SettingsInvalid as error:
        yield Check("settings", Status.FAIL, error.detail)
        return
    settings = loaded.settings
    fine, detail = vault_state(data_dir, settings.vault, clock, in_use=running)
    yield Check("vault", Status.OK if fine else Status.FAIL, detail)
    yield _durability(settings)
    if settings.http.tls.on:
        yield _certificate(settings.http.tls, clock)
    yield Check("server", Status.OK, "a server uses this directory" if running else "no server uses this directory")
    yield _port(settings.http, running)
    yield _workers(data_dir, settings.http, running, clock)
    yield _mqtt_port(settings.mqtt, running, requested=bool(REQUESTED & loaded.named))
    if settings.inbox_mail.listen:
        yield _mail_port(settings.inbox_mail, running)


def _programs() -> Iterator[Check]:
    fine = tuple(map(int, platform.python_version_tuple()[:2])) >= MIN_PYTHON
    yield Check(
        "python", Status.OK if fine else Status.FAIL, f"{platform.python_version()}, needs at least {_dotted(MIN_PYTHON)}"
    )
    fine = sqlite3.sqlite_version_info[:2] >= MIN_SQLITE
    yield Check("sqlite", Status.OK if fine else Status.FAIL, f"{sqlite3.sqlite_version}, needs at least {_dotted(MIN_SQLITE)}")


def _directory(data_dir: Path) -> Iterator[Check]:
    yield from directory_checks(data_dir)
    yield _files_of_owner(data_dir)


def _files_of_owner(data_dir: Path) -> Check:
    """Files of older programs can be readable for everyone. The settings file is the operator's."""
    open_files = [path for path in sorted(data_dir.rglob("*")) if path.name != FILE_NAME and _is_open(path)]
    if not open_files:
        return Check("files", Status.OK, "only their owner can access them")
    more = f" and {len(open_files) - 1} more" if len(open_files) > 1 else ""
    return Check("files", Status.WARN, f"other users can access {open_files[0]}{more}: chmod 600 them")


def _is_open(path: Path) -> bool:
    try:
        found = path.lstat().st_mode
    except FileNotFoundError:  # a running server removes files
        return False
    return stat.S_ISREG(found) and bool(found & 0o077)


def _disk(data_dir: Path) -> Iterator[Check]:
    yield space_check(data_dir)
    try:
        median_s = _sync_s(data_dir)
    except OSError as error:
        yield Check("disk sync", Status.FAIL, f"writing failed: {error.strerror}")
        return
    slow = median_s > SLOW_SYNC_S
    detail = f"{median_s * 1000:.1f} ms, median of {SYNCS}; each acknowledgement waits for one"
    yield Check("disk sync", Status.WARN if slow else Status.OK, detail)


def _sync_s(data_dir: Path) -> float:
    took = []
    with tempfile.NamedTemporaryFile(dir=data_dir, prefix=".doctor-") as file:
        for _ in range(SYNCS):
            # One page of SQLite, the least that a commit writes.
            file.write(bytes(4096))
            file.flush()
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - start)
    return statistics.median(took)


class _Control(msgspec.Struct, frozen=True):
    """The facts of the control database that other files have to match."""

    server_number: int = 0
    key_check: bytes | None = None
    newest_cursor: int = 0
    unpurged: int = 0


def _secret(data_dir: Path, control: _Control) -> Iterator[Check]:
    path = data_dir / PEPPER_FILE
    if not path.exists():
        if (data_dir / CONTROL_FILE).exists():
            yield Check(PEPPER_FILE, Status.FAIL, "missing, so all keys and tokens are invalid; restore it from a backup")
        else:
            yield Check(PEPPER_FILE, Status.WARN, "does not exist yet; the first start creates it")
        return
    try:
        pepper = read_pepper(path)
    except (OSError, ValueError):
        yield Check(PEPPER_FILE, Status.FAIL, "damaged or unreadable; restore it from a backup")
        return
    mode = path.stat().st_mode & 0o777
    if control.key_check is not None and not is_secret_of(control.key_check, pepper):
        yield Check(PEPPER_FILE, Status.FAIL, FOREIGN_SECRET)
    elif mode & 0o077:
        yield Check(PEPPER_FILE, Status.FAIL, f"other users can read it (mode {mode:03o}): chmod 600 {path}")
    else:
        yield Check(PEPPER_FILE, Status.OK, f"only its owner can read it (mode {mode:03o})")


def _control(data_dir: Path, *, in_use: bool) -> tuple[Check, _Control]:
    path, facts = data_dir / CONTROL_FILE, _Control()
    try:
        check_beginning(data_dir)
    except DataDirUnusable as error:
        return Check(CONTROL_FILE, Status.FAIL, str(error.facts["reason"])), facts
    if not path.exists():
        return Check(CONTROL_FILE, Status.WARN, "does not exist yet; the first start creates it"), facts
    try:
        with closing(opened(path, in_use=in_use)) as connection:
            version = sound_version(connection)
            if version == known_version():
                facts = _facts_of(connection)
    except DAMAGE as error:
        return Check(CONTROL_FILE, Status.FAIL, _advice(error, "restore a backup")), facts
    if version > known_version():
        detail = f"a newer schema than this program supports ({schema_name(known_version())})"
        return Check(CONTROL_FILE, Status.FAIL, detail), facts
    if version < known_version():
        detail = f"sound; schema {schema_name(version)}, the next start migrates it to {schema_name(known_version())}"
        return Check(CONTROL_FILE, Status.WARN, detail), facts
    return Check(CONTROL_FILE, Status.OK, f"sound, schema {schema_name(version)}"), facts


def _audit(data_dir: Path, *, in_use: bool) -> Iterator[Check]:
    found = broken_chains(data_dir, in_use=in_use)
    if found is None:
        return
    rows, broken = found
    if broken:
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        detail = f"{broken[0]}{more}; someone changed the database, compare it with a backup"
        yield Check("audit log", Status.FAIL, detail)
    else:
        yield Check("audit log", Status.OK, f"{rows} rows are consistent")


def _facts_of(connection: sqlite3.Connection) -> _Control:
    found = connection.execute(statements()["find_server"]).fetchone() or (0, None)
    (newest,) = connection.execute(statements()["newest_cursor"]).fetchone()
    (unpurged,) = connection.execute(statements()["count_unpurged"]).fetchone()
    return _Control(*msgspec.convert((*found, newest, unpurged), tuple[int, bytes | None, int, int]))


def _purges(control: _Control) -> Check:
    if control.unpurged:
        detail = f"the readings of {control.unpurged} deleted devices are still stored; a running server removes them"
        return Check("deleted devices", Status.WARN, detail)
    return Check("deleted devices", Status.OK, "none of their readings are left")


def _advice(error: Exception, advice: str) -> str:
    """What is wrong with a file, and what to do: nothing with the file if the disk is to blame."""
    text = " ".join(str(error).split())
    return f"{text}; {'the disk is full, failing or read-only, or this user may not read it' if is_of_disk(error) else advice}"


def _telemetry(data_dir: Path, clock: Clock, control: _Control, *, in_use: bool) -> Iterator[Check]:
    segments = []
    failed = False
    for path in sorted((data_dir / TELEMETRY).glob("*.db")):
        found = _segment(path, control, in_use=in_use)
        if isinstance(found, Check):
            failed = True
            yield found
        elif found is not None:
            segments.append(found)
    segments.sort(key=lambda segment: segment.base_seq)  # not by day: a clock that was ahead leaves one in the future
    if not failed:
        last = f", the last reading has seq {segments[-1].last_seq}" if segments else ""
        yield Check("segments", Status.OK, f"{len(segments)} sound{last}")
        yield from _end(segments, control)
    yield from _order(segments)
    if segments:
        yield _clock(segments[-1], clock.now_us())


def _end(segments: list[_Segment], control: _Control) -> Iterator[Check]:
    """Whether the newest segment is there: all others are missed by their neighbours."""
    last = segments[-1].last_seq if segments else 0
    if control.newest_cursor > last:
        detail = f"readings up to seq {control.newest_cursor} were processed, but the last one here has {last}; restore the rest"
        yield Check("newest segment", Status.FAIL, detail)


def _segment(path: Path, control: _Control, *, in_use: bool) -> _Segment | Check | None:
    """The facts of a segment, the error in it, or None if retention has just removed it."""
    name = f"{TELEMETRY}/{path.name}"
    try:
        with closing(opened(path, in_use=in_use)) as connection:
            version = sound_version(connection)
            if version > SEGMENT_VERSION:
                detail = f"schema {version} is newer than this program, which supports up to {SEGMENT_VERSION}"
                return Check(name, Status.FAIL, detail)
            if is_foreign(connection, control.server_number):
                return Check(name, Status.FAIL, "it belongs to another data directory; restore the right one, or move it away")
            facts = _facts_of_segment(connection, path)
            check_readings(connection)
            return facts
    except DAMAGE as error:
        if not path.exists():
            return None
        return Check(name, Status.FAIL, _advice(error, "restore it from a backup, or move it away to continue without that day"))


def _facts_of_segment(connection: sqlite3.Connection, path: Path) -> _Segment:
    connection.row_factory = sqlite3.Row
    facts = connection.execute(statements()["segment_facts"]).fetchone()
    if facts is None:
        raise ValueError("damaged: its description is missing")
    if facts["day"] != path.stem.partition(".")[0]:
        raise ValueError(f"damaged: it describes itself as the segment of {facts['day']!s:.40}")
    arrival_us = connection.execute(statements()["newest_arrival"]).fetchone()["received_us"]
    found = (str(path), facts["day"], facts["base_seq"], segment_end(connection), arrival_us)
    _, day, base_seq, last_seq, _ = msgspec.convert(found, tuple[str, str, int, int, int | None])
    return _Segment(path, day, Seq(base_seq), Seq(last_seq), arrival_us)


def _order(segments: list[_Segment]) -> Iterator[Check]:
    problems = 0
    for before, after in pairwise(segments):
        if after.base_seq < before.last_seq:
            problems += 1
            detail = f"its readings start at seq {after.base_seq + 1}, but {before.path.name} ends at {before.last_seq}"
            yield Check(f"{TELEMETRY}/{after.path.name}", Status.FAIL, detail)
        # Only a warning: a day that the operator moved away, because it was damaged, leaves such a gap.
        elif after.base_seq > before.last_seq:
            problems += 1
            detail = f"readings from seq {before.last_seq + 1} to {after.base_seq} are missing before it"
            yield Check(f"{TELEMETRY}/{after.path.name}", Status.WARN, detail)
    if len(segments) > 1 and not problems:
        yield Check("sequence", Status.OK, f"unbroken from {segments[0].base_seq + 1} to {segments[-1].last_seq}")


def _clock(newest: _Segment, now_us: int) -> Check:
    now = format_seconds(now_us)
    if newest.day > format_day(now_us):
        detail = f"the time is {now}, but the newest segment is for {newest.day}; the clock is or was wrong"
        return Check("clock", Status.WARN, detail)
    if newest.arrival_us is not None and newest.arrival_us > now_us + SECOND_US:
        detail = f"the time is {now}, but a reading arrived at {format_seconds(newest.arrival_us)}; the clock is or was wrong"
        return Check("clock", Status.WARN, detail)
    return Check("clock", Status.OK, f"{now}, after the newest reading")


def _durability(settings: Settings) -> Check:
    chosen = settings.log.dangerous_durability
    if chosen == "full":
        return Check("durability", Status.OK, "full: acknowledged means on disk")
    return Check("durability", Status.WARN, f"{chosen}: a power cut loses the last seconds (log.dangerous_durability)")


def _certificate(tls: TlsConfig, clock: Clock) -> Check:
    try:
        ends_us = ServerCertificate(tls, clock).ends_us
    except CertificateUnusable as error:
        return Check("certificate", Status.FAIL, error.detail)
    soon = ends_us - clock.now_us() < ENDS_SOON_US
    return Check("certificate", Status.WARN if soon else Status.OK, f"valid until {format_seconds(ends_us)}")


def _is_locked(data_dir: Path) -> bool:
    try:
        descriptor = os.open(data_dir / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # A shared lock fails only while a server has the exclusive one; two doctors do not disturb each other.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _port(http: HttpConfig, running: bool) -> Check:
    if http.port == 0:
        return Check("port", Status.OK, "a free port is selected at the start")
    address = f"[{http.host}]:{http.port}" if ":" in http.host else f"{http.host}:{http.port}"
    if _pings(http):
        if running:
            return Check("port", Status.OK, f"Penstock responds at {address}")
        return Check("port", Status.WARN, f"Penstock responds at {address}, but does not use this directory")
    try:
        for bound in listen(http.host, http.port):
            bound.close()
    except CannotListen as error:
        detail = f"{error}, and the server there is not Penstock"
        return Check("port", Status.WARN if running else Status.FAIL, detail)
    if running:
        return Check("port", Status.OK, f"{address} is free; the running server uses another address")
    return Check("port", Status.OK, f"{address} is free")


def _mqtt_port(mqtt: MqttConfig, running: bool, *, requested: bool) -> Check:
    """MQTT has no ping that identifies the server, so a port in use is assumed to belong to the running server, if any."""
    if not mqtt.enabled or mqtt.port == 0:
        return Check("mqtt port", Status.OK, "a free port is selected at the start" if mqtt.enabled else "MQTT is disabled")
    address = f"[{mqtt.host}]:{mqtt.port}" if ":" in mqtt.host else f"{mqtt.host}:{mqtt.port}"
    try:
        for bound in listen(mqtt.host, mqtt.port):
            bound.close()
    except CannotListen as error:
        if running:
            return Check("mqtt port", Status.OK, f"{address} is in use, probably by the running server")
        if not requested:
            return Check("mqtt port", Status.WARN, f"{error}; the server starts without MQTT, as no setting names the port")
        return Check("mqtt port", Status.FAIL, str(error))
    return Check("mqtt port", Status.OK, f"{address} is free")


def _mail_port(mail: InboxMailConfig, running: bool) -> Check:
    """As for MQTT, a port in use is assumed to belong to the running server, if any."""
    try:
        for bound in listen(mail.host, mail.port):
            bound.close()
    except CannotListen as error:
        if running:
            return Check("mail port", Status.OK, f"{mail.host}:{mail.port} is in use, probably by the running server")
        return Check("mail port", Status.FAIL, str(error))
    return Check("mail port", Status.OK, f"{mail.host}:{mail.port} is free")


def _workers(data_dir: Path, http: HttpConfig, running: bool, clock: Clock) -> Check:
    """Which background workers are behind: asked of the running server, otherwise what the files say."""
    health = _get(http, "/ready") if running else None
    if health is not None:
        behind, detail = workers.behind_in(health)
        return Check("workers", Status.WARN if behind else Status.OK, detail)
    try:
        return Check("workers", Status.OK, workers.waiting_in(data_dir, clock.now_us()))
    except DAMAGE as error:
        return Check("workers", Status.WARN, f"what waits for them cannot be read: {error}")


def _pings(http: HttpConfig) -> bool:
    return _get(http, "/ping") == {"status": "pong"}


def _get(http: HttpConfig, path: str) -> object:
    """The JSON that the server at the settings' address returns, or None if there is none."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(http.host, http.host)  # noqa: S104 (called, not bound)
    try:
        trust = trust_in(http.tls.certificate) if http.tls.on else True
        # Without the environment's proxy, which would look for the server elsewhere.
        with httpx.Client(timeout=PING_TIMEOUT_S, trust_env=False, verify=trust) as client:
            answer = client.get(httpx.URL(scheme="https" if http.tls.on else "http", host=host, port=http.port, path=path))
            found: object = answer.json()
            return found
    except (httpx.HTTPError, ValueError, OSError):
        return None


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
