"""The agent protocol, version 1: text frames of JSON over a WebSocket, without I/O. Both sides use this file.

Theory of operation. The agent keeps everything it has to tell in a spool, numbered from 1 upwards, and sends it in that order:
readings, and what became of commands. The server acknowledges the highest number up to which everything is on disk, and the
agent forgets that much. After a new connection the agent begins again behind the last acknowledgement; the server recognises
what it has already by the spool's name and the number. So nothing is lost or doubled, whichever side dies.

Commands go down with an id. The agent writes the id down before it begins, and never begins an id twice.

The vocabulary is the one of the local SDK socket: a frame is `{"data": …}` or `{"signal": …}`.

Agent to server:
    {"signal": {"agent": {"version": "1.0.0", "spool": "9f…", "macaddress": "02:…", "commands": true}}}      first
    {"data": [{"seq": 1, "devicetimestamp": "2026-05-02T09:15:04.120Z", "payload": {…}, "channel": "c", "kind": "agent"},
              {"seq": 2, "command": {"id": "cmd_…", "status": "done", "result": …}}]}
    {"signal": {"heartbeat": 7}}
Server to agent:
    {"signal": {"welcome": {"protocol": 1, "device": "dev_…", "time_s": 1776146400.25}}}                      first
    {"signal": {"ack": {"seq": 2, "refused": [{"seq": 1, "reason": "…"}]}}}
    {"signal": {"heartbeat": 7}}                                                                             an answer
    {"signal": {"trouble": {"code": "limits.monthly_readings", "detail": "…", "retry_after_s": 3600}}}      then it closes
    {"data": {"set_interval": {"seconds": 30}}, "command": "cmd_…"}

Source: ours; the vendor's own frames are not public (surfaces/iottly.md, 9).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PROTOCOL = 1
SUBPROTOCOL = f"penstock-agent.{PROTOCOL}"
PATH = "/ws"
MAX_FRAME_BYTES = 65_536
"""What the server's door takes in one message."""
MAX_PAYLOAD_BYTES = 32_768
"""JSON of one reading's payload, or of what a command has to say: half a frame, so that every row fits in one."""
MAX_ROWS = 500
MAX_ROWS_BYTES = MAX_FRAME_BYTES - 32 * (MAX_ROWS + 1)
"""Of the rows of one frame as they lie in the spool: a number and what is around it take less than 32 bytes each."""
MAX_SEQ = 2**63 - 1
MAX_TEXT = 200
"""Characters of a name, an id or a channel."""
MAX_ERROR = 2_000
KINDS = ("telemetry", "agent")
STATUSES = ("received", "done", "failed")

CLOSE_PROTOCOL, CLOSE_STOPPING, CLOSE_LATER = 1002, 1012, 1013
CLOSE_CREDENTIAL, CLOSE_PAUSED, CLOSE_REPLACED = 4401, 4403, 4409


class ProtocolError(ValueError):
    """A frame that the protocol does not know, or not at this point."""


@dataclass(frozen=True, slots=True)
class Hello:
    """Who connects. `spool` names the series that the numbers belong to; without `commands` none are sent down."""

    version: str
    spool: str
    macaddress: str = ""
    commands: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading. `time` is RFC 3339, or None for the time of arrival."""

    seq: int
    payload: dict[str, Any]
    time: str | None = None
    channel: str | None = None
    kind: str = "telemetry"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a command. `received` may come again, each time with other progress."""

    seq: int
    id: str
    status: str
    result: Any = None
    error: str | None = None
    progress: Any = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Part of the spool, in order."""

    rows: tuple[Reading | Report, ...]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A sign of life, or the answer to one."""

    number: int


@dataclass(frozen=True, slots=True)
class Welcome:
    """The agent is let in as this device. `time_s` is the server's clock, seconds since 1970; servers of before tell none."""

    device: str
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """Everything up to `seq` is dealt with; `refused` of it will never be stored, and why."""

    seq: int
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the server closes the connection. `retry_after_s` says how long it makes no sense to come back."""

    code: str
    detail: str
    retry_after_s: float = 0


@dataclass(frozen=True, slots=True)
class Command:
    """What the device is to do."""

    id: str
    name: str
    parameters: dict[str, Any]


# Texts of frames.


def to_json(value: Any) -> str:
    """A value as JSON that the other side can read.

    Raises:
        ValueError: it holds a lone surrogate, NaN or infinity, goes in circles or too deep, or is nothing that JSON knows.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return text


