"""M1 for gRPC: bytes that are no message, messages that say what nothing may accept, and frames that are none.

Every call ends with a status that says whose mistake it was, never INTERNAL or UNKNOWN, and nothing is in the log.
"""

from __future__ import annotations

import base64
import json
import random
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penstock.api.grpc.contract import FOLLOW, HISTORY, SEND, STREAM, UPLOAD, Rpc
from penstock.api.grpc.converting import struct_from
from penstock.api.grpc.descriptors import message_type
from tests.fuzz.conftest import Told
from tests.security.holding import Holding
from tests.security.test_grpc_scopes import NEEDING, good
from tests.support.cases import check_all
from tests.support.grpc_calls import GrpcClient, Reply, client_of, listening, request_of, rpcs
from tests.support.in_process import InProcessServer
from tests.support.server import Org

SEED = 20260502
PATIENCE_S = 30
"""So long may a call last; one that waits for something is ended by it, which is no fault."""
HASTE_S = 0.5
"""The same where nonsense may ask for a stream, or to wait for a message."""
Code = grpc.StatusCode
FAULTS = {Code.INTERNAL, Code.UNKNOWN, Code.DATA_LOSS, Code.UNAVAILABLE}
KINDS = [rpc.full_name for rpc in (SEND, HISTORY, UPLOAD, STREAM, FOLLOW)]
"""A call of each kind: unary, server stream, client stream, both; and the one that goes on by itself."""
ENDLESS = {FOLLOW.full_name}
BIG = b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
TOKENS = [b"\0", b"\xff", b"\x0a", b"\x12", b"\x0a" + BIG, b"\x08" + BIG + b"\x01", b"\x0b" * 200, b"\x0a\x7f", b"\x80" * 12]
TOKENS += [b"\xed\xa0\x80", b"\xc0\x80", struct.pack("<d", float("nan")), struct.pack("<d", float("-inf")), b"\x0a\x00"]


@pytest.fixture(scope="module")
def calls(fuzzed_in_process: InProcessServer, fuzz_org: Org) -> Iterator[GrpcClient]:
    """A client that may do everything."""
    with listening(fuzzed_in_process) as running, client_of(running, fuzz_org) as made:
        yield made


@pytest.fixture(autouse=True)
def no_bugs(fuzzed_in_process: InProcessServer) -> Iterator[None]:
    yield
    assert fuzzed_in_process.bugs == []


def asked(calls: GrpcClient, rpc: Rpc, content: bytes | list[bytes]) -> Reply:
    """The reply to bytes; a call that takes a stream gets them as its only message."""
    sent = content if isinstance(content, list) or not rpc.streams_in else [content]
    reply = calls.call(rpc, sent, deadline_s=HASTE_S if rpc.full_name in ENDLESS or "Next" in rpc.name else PATIENCE_S)
    assert reply.code not in FAULTS, (rpc.full_name, content, reply)
    assert reply.ok or reply.reason or reply.code in (Code.DEADLINE_EXCEEDED, Code.CANCELLED), reply
    return reply


