"""Generated clients of gRPC in two languages, made from the files of the contract as their users make them.

A statement of a test is made through each: `api("DevicesService.GetDevice", device_id=…)` takes the fields of the request as
JSON and returns the message of the response. Python's client is grpcio's. TypeScript's is that of protoc-gen-es and connect-node,
in a process of its own, which speaks gRPC over HTTP/2, gRPC-Web, or the Connect protocol over HTTP/1.1. Its packages come from
`make tools` (`tests/e2e/grpc/typescript/package-lock.json`). Where they, or node, are missing, the tests skip.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import json
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import google.rpc
import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc_status import rpc_status
from grpc_tools import protoc

import penstock
from tests.support.waiting import CEILING_S

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "proto"
TYPESCRIPT = ROOT / "tests" / "e2e" / "grpc" / "typescript"
PACKAGES = Path(sys.executable).parent.parent / "grpc-typescript" / "node_modules"


@dataclass
class Refused(Exception):  # it is the answer that a test expects
    """A call that ended with another status than OK."""

    code: str
    text: str
    reason: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    retry_after_s: int = 0
    metadata: dict[str, str] = field(default_factory=dict)


class Running(Protocol):
    """A call under way whose messages are read one by one."""

    def __iter__(self) -> Iterator[Message]:
        """The messages.

        Raises:
            Refused: the call ended with another status than OK.
        """

    def cancel(self) -> None:
        """Leave it."""


class Client(Protocol):
    """A generated client. `metadata` of the last call that ended is what it was answered with besides messages."""

    metadata: dict[str, str]

    def start(
        self, method: MethodDescriptor, requests: Sequence[Message], headers: Mapping[str, str], timeout_s: float
    ) -> Running:
        """Begin a call. One that takes a single message is given one."""


class Api:
    """A client with the headers of a caller."""

    def __init__(self, client: Client, headers: Mapping[str, str]) -> None:
        self.client = client
        self.headers = dict(headers)

    def with_headers(self, headers: Mapping[str, str]) -> Api:
        return Api(self.client, headers)

    def __call__(self, name: str, /, **fields: Any) -> Any:
        """The response of a call with one.

        Raises:
            Refused.
        """
        return self.many(name, fields)[0]

    def many(self, name: str, *requests: Mapping[str, Any]) -> list[Any]:
        """All responses of a call.

        Raises:
            Refused.
        """
        return list(self.start(name, *requests))

    def start(self, name: str, *requests: Mapping[str, Any], timeout_s: float = CEILING_S) -> Running:
        """A call under way."""
        method = described(name)
        made = [message_of(method, one) for one in requests]
        return self.client.start(method, made, self.headers, timeout_s)

    def refusal(self, name: str, /, **fields: Any) -> Refused:
        """How a call is refused, which it must be."""
        with pytest.raises(Refused) as caught:
            self(name, **fields)
        return caught.value


def message_of(method: MethodDescriptor, fields: Mapping[str, Any]) -> Message:
    """The request with these fields, in the JSON of Protocol Buffers."""
    return cast(Message, ParseDict(dict(fields), GetMessageClass(method.input_type)()))


@functools.cache
def described(name: str) -> MethodDescriptor:
    """A method by a name such as `DevicesService.GetDevice`, from the generated code."""
    service, _, method = name.partition(".")
    found: ServiceDescriptor = generated_module(service, "pb2").DESCRIPTOR.services_by_name[service]
    return found.methods_by_name[method]


def _files() -> list[str]:
    return sorted(str(file.relative_to(CONTRACT)) for file in CONTRACT.rglob("*.proto"))


def _include(module: Any) -> str:
    """The folder with the `.proto` files of a package that is installed."""
    return str(Path(next(iter(module.__path__))).parents[1])


# ── Python ──


@contextmanager
def generated_python(folder: Path) -> Iterator[None]:
    """Write the client of Python, and let it be imported.

    The package of the contract is `penstock.v1`, and `penstock` is the server's own in this process; in others it is no package.
    """
    folder.mkdir()
    wanted = ["protoc", f"-I{CONTRACT}", f"-I{Path(protoc.__file__).parent / '_proto'}"]
    assert protoc.main([*wanted, f"--python_out={folder}", f"--grpc_python_out={folder}", *_files()]) == 0
    place = str(folder / "penstock")
    penstock.__path__.append(place)
    try:
        yield
    finally:
        penstock.__path__.remove(place)


def generated_module(service: str, kind: str) -> Any:
    """The generated module with a service: `pb2` has its messages, `pb2_grpc` its client."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", service.removesuffix("Service")).lower()
    return importlib.import_module(f"penstock.v1.{name}_{kind}")