def hello(frame: Hello) -> str:
    """The text of a hello."""
    about = {"version": frame.version, "spool": frame.spool, "macaddress": frame.macaddress, "commands": frame.commands}
    return to_json({"signal": {"agent": about}})


def reading_body(payload: dict[str, Any], time: str | None, channel: str | None = None, kind: str = "telemetry") -> str:
    """A reading as it lies in a spool, where it has no number yet.

    Raises:
        ValueError: it cannot be said in JSON, or is larger than a payload may be.
    """
    body: dict[str, Any] = {"payload": payload}
    if time is not None:
        body["devicetimestamp"] = time
    if channel is not None:
        body["channel"] = channel
    if kind != "telemetry":
        body["kind"] = kind
    return _bounded(to_json(body))


def report_body(command_id: str, status: str, *, result: Any = None, error: str | None = None, progress: Any = None) -> str:
    """What became of a command, as it lies in a spool.

    Raises:
        ValueError: it cannot be said in JSON, or is too large.
    """
    said = {"id": command_id, "status": status, "result": result, "error": error, "progress": progress}
    return _bounded(to_json({"command": {name: value for name, value in said.items() if value is not None}}))


def _bounded(text: str) -> str:
    if len(text.encode()) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"is larger than {MAX_PAYLOAD_BYTES} bytes")
    return text


def row(seq: int, body: str) -> str:
    """The text of a spool's row with its number."""
    return f'{{"seq":{seq},{body[1:]}'


def rows(texts: Sequence[str]) -> str:
    """The text of a frame of rows, which are texts themselves."""
    return f'{{"data":[{",".join(texts)}]}}'


def heartbeat(number: int) -> str:
    """The text of a sign of life."""
    return f'{{"signal":{{"heartbeat":{number}}}}}'


def welcome(device: str, time_s: float) -> str:
    """The text of a welcome."""
    return to_json({"signal": {"welcome": {"protocol": PROTOCOL, "device": device, "time_s": time_s}}})


def ack(frame: Ack) -> str:
    """The text of an acknowledgement."""
    about: dict[str, Any] = {"seq": frame.seq}
    if frame.refused:
        about["refused"] = [{"seq": seq, "reason": reason} for seq, reason in frame.refused]
    return to_json({"signal": {"ack": about}})


def trouble(frame: Trouble) -> str:
    """The text of a trouble."""
    about = {"code": frame.code, "detail": frame.detail, "retry_after_s": frame.retry_after_s}
    return to_json({"signal": {"trouble": about}})


def command(frame: Command) -> str:
    """The text of a command."""
    return to_json({"data": {frame.name: frame.parameters}, "command": frame.id})


# The two machines.


class ServerSide:
    """What the server makes of an agent's frames. `value` is the JSON, read by whichever reader the server trusts."""

    def __init__(self) -> None:
        self._greeted = False
        self._seq = 0

    def receive(self, value: Any) -> Hello | Rows | Heartbeat:
        """The meaning of a frame.

        Raises:
            ProtocolError: close the connection.
        """
        frame = self._read(value)
        if isinstance(frame, Hello) == self._greeted:
            raise ProtocolError("the first frame, and no other, is a hello")
        self._greeted = True
        return frame

    def _read(self, value: Any) -> Hello | Rows | Heartbeat:
        what, about = _one_signal(value)
        if what == "data":
            return self._read_rows(about)
        if what == "heartbeat":
            return Heartbeat(_number(about, "heartbeat"))
        if what == "agent":
            fields = _object(about, "agent")
            commands = fields.get("commands", True)
            if not isinstance(commands, bool):
                raise ProtocolError("commands is true or false")
            mac = _text(fields.get("macaddress", ""), "macaddress")
            return Hello(_text(fields.get("version"), "version"), _name(fields.get("spool"), "spool"), mac, commands)
        raise ProtocolError("a signal of an agent is agent or heartbeat")

    def _read_rows(self, value: Any) -> Rows:
        if not isinstance(value, list) or not 0 < len(value) <= MAX_ROWS:
            raise ProtocolError(f"data holds 1 to {MAX_ROWS} rows")
        found = []
        for one in value:
            fields = _object(one, "a row")
            seq = _number(fields.get("seq"), "seq")
            if seq <= self._seq:
                raise ProtocolError("numbers only grow")
            self._seq = seq
            found.append(_report(seq, fields["command"]) if "command" in fields else _reading(seq, fields))
        return Rows(tuple(found))


