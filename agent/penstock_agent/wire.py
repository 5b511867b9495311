"""The agent protocol, version 1: text frames of JSON over a WebSocket, without I/O. Both sides use this file.

Theory of operation. The agent keeps its rows in a spool, numbered from 1 upwards, and sends them in that order: readings, and
reports of commands. The server acknowledges the highest number up to which everything is on disk, and the agent removes these
rows. After a reconnect the agent continues after the last acknowledgement; the server recognises repeated rows by the spool's
name and the number. So nothing is lost or duplicated, whichever side crashes.

Commands are sent to the agent with an id. The agent records the id before it starts, and never starts an id twice.

The vocabulary is that of the local SDK socket: a frame is `{"data": …}` or `{"signal": …}`.

Agent to server:
    {"signal": {"agent": {"version": "1.0.0", "spool": "9f…", "macaddress": "02:…", "commands": true}}}      first
    {"data": [{"seq": 1, "devicetimestamp": "2026-05-02T09:15:04.120Z", "payload": {…}, "channel": "c", "kind": "agent"},
              {"seq": 2, "command": {"id": "cmd_…", "status": "done", "result": …}}]}
    {"signal": {"heartbeat": 7}}
Server to agent:
    {"signal": {"welcome": {"protocol": 1, "device": "dev_…", "time_s": 1776146400.25}}}                      first
    {"signal": {"ack": {"seq": 2, "refused": [{"seq": 1, "reason": "…"}]}}}
    {"signal": {"heartbeat": 7}}                                                                             a response
    {"signal": {"trouble": {"code": "limits.monthly_readings", "detail": "…", "retry_after_s": 3600}}}      then it closes
    {"data": {"set_interval": {"seconds": 30}}, "command": "cmd_…"}

Source: Penstock's own; the vendor's own frames are not public (surfaces/iottly.md, 9).
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
"""The size of a message that the server accepts."""
MAX_PAYLOAD_BYTES = 32_768
"""The size of one reading's payload, or of a command's report, as JSON: half a frame, so that every row fits into one."""
MAX_ROWS = 500
MAX_ROWS_BYTES = MAX_FRAME_BYTES - 32 * (MAX_ROWS + 1)
"""The size of one frame's rows in the spool: a row's number and its framing take less than 32 bytes each."""
MAX_SEQ = 2**63 - 1
MAX_TEXT = 200
"""Characters of a name, an id or a channel."""
MAX_ERROR = 2_000
KINDS = ("telemetry", "agent")
STATUSES = ("received", "done", "failed")

CLOSE_PROTOCOL, CLOSE_STOPPING, CLOSE_LATER = 1002, 1012, 1013
CLOSE_CREDENTIAL, CLOSE_PAUSED, CLOSE_REPLACED = 4401, 4403, 4409


class ProtocolError(ValueError):
    """A frame that the protocol does not define, or does not allow at this point."""


@dataclass(frozen=True)
class Hello:
    """The agent's introduction. `spool` names the series of its numbers; without `commands` it receives none."""

    version: str
    spool: str
    macaddress: str = ""
    commands: bool = True


@dataclass(frozen=True)
class Reading:
    """A reading. `time` is RFC 3339, or None for the time of arrival.

    The server reads whatever was sent as a time, so that one that cannot be read affects only its own row.
    """

    seq: int
    payload: dict[str, Any]
    time: Any = None
    channel: str | None = None
    kind: str = "telemetry"


@dataclass(frozen=True)
class Report:
    """The outcome of a command. `received` can be repeated, each time with other progress."""

    seq: int
    id: str
    status: str
    result: Any = None
    error: str | None = None
    progress: Any = None


@dataclass(frozen=True)
class Rows:
    """Part of the spool, in order."""

    rows: tuple[Reading | Report, ...]


@dataclass(frozen=True)
class Heartbeat:
    """A keep-alive frame, or its response."""

    number: int


@dataclass(frozen=True)
class Welcome:
    """The agent is admitted as this device. `time_s` is the server's clock, seconds since 1970; older servers do not send it."""

    device: str
    time_s: float | None = None