def changed(content: bytes, chance: random.Random) -> bytes:
    """Bytes of a message with a few of them changed."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(4):
            case 0:
                found[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                found[at:at] = chance.choice(TOKENS)
            case 2:
                del found[at : at + chance.randint(1, 8)]
            case _:
                found[at:at] = found[: chance.randint(0, 40)]
    return bytes(found)


def varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def a_field(number: int, kind: int, payload: bytes) -> bytes:
    """A field as it is on the wire: of a kind that need not be the one of the contract."""
    return varint(number << 3 | kind) + (varint(len(payload)) if kind == 2 else b"") + payload


SHAPED = st.recursive(
    st.binary(max_size=24),
    lambda inner: st.lists(
        st.builds(a_field, st.integers(1, 24), st.sampled_from((0, 1, 2, 2, 2, 3, 4, 5, 6)), inner), max_size=4
    ).map(b"".join),
    max_leaves=8,
)
"""Bytes that are fields, so that the parser lets more of them through than of noise."""
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
LONG = settings(QUICK, max_examples=20_000, derandomize=False)


@pytest.fixture(scope="module")
def ask_anything(calls: GrpcClient) -> Callable[[str, bytes], Reply]:
    return lambda name, content: asked(calls, rpcs()[name], content)


@QUICK
@given(name=st.sampled_from(KINDS), content=st.one_of(st.binary(max_size=300), SHAPED))
def test_any_bytes_are_judged_by_each_kind_of_call(ask_anything: Any, name: str, content: bytes) -> None:
    ask_anything(name, content)


@pytest.mark.prove
@LONG
@given(name=st.sampled_from(NEEDING), content=st.one_of(st.binary(max_size=300), SHAPED))
def test_any_bytes_are_judged_by_every_call(ask_anything: Any, name: str, content: bytes) -> None:
    ask_anything(name, content)


def mutate(calls: GrpcClient, unharmed: Holding, each: int, told: Told) -> None:
    chance, met = random.Random(SEED), Counter[Code]()

    def check(name: str) -> None:
        rpc, sent = rpcs()[name], good(name, unharmed)
        content = request_of(rpc, sent[0] if rpc.streams_in else sent)
        for _ in range(each):
            met[asked(calls, rpc, changed(content, chance)).code] += 1

    check_all([name for name in NEEDING if name not in ENDLESS], check)
    told("by code of gRPC", Counter({code.value[0]: count for code, count in met.items()}))


def test_a_few_bytes_of_good_messages_are_changed(calls: GrpcClient, unharmed: Holding, told: Told) -> None:
    mutate(calls, unharmed, 2, told)


@pytest.mark.prove
def test_many_bytes_of_good_messages_are_changed(calls: GrpcClient, unharmed: Holding, told: Told) -> None:
    mutate(calls, unharmed, 50, told)


def test_streams_are_sent_good_and_bad_messages_in_turn(calls: GrpcClient, unharmed: Holding) -> None:
    good_one = request_of(STREAM, good(STREAM.full_name, unharmed)[0])
    chance = random.Random(SEED)
    for rpc in (STREAM, UPLOAD):
        for _ in range(20):
            asked(calls, rpc, [changed(good_one, chance) if chance.random() < 0.3 else good_one for _ in range(6)])
        assert asked(calls, rpc, [good_one, b"\xff\xff"]).code is Code.INVALID_ARGUMENT
        assert asked(calls, rpc, []).ok


# ── messages that are well formed, and say what nothing may accept ──


def fields_below(descriptor: Descriptor, wanted: Callable[[FieldDescriptor], bool], depth: int = 3) -> Iterator[list[str]]:
    """The paths to the fields of a kind: names, one inside the other."""
    for field in descriptor.fields:
        if wanted(field):
            yield [field.name]
        elif field.message_type is not None and depth and not field.message_type.GetOptions().map_entry:
            yield from ([field.name, *rest] for rest in fields_below(field.message_type, wanted, depth - 1))


def put(message: Any, path: list[str], value: Any) -> None:
    """Set a field inside a message."""
    *outer, last = path
    for name in outer:
        message = getattr(message, name)
        message = message.add() if hasattr(message, "add") else message
    if isinstance(value, dict):
        message = getattr(message, last)
        message = message.add() if hasattr(message, "add") else message
        for name, one in value.items():
            setattr(message, name, one)
    elif hasattr(getattr(message, last), "append"):
        getattr(message, last).append(value)
    else:
        setattr(message, last, value)


def is_enum(field: FieldDescriptor) -> bool:
    return field.enum_type is not None and field.enum_type.name != "NullValue"


def is_time(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.full_name == "google.protobuf.Timestamp"


def is_number(field: FieldDescriptor) -> bool:
    return bool(field.type == FieldDescriptor.TYPE_DOUBLE and field.containing_type.full_name != "google.protobuf.Value")


TRAPS: dict[str, tuple[Callable[[FieldDescriptor], bool], list[Any]]] = {
    "an enum without this number": (is_enum, [9999, -1]),
    "a time out of range": (is_time, [{"seconds": 2**62}, {"seconds": -(2**62)}, {"nanos": -1}, {"nanos": 2_000_000_000}]),
    "a number that is none": (is_number, [float("nan"), float("inf"), float("-inf")]),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_no_call_accepts_a_value_without_meaning(trap: str, calls: GrpcClient, unharmed: Holding) -> None:
    wanted, values = TRAPS[trap]
    tried: Counter[str] = Counter()

    def check(name: str) -> None:
        rpc, kind = rpcs()[name], message_type(f"{rpcs()[name].name}Request")
        for path in fields_below(kind.DESCRIPTOR, wanted):
            for value in values:
                sent = good(name, unharmed)
                message = kind.FromString(request_of(rpc, sent[0] if rpc.streams_in else sent))
                put(message, path, value)
                reply = asked(calls, rpc, message.SerializeToString())
                assert refuses(rpc, reply), (path, value, reply)
                tried[trap] += 1

    check_all([name for name in NEEDING if name not in ENDLESS], check)
    assert tried[trap] > 20


def refuses(rpc: Rpc, reply: Reply) -> bool:
    """Whether the caller was told that the message is wrong: by the status, or for a batch in its place."""
    if rpc.full_name == UPLOAD.full_name and reply.ok:
        return bool(reply.message.rejected)
    if rpc.full_name in (SEND.full_name, STREAM.full_name) and reply.ok:
        return bool(reply.message.outcome.rejected or getattr(reply.message, "failure", None))
    return reply.code is Code.INVALID_ARGUMENT


NESTED = {
    "objects": lambda inner: a_field(1, 2, a_field(1, 2, b"a") + a_field(2, 2, a_field(5, 2, inner))),
    "lists": lambda inner: a_field(1, 2, a_field(6, 2, inner)),
}


@pytest.mark.parametrize("kind", NESTED)
@pytest.mark.parametrize("depth", [20, 33, 49, 99, 101, 1_000, 20_000])
def test_values_may_be_nested_only_so_deep(kind: str, depth: int, calls: GrpcClient, unharmed: Holding) -> None:
    found = b""
    for _ in range(depth):
        found = NESTED[kind](found) if len(found) < 60_000 else found
    value = found if kind == "objects" else a_field(1, 2, a_field(1, 2, b"a") + a_field(2, 2, a_field(6, 2, found)))
    reading = a_field(3, 2, unharmed.device_id.encode()) + a_field(1, 2, value)
    reply = asked(calls, SEND, a_field(1, 2, reading))
    if depth > 100:
        assert reply.code is Code.INVALID_ARGUMENT


NUMBERS = [1e15, 2.0**53, 2.0**63, 2.0**64, -(2.0**64), 1e19, 1e300, 1.7976931348623157e308, -1e308, 5e-324, -0.0]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_any_size_are_stored_as_over_http(number: float, calls: GrpcClient, unharmed: Holding) -> None:
    value = struct_from({"v": number})
    columns = {"device_id": unharmed.device_id, "times_us": [1], "values": [{"name": "v", "numbers": [number]}]}
    readings = [{"device_id": unharmed.device_id, "numbers": {"v": number}}, {"device_id": unharmed.device_id, "data": value}]
    for sent in ({"readings": readings[:1]}, {"readings": readings[1:]}, {"columns": [columns]}):
        outcome = calls.call(SEND, sent).message.outcome
        assert outcome.accepted == 1
        page = calls.call(HISTORY, {"device_id": unharmed.device_id, "from_time": {"seconds": 0}, "limit": 100_000})
        found = [one for reply in page.messages for one in reply.readings if one.id and one.seq == outcome.seqs[0]]
        assert [one.data.fields["v"].number_value for one in found] == [number]


def test_a_message_above_the_limit_exhausts_it(fuzzed_in_process: InProcessServer, fuzz_org: Org, unharmed: Holding) -> None:
    batch = {"readings": [{"device_id": unharmed.device_id, "data": struct_from({"text": "x" * 70_000})}]}
    with listening(fuzzed_in_process, max_message_bytes=65_536) as running, client_of(running, fuzz_org) as small:
        for rpc in (SEND, UPLOAD, STREAM, HISTORY):
            sent: Any = batch if rpc is SEND else {"device_id": "x" * 70_000} if rpc is HISTORY else [batch]
            assert small.call(rpc, sent).code is Code.RESOURCE_EXHAUSTED
        assert small.call(HISTORY, {"device_id": unharmed.device_id}).ok


# ── the same calls over HTTP/1.1 ──


def enveloped(content: bytes, flag: int = 0) -> bytes:
    return struct.pack(">BI", flag, len(content)) + content


FRAMES: dict[str, Callable[[bytes], bytes]] = {
    "application/proto": bytes,
    "application/json": bytes,
    "application/connect+proto": enveloped,
    "application/connect+json": enveloped,
    "application/grpc-web+proto": enveloped,
    "application/grpc-web": enveloped,
    "application/grpc-web-text": lambda content: base64.b64encode(enveloped(content)),
    "application/grpc-web+json": enveloped,
}
BAD_CODES = ("internal", "unknown", "data_loss")


def judged(response: httpx.Response, about: object) -> None:
    """A response of any of these protocols says that nothing broke."""
    assert response.status_code < 500 or response.status_code in (501, 503, 504), (about, response.text)
    said = response.content
    if "grpc-web-text" in response.headers.get("content-type", ""):
        said = base64.b64decode(said)
    if b"protocol error" in said.replace(b"%20", b" "):
        return  # what the library calls a frame that is none, as gRPC has no code of its own for it
    for code in (Code.INTERNAL, Code.UNKNOWN):
        assert b"grpc-status: %d\r\n" % code.value[0] not in said.lower(), (about, said)
        assert response.headers.get("grpc-status") != str(code.value[0]), (about, said)
    assert not any(b'"code":"%s"' % code.encode() in said.replace(b" ", b"") for code in BAD_CODES), (about, said)


@pytest.fixture(scope="module")
def post(fuzzed_in_process: InProcessServer, fuzz_org: Org) -> Iterator[Callable[..., None]]:
    with fuzzed_in_process.client(fuzz_org) as web:

        def send(name: str, content_type: str, body: bytes) -> None:
            headers = {
                "content-type": content_type,
                "connect-protocol-version": "1",
                "connect-timeout-ms": "500",
                "grpc-timeout": "500m",
            }
            judged(web.post(name, content=body, headers=headers), (name, content_type, body))

        yield send


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["readings", "deviceId", "data", "numbers", "time", "columns", "cursor", "@type"]), inner
        )
    ),
    max_leaves=10,
)
WEB_BODIES = st.one_of(st.binary(max_size=200), SHAPED, JSON_VALUES.map(lambda value: json.dumps(value).encode()))


@QUICK
@given(name=st.sampled_from(KINDS), content_type=st.sampled_from([*FRAMES]), framed=st.booleans(), content=WEB_BODIES)
def test_any_body_is_judged_by_the_protocols_of_pages(
    post: Any, name: str, content_type: str, framed: bool, content: bytes
) -> None:
    post(name, content_type, FRAMES[content_type](content) if framed else content)


@pytest.mark.prove
@LONG
@given(name=st.sampled_from(NEEDING), content_type=st.sampled_from([*FRAMES]), framed=st.booleans(), content=WEB_BODIES)
def test_any_body_is_judged_by_every_call_of_pages(post: Any, name: str, content_type: str, framed: bool, content: bytes) -> None:
    post(name, content_type, FRAMES[content_type](content) if framed else content)


ODD_FRAMES = {
    "cut": enveloped(b"x" * 50)[:20],
    "longer than there is": struct.pack(">BI", 0, 2**31) + b"x",
    "all lengths set": b"\0\xff\xff\xff\xff",
    "compressed, and is not": enveloped(b"{}", 1),
    "of an unknown kind": enveloped(b"{}", 0x40),
    "the end": enveloped(b"{}", 2),
    "trailers": enveloped(b"grpc-status: 0\r\n", 0x80),
    "twice": enveloped(b"") * 2,
    "nothing": b"",
    "no base64": b"!!!!",
}


@pytest.mark.parametrize("content_type", FRAMES)
def test_frames_that_are_none_are_refused(post: Any, content_type: str) -> None:
    check_all(ODD_FRAMES, lambda frame: [post(name, content_type, ODD_FRAMES[frame]) for name in KINDS])


def test_json_traps_are_refused_by_connect(fuzzed_in_process: InProcessServer, fuzz_org: Org, unharmed: Holding) -> None:
    reading = '{"readings":[{"deviceId":"%s","data":{"v":%s}}]}'
    deep = {depth: '{"a":' * depth + "1" + "}" * depth for depth in (20, 90, 150, 5_000, 100_000)}
    values = [*deep.values(), "NaN", "1e400", "9" * 5000, '"\\ud800"', '"\\u0000"', "[" * 100_000, '{"a":1,"a":2}']
    with fuzzed_in_process.client(fuzz_org) as web:
        for value in values:
            response = web.post(
                SEND.full_name, content=reading % (unharmed.device_id, value), headers={"content-type": "application/json"}
            )
            judged(response, value[:50])


def test_connect_takes_reads_as_get_and_judges_what_it_is_asked(
    fuzzed_in_process: InProcessServer, fuzz_org: Org, unharmed: Holding
) -> None:
    name = next(one for one, rpc in rpcs().items() if rpc.name == "GetDevice")
    message = base64.urlsafe_b64encode(request_of(rpcs()[name], {"device_id": unharmed.device_id})).decode()
    with fuzzed_in_process.client(fuzz_org) as web:
        good_one = {"connect": "v1", "encoding": "proto", "base64": "1", "message": message}
        assert web.get(name, params=good_one).status_code == 200
        for change in (
            {"message": "!!!"},
            {"message": "_____w"},
            {"base64": "7"},
            {"encoding": "xml"},
            {"encoding": "json"},
            {"compression": "nonsense"},
            {"compression": "gzip"},
            {"connect": "v9"},
            {"message": "😀"},
        ):
            response = web.get(name, params=good_one | change)
            judged(response, change)
        judged(web.get(name), "nothing")
        for method in ("PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"):
            judged(web.request(method, name), method)