class AgentSide:
    """What the agent makes of the server's frames."""

    def __init__(self) -> None:
        self.device = ""

    def receive(self, text: str) -> Welcome | Ack | Heartbeat | Trouble | Command:
        """The meaning of a frame.

        Raises:
            ProtocolError: close the connection.
        """
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise ProtocolError("not JSON") from None
        frame = self._read(value)
        if isinstance(frame, Welcome):
            self.device = frame.device
        elif not self.device and not isinstance(frame, Trouble):
            raise ProtocolError("the first frame is a welcome")
        return frame

    def _read(self, value: Any) -> Welcome | Ack | Heartbeat | Trouble | Command:
        what, about = _one_signal(value)
        if what == "data":
            return _command(value, about)
        if what == "heartbeat":
            return Heartbeat(_number(about, "heartbeat"))
        fields = _object(about, what)
        if what == "ack":
            return Ack(_number(fields.get("seq"), "seq"), _refused(fields.get("refused", [])))
        if what == "welcome":
            if fields.get("protocol") != PROTOCOL:
                raise ProtocolError(f"the server speaks version {fields.get('protocol')!r} of the protocol")
            time_s = fields.get("time_s")
            known = isinstance(time_s, int | float) and not isinstance(time_s, bool)
            return Welcome(_name(fields.get("device"), "device"), time_s if known else None)
        if what == "trouble":
            wait = fields.get("retry_after_s", 0)
            known = isinstance(wait, int | float) and not isinstance(wait, bool) and wait >= 0
            return Trouble(_text(fields.get("code"), "code"), str(fields.get("detail", "")), wait if known else 0)
        raise ProtocolError("a signal of a server is welcome, ack, heartbeat or trouble")


def _one_signal(value: Any) -> tuple[str, Any]:
    """`data` and what it holds, or the one signal and what it says."""
    fields = _object(value, "a frame")
    if "data" in fields:
        return "data", fields["data"]
    signal = _object(fields.get("signal"), "a frame without data holds a signal, which")
    if len(signal) != 1:
        raise ProtocolError("a frame holds one signal")
    return next(iter(signal.items()))


def _command(value: Any, about: Any) -> Command:
    data = _object(about, "data")
    if len(data) != 1:
        raise ProtocolError("a command has one name")
    name, parameters = next(iter(data.items()))
    return Command(_name(value.get("command"), "command"), name, _object(parameters, "the parameters"))


def _reading(seq: int, fields: dict[str, Any]) -> Reading:
    payload = _object(fields.get("payload"), "payload")
    time, channel, kind = fields.get("devicetimestamp"), fields.get("channel"), fields.get("kind", "telemetry")
    if time is not None:
        _text(time, "devicetimestamp")
    if channel is not None:
        _name(channel, "channel")
    if kind not in KINDS:
        raise ProtocolError("kind is telemetry or agent")
    return Reading(seq, payload, time, channel, kind)


def _report(seq: int, value: Any) -> Report:
    fields = _object(value, "command")
    status, error = fields.get("status"), fields.get("error")
    if status not in STATUSES:
        raise ProtocolError(f"status is one of {', '.join(STATUSES)}")
    if error is not None and not isinstance(error, str):
        raise ProtocolError("error is a text")
    said = error[:MAX_ERROR] if error else None
    return Report(seq, _name(fields.get("id"), "id"), status, fields.get("result"), said, fields.get("progress"))


def _refused(value: Any) -> tuple[tuple[int, str], ...]:
    if not isinstance(value, list):
        raise ProtocolError("refused is a list")
    pairs = [_object(one, "refused") for one in value]
    return tuple((_number(one.get("seq"), "seq"), str(one.get("reason", ""))) for one in pairs)


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProtocolError(f"{what} is an object")
    return value


def _number(value: Any, what: str) -> int:
    if type(value) is not int or not 0 <= value <= MAX_SEQ:
        raise ProtocolError(f"{what} is a number")
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ProtocolError(f"{what} is a text of at most {MAX_TEXT} characters")
    return value


def _name(value: Any, what: str) -> str:
    if not _text(value, what):
        raise ProtocolError(f"{what} is not empty")
    return str(value)