@dataclass(frozen=True)
class Ack:
    """Everything up to `seq` is handled; the rows in `refused` will never be stored, each with its reason."""

    seq: int
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class CloseReason:
    """Why the server closes the connection. `retry_after_s` is how long the agent should wait before it reconnects."""

    code: str
    detail: str
    retry_after_s: float = 0


@dataclass(frozen=True)
class Command:
    """A command for the device."""

    id: str
    name: str
    parameters: dict[str, Any]


# Encoding of frames.


def to_json(value: Any) -> str:
    """Encode a value as JSON that the other side can decode.

    Raises:
        ValueError: it contains a lone surrogate, NaN or infinity, a cycle or too many levels, or a type that JSON does not
        have.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        # Only this finds lone surrogates: with `ensure_ascii=False`, `dumps` leaves them in the text.
        text.encode()
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return text


def hello(frame: Hello) -> str:
    """Encode a hello."""
    about = {"version": frame.version, "spool": frame.spool, "macaddress": frame.macaddress, "commands": frame.commands}
    return to_json({"signal": {"agent": about}})


def reading_body(payload: dict[str, Any], time: str | None, channel: str | None = None, kind: str = "telemetry") -> str:
    """Encode a reading for the spool, without its number.

    Raises:
        ValueError: it cannot be encoded as JSON, or is larger than a payload may be.
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
    """Encode a command's report for the spool.

    Raises:
        ValueError: it cannot be encoded as JSON, or is too large.
    """
    fields = {"id": command_id, "status": status, "result": result, "error": error, "progress": progress}
    return _bounded(to_json({"command": {name: value for name, value in fields.items() if value is not None}}))


def _bounded(text: str) -> str:
    if len(text.encode()) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"is larger than {MAX_PAYLOAD_BYTES} bytes")
    return text


def row(seq: int, body: str) -> str:
    """Encode a row of the spool with its number."""
    # The number is spliced in after the opening brace, so that stored rows need not be decoded to be sent.
    return f'{{"seq":{seq},{body[1:]}'


def rows(texts: Sequence[str]) -> str:
    """Encode a frame of encoded rows."""
    return f'{{"data":[{",".join(texts)}]}}'


def heartbeat(number: int) -> str:
    """Encode a heartbeat."""
    return f'{{"signal":{{"heartbeat":{number}}}}}'


def welcome(device: str, time_s: float) -> str:
    """Encode a welcome."""
    return to_json({"signal": {"welcome": {"protocol": PROTOCOL, "device": device, "time_s": time_s}}})


def ack(frame: Ack) -> str:
    """Encode an acknowledgement."""
    about: dict[str, Any] = {"seq": frame.seq}
    if frame.refused:
        about["refused"] = [{"seq": seq, "reason": reason} for seq, reason in frame.refused]
    return to_json({"signal": {"ack": about}})


def close_reason(frame: CloseReason) -> str:
    """Encode the reason for closing."""
    about = {"code": frame.code, "detail": frame.detail, "retry_after_s": frame.retry_after_s}
    return to_json({"signal": {"trouble": about}})


def command(frame: Command) -> str:
    """Encode a command."""
    return to_json({"data": {frame.name: frame.parameters}, "command": frame.id})


# Decoding of frames.


class ServerSide:
    """Decodes an agent's frames. `value` is the JSON, decoded by a parser that the server trusts."""

    def __init__(self) -> None:
        self._hello_received = False
        self._seq = 0

    def receive(self, value: Any) -> Hello | Rows | Heartbeat:
        """Decode a frame.

        Raises:
            ProtocolError: close the connection.
        """
        frame = self._read(value)
        if isinstance(frame, Hello) == self._hello_received:
            raise ProtocolError("hello must be the first frame and must not be repeated")
        self._hello_received = True
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
                raise ProtocolError("commands must be true or false")
            mac = _text(fields.get("macaddress", ""), "macaddress")
            return Hello(_text(fields.get("version"), "version"), _name(fields.get("spool"), "spool"), mac, commands)
        raise ProtocolError("an agent's signal must be agent or heartbeat")

    def _read_rows(self, value: Any) -> Rows:
        if not isinstance(value, list) or not 0 < len(value) <= MAX_ROWS:
            raise ProtocolError(f"data must have 1 to {MAX_ROWS} rows")
        found = []
        for one in value:
            fields = _object(one, "a row")
            seq = _number(fields.get("seq"), "seq")
            # Gaps are allowed, because a full spool drops its oldest readings.
            if seq <= self._seq:
                raise ProtocolError("row numbers must increase")
            self._seq = seq
            found.append(_report(seq, fields["command"]) if "command" in fields else _reading(seq, fields))
        return Rows(tuple(found))