class PythonClient:
    """grpcio's client with the generated stubs."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._channel = channel
        self.metadata: dict[str, str] = {}

    def start(
        self, method: MethodDescriptor, requests: Sequence[Message], headers: Mapping[str, str], timeout_s: float
    ) -> Running:
        service = method.containing_service.name
        stub = getattr(generated_module(service, "pb2_grpc"), f"{service}Stub")(self._channel)
        given = [(name.lower(), value) for name, value in headers.items()]
        ask = getattr(stub, method.name)
        request = iter(requests) if method.client_streaming else requests[0]
        call = ask(request, metadata=given, timeout=timeout_s) if method.server_streaming else None
        return _PythonCall(self, call or ask.future(request, metadata=given, timeout=timeout_s), method.server_streaming)


class _PythonCall:
    def __init__(self, client: PythonClient, call: Any, is_stream: bool) -> None:
        self._client = client
        self._call = call
        self._is_stream = is_stream

    def __iter__(self) -> Iterator[Message]:
        try:
            if self._is_stream:
                yield from self._call
            else:
                yield self._call.result()
        except grpc.RpcError as error:
            raise _refusal(error) from None
        self._client.metadata = dict(self._call.trailing_metadata() or ())

    def cancel(self) -> None:
        self._call.cancel()


def _refusal(error: Any) -> Refused:
    metadata = {one.key: one.value for one in error.trailing_metadata() or ()}
    refused = Refused(error.code().name, error.details() or "", metadata=metadata)
    status = rpc_status.from_call(error)
    for detail in status.details if status is not None else ():
        if detail.Is(ErrorInfo.DESCRIPTOR):
            refused.reason = ErrorInfo.FromString(detail.value).reason
        elif detail.Is(BadRequest.DESCRIPTOR):
            violations = BadRequest.FromString(detail.value).field_violations
            refused.fields = {one.field: one.description for one in violations}
        elif detail.Is(RetryInfo.DESCRIPTOR):
            refused.retry_after_s = RetryInfo.FromString(detail.value).retry_delay.seconds
    return refused


@contextmanager
def python_client(target: str, authority: bytes | None = None) -> Iterator[PythonClient]:
    """A client of a server at `host:port`; over TLS if it is to trust an authority."""
    channel = (
        grpc.insecure_channel(target)
        if authority is None
        else grpc.secure_channel(target, grpc.ssl_channel_credentials(root_certificates=authority))
    )
    with channel:
        yield PythonClient(channel)


# ── TypeScript ──


def require_typescript() -> str:
    """The program node; skips the test where it, or a package of the client, is missing."""
    node = shutil.which("node")
    if node is None or not (PACKAGES / "@connectrpc" / "connect-node").is_dir():
        pytest.skip("there is no node, or no client of TypeScript: `make tools`")
    return node


def generate_typescript(folder: Path) -> None:
    """Write the client of TypeScript into a folder with its packages and the program that makes calls."""
    require_typescript()
    out = folder / "generated"
    out.mkdir(parents=True)
    (folder / "node_modules").symlink_to(PACKAGES)
    for name in ("package.json", "driver.js"):
        shutil.copy(TYPESCRIPT / name, folder)
    rpc = _include(google.rpc)
    wanted = ["protoc", f"-I{CONTRACT}", f"-I{Path(protoc.__file__).parent / '_proto'}", f"-I{rpc}"]
    plugin = f"--plugin=protoc-gen-es={PACKAGES / '.bin' / 'protoc-gen-es'}"
    options = [plugin, f"--es_out={out}", "--es_opt=target=js+dts,import_extension=js"]
    assert protoc.main([*wanted, *options, "google/rpc/error_details.proto", *_files()]) == 0


class TypeScriptClient:
    """The generated client of TypeScript, in a process that makes the calls it is given."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._ids = itertools.count(1)
        self._heard: dict[int, queue.Queue[dict[str, Any]]] = {}
        self.metadata: dict[str, str] = {}
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ready"] > 0
        threading.Thread(target=self._listen, daemon=True).start()

    def start(
        self, method: MethodDescriptor, requests: Sequence[Message], headers: Mapping[str, str], timeout_s: float
    ) -> Running:
        ident = next(self._ids)
        self._heard[ident] = queue.Queue()
        asked = {
            "id": ident,
            "service": method.containing_service.name,
            "method": method.name,
            "requests": [MessageToDict(one) for one in requests],
            "headers": dict(headers),
            "timeout": round(timeout_s * 1000),
        }
        self.write(asked)
        return _TypeScriptCall(self, ident, method)

    def write(self, asked: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()

    def next(self, ident: int) -> dict[str, Any]:
        """The next that happens to a call."""
        return self._heard[ident].get(timeout=CEILING_S)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self._heard[said["id"]].put(said)


class _TypeScriptCall:
    def __init__(self, client: TypeScriptClient, ident: int, method: MethodDescriptor) -> None:
        self._client = client
        self._ident = ident
        self._response = GetMessageClass(method.output_type)

    def __iter__(self) -> Iterator[Message]:
        while "end" not in (said := self._client.next(self._ident)):
            if "failed" in said:
                code = re.sub(r"(?<!^)(?=[A-Z])", "_", said["failed"]).upper().replace("CANCELED", "CANCELLED")
                metadata = said["headers"] | said["trailers"]
                raise Refused(code, said["message_text"], said["reason"], said["fields"], said["retry"], metadata)
            yield ParseDict(said["message"], self._response())
        self._client.metadata = said["headers"] | said["trailers"]

    def cancel(self) -> None:
        self._client.write({"cancel": self._ident})


@contextmanager
def typescript_client(
    folder: Path, protocol: str, base_url: str, *, form: str = "", authority: bytes | None = None
) -> Iterator[TypeScriptClient]:
    """The client in a folder, by `grpc`, `web` or `connect`; this with the form `json`, or `get` for calls that only read."""
    process = subprocess.Popen(
        [require_typescript(), "driver.js", protocol, base_url, form],
        cwd=folder,
        env={"CA": authority.decode() if authority else ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield TypeScriptClient(process)
        finally:
            process.kill()


def run_typescript(folder: Path, name: str, variables: Mapping[str, str]) -> str:
    """What a program beside the client prints until its end, which must be a good one."""
    command = [require_typescript(), name]
    done = subprocess.run(
        command, cwd=folder, env=dict(variables), capture_output=True, text=True, timeout=CEILING_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