class AgentSide:
    """Decodes the server's frames."""

    def __init__(self) -> None:
        self.device = ""

    def receive(self, text: str) -> Welcome | Ack | Heartbeat | CloseReason | Command:
        """Decode a frame.

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
        # A server that does not admit the agent sends its reason instead of a welcome.
        elif not self.device and not isinstance(frame, CloseReason):
            raise ProtocolError("the first frame must be a welcome")
        return frame

    def _read(self, value: Any) -> Welcome | Ack | Heartbeat | CloseReason | Command:
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
                raise ProtocolError(f"version {fields.get('protocol')!r} of the protocol is not supported")
            time_s = fields.get("time_s")
            known = isinstance(time_s, (int, float)) and not isinstance(time_s, bool)
            return Welcome(_name(fields.get("device"), "device"), time_s if known else None)
        if what == "trouble":
            wait = fields.get("retry_after_s", 0)
            known = isinstance(wait, (int, float)) and not isinstance(wait, bool) and wait >= 0
            return CloseReason(_text(fields.get("code"), "code"), str(fields.get("detail", "")), wait if known else 0)
        raise ProtocolError("a server's signal must be welcome, ack, heartbeat or trouble")


def _one_signal(value: Any) -> tuple[str, Any]:
    """`data` and its value, or the one signal and its value."""
    fields = _object(value, "a frame")
    if "data" in fields:
        return "data", fields["data"]
    signal = _object(fields.get("signal"), "signal")
    if len(signal) != 1:
        raise ProtocolError("a frame must have exactly one signal")
    return next(iter(signal.items()))


def _command(value: Any, about: Any) -> Command:
    data = _object(about, "data")
    if len(data) != 1:
        raise ProtocolError("a command must have exactly one name")
    name, parameters = next(iter(data.items()))
    return Command(_name(value.get("command"), "command"), name, _object(parameters, "the parameters"))


def _reading(seq: int, fields: dict[str, Any]) -> Reading:
    payload = _object(fields.get("payload"), "payload")
    time, channel, kind = fields.get("devicetimestamp"), fields.get("channel"), fields.get("kind", "telemetry")
    if channel is not None:
        _name(channel, "channel")
    if kind not in KINDS:
        raise ProtocolError("kind must be telemetry or agent")
    return Reading(seq, payload, time, channel, kind)


def _report(seq: int, value: Any) -> Report:
    fields = _object(value, "command")
    status, error = fields.get("status"), fields.get("error")
    if status not in STATUSES:
        raise ProtocolError(f"status must be one of {', '.join(STATUSES)}")
    if error is not None and not isinstance(error, str):
        raise ProtocolError("error must be a string")
    # Truncated and not rejected: the agent would send a rejected frame again at each connection.
    message = error[:MAX_ERROR] if error else None
    return Report(seq, _name(fields.get("id"), "id"), status, fields.get("result"), message, fields.get("progress"))


def _refused(value: Any) -> tuple[tuple[int, str], ...]:
    if not isinstance(value, list):
        raise ProtocolError("refused must be a list")
    pairs = [_object(one, "refused") for one in value]
    return tuple((_number(one.get("seq"), "seq"), str(one.get("reason", ""))) for one in pairs)


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProtocolError(f"{what} must be an object")
    return value


def _number(value: Any, what: str) -> int:
    # The exact type, because a bool is an int as well.
    if type(value) is not int or not 0 <= value <= MAX_SEQ:
        raise ProtocolError(f"{what} is a number")
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ProtocolError(f"{what} must be a string of at most {MAX_TEXT} characters")
    return value


def _name(value: Any, what: str) -> str:
    if not _text(value, what):
        raise ProtocolError(f"{what} must not be empty")
    return str(value)
