"""Writes the contract: `proto/penstock/v1/*.proto`, one file a noun, and `contract.binpb`, which has the same as descriptors.

Numbers of fields and of values are those that the contract has already; new ones follow, and those of what was removed stay
reserved. `buf` compiles the descriptors. Source: protobuf.dev, language guide (proto 3); buf's style guide and lint rules
STANDARD and COMMENTS.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from google.protobuf import descriptor_pb2

from clients.generator.buf import buf, told
from penstock.api.grpc.contract import DECLARED, PACKAGE, Rpc, message_base, rpcs_of
from penstock.api.grpc.contract import tag_of as tag_of_service
from penstock.api.grpc.descriptors import BINARY
from penstock.api.grpc.shapes import (
    Choice,
    Field,
    Kind,
    Many,
    Mapped,
    OneOf,
    Plain,
    Record,
    Shape,
    Single,
    fields_of,
    proto_name,
    snake,
    struct_of,
    tag_of,
    value_name,
    words_about,
)
from penstock.api.shared.openapi.words import TAGS
from penstock.bootstrap.mcp import native_operations
from penstock.ingress.http.commands import DeviceCommands
from penstock.kit.operation import Operation, operations_in

FOLDER = "penstock/v1"
COMMON = "common"
LINE = 120
_IMPORTS = {
    Kind.TIME: "google/protobuf/timestamp.proto",
    Kind.OBJECT: "google/protobuf/struct.proto",
    Kind.VALUE: "google/protobuf/struct.proto",
    Kind.MASK: "google/protobuf/field_mask.proto",
}
_RESERVED_BY_PROTOBUF = range(19_000, 20_000)
_ENDINGS = ("Create", "Patch", "Write", "Set", "Shown", "Preview", "Request")


class Numbers(msgspec.Struct):
    """The numbers that names have in a message or an enum, and those that are not used again."""

    of: dict[str, int] = {}
    reserved: set[int] = set()
    reserved_names: set[str] = set()


class Known:
    """What the contract has: read from its descriptors."""

    def __init__(self, binary: bytes) -> None:
        self._numbers: dict[str, Numbers] = {}
        found = descriptor_pb2.FileDescriptorSet.FromString(binary)
        for file in found.file:
            if file.package == PACKAGE:
                for message in file.message_type:
                    self._read(message)

    def _read(self, message: descriptor_pb2.DescriptorProto) -> None:
        reserved = {number for one in message.reserved_range for number in range(one.start, one.end)}
        self._numbers[message.name] = Numbers(
            {field.name: field.number for field in message.field}, reserved, set(message.reserved_name)
        )
        for enum in message.enum_type:
            taken = {number for one in enum.reserved_range for number in range(one.start, one.end + 1)}
            self._numbers[f"{message.name}.{enum.name}"] = Numbers(
                {value.name: value.number for value in enum.value}, taken, set(enum.reserved_name)
            )

    def assign(self, owner: str, names: Sequence[str], first: int = 1) -> Numbers:
        """The numbers of names in a message or an enum: the known ones, and for the others those that follow."""
        known = self._numbers.get(owner, Numbers())
        removed = known.of.keys() - set(names)
        reserved = known.reserved | {known.of[name] for name in removed}
        out: dict[str, int] = {}
        following = max([first - 1, *known.of.values(), *reserved]) + 1
        for name in names:
            number = known.of.get(name)
            if number is None:
                number = following
                following += 1
                if number in _RESERVED_BY_PROTOBUF:
                    raise ValueError(f"{owner} has too many fields")
            out[name] = number
        return Numbers(out, reserved, (known.reserved_names | removed) - set(names))


class Contract:
    """The files of the contract, from its calls."""

    def __init__(self, rpcs: Sequence[Rpc], known: Known) -> None:
        self._rpcs = rpcs
        self._known = known
        self._users: dict[Record | OneOf, set[str]] = defaultdict(set)
        self._owners: dict[OneOf, set[tuple[str, str]]] = defaultdict(set)
        for rpc in rpcs:
            for field in (*rpc.request, *rpc.response):
                self._use(field, rpc.service, rpc.name)
        self._names = self._named()

    def files(self) -> dict[str, str]:
        """The texts of the files, by their paths."""
        services: dict[str, list[Rpc]] = defaultdict(list)
        for rpc in self._rpcs:
            services[rpc.service].append(rpc)
        texts = {self._path(service): self._file(service, rpcs) for service, rpcs in services.items()}
        shared = [one for one, users in self._users.items() if len(users) > 1]
        texts[f"{FOLDER}/{COMMON}.proto"] = self._common(shared)
        return dict(sorted(texts.items()))

    # ── which messages there are ──

    def _use(self, field: Field, service: str, owner: str) -> None:
        shape = _single(field.shape)
        if not isinstance(shape, Record | OneOf):
            return
        if isinstance(shape, OneOf):
            self._owners[shape].add((owner, field.name))
        if service in self._users[shape]:
            return
        self._users[shape].add(service)
        if isinstance(shape, Record):
            for inner in fields_of(shape):
                self._use(inner, service, message_base(shape))
        else:
            for member in shape.members:
                self._use(Field(json_name="", name="", shape=member), service, "")

    def _named(self) -> dict[Record | OneOf, str]:
        of_base: dict[str, list[Record]] = defaultdict(list)
        for one in self._users:
            if isinstance(one, Record):
                of_base[message_base(one)].append(one)
        names: dict[Record | OneOf, str] = {}
        taken = {f"{rpc.name}{end}" for rpc in self._rpcs for end in ("Request", "Response")}
        for base, records in of_base.items():
            for record in records:
                alone = len(records) == 1 and base not in taken
                names[record] = base if alone else f"{_noun(record)}{base}"
        taken |= set(names.values())
        if len(taken) < len(names) + 2 * len(self._rpcs):
            raise ValueError("two messages have the same name")
        for one in sorted(self._owners, key=lambda one: min(self._owners[one])):
            names[one] = self._union_name(one, taken)
            taken.add(names[one])
        return names

    def _union_name(self, one: OneOf, taken: set[str]) -> str:
        candidates = sorted(
            ((short(owner) if owner else "") + _camel(field) for owner, field in self._owners[one]),
            key=lambda name: (len(name), name),
        )
        full = sorted(owner + _camel(field) for owner, field in self._owners[one])
        return next(name for name in (*candidates, *full, *(f"{name}Kind" for name in full)) if name not in taken)

    # ── files ──

    def _path(self, service: str) -> str:
        return f"{FOLDER}/{snake(service.removesuffix('Service'))}.proto"

    def _place(self, one: Record | OneOf) -> str:
        users = self._users[one]
        return f"{FOLDER}/{COMMON}.proto" if len(users) > 1 else self._path(next(iter(users)))

    def _file(self, service: str, rpcs: Sequence[Rpc]) -> str:
        tag = tag_of_service(service)
        own = [one for one, users in self._users.items() if users == {service}]
        parts = [self._service(service, TAGS[tag], rpcs)]
        for rpc in rpcs:
            parts.append(self._message(f"{rpc.name}Request", f"What `{rpc.name}` takes.", rpc.request))
            parts.append(self._message(f"{rpc.name}Response", f"What `{rpc.name}` answers.", rpc.response))
        parts += self._messages(own)
        fields = [field for rpc in rpcs for field in (*rpc.request, *rpc.response)]
        return self._whole(self._path(service), f"{TAGS[tag]}", parts, fields, own)

    def _common(self, shared: Sequence[Record | OneOf]) -> str:
        path = f"{FOLDER}/{COMMON}.proto"
        return self._whole(path, "What several services have in common.", self._messages(shared), [], shared)

    def _whole(
        self, path: str, about: str, parts: Sequence[str], fields: Sequence[Field], messages: Sequence[Record | OneOf]
    ) -> str:
        every = [*fields, *(field for one in messages for field in _fields(one))]
        imports = sorted({needed for field in every for needed in self._needed(field)} - {path})
        head = [
            _comment(f"{about}\n\nWritten by `make clients` from the operations of the native API."),
            'syntax = "proto3";\n',
            f"package {PACKAGE};\n",
        ]
        if imports:
            head.append("\n".join(f'import "{name}";' for name in imports) + "\n")
        head.append('option go_package = "penstock/v1;penstockv1";\n')
        return "\n".join([head[0] + "\n", *head[1:], *parts]).rstrip("\n") + "\n"

    def _needed(self, field: Field) -> Iterable[str]:
        shape = _single(field.shape)
        if isinstance(shape, Plain) and shape.kind in _IMPORTS:
            yield _IMPORTS[shape.kind]
        if isinstance(shape, Record | OneOf):
            yield self._place(shape)

    def _service(self, name: str, about: str, rpcs: Sequence[Rpc]) -> str:
        lines = [_comment(about), f"service {name} {{"]
        for rpc in rpcs:
            into, out = ("stream " if flag else "" for flag in (rpc.streams_in, rpc.streams_out))
            head = f"rpc {rpc.name}({into}{rpc.name}Request) returns ({out}{rpc.name}Response)"
            lines.append(textwrap.indent(_comment(rpc.about, LINE - 2), "  "))
            lines.append(f"  {head} {{\n    option idempotency_level = NO_SIDE_EFFECTS;\n  }}" if rpc.reads else f"  {head};")
        return "\n".join([*lines, "}\n"])

    # ── messages ──

    def _messages(self, found: Iterable[Record | OneOf]) -> list[str]:
        parts = []
        for one in sorted(found, key=lambda one: self._names[one]):
            name = self._names[one]
            if isinstance(one, Record):
                parts.append(self._message(name, words_about(struct_of(one)) or f"A {name}.", fields_of(one)))
            else:
                parts.append(self._union(name, one))
        return parts

    def _message(self, name: str, about: str, fields: Sequence[Field]) -> str:
        numbers = self._known.assign(name, [field.name for field in fields])
        lines = [_comment(about), f"message {name} {{", *_reserved(numbers)]
        for field in fields:
            shape = _single(field.shape)
            if isinstance(shape, Choice):
                lines += self._enum(name, _camel(field.name), shape)
        for field in fields:
            lines += _about_field(field)
            lines.append(f"  {self._type(field)} {field.name} = {numbers.of[field.name]};")
        if len(lines) == 2:
            return f"{lines[0]}\nmessage {name} {{}}\n"
        return "\n".join([*lines, "}\n"])

    def _union(self, name: str, one: OneOf) -> str:
        members = {proto_name(tag_of(struct_of(member)) or ""): member for member in one.members}
        numbers = self._known.assign(name, list(members))
        lines = [_comment(f"One of several, by its `{one.tag_field}`."), f"message {name} {{", *_reserved(numbers)]
        lines += [f"  // Which of them it is.\n  oneof {proto_name(one.tag_field)} {{"]
        for field, member in members.items():
            about = (words_about(struct_of(member)) or name).split("\n\n")[0]
            lines.append(textwrap.indent(_comment(about, LINE - 4), "    "))
            lines.append(f"    {self._names[member]} {field} = {numbers.of[field]};")
        return "\n".join([*lines, "  }", "}\n"])

    def _enum(self, owner: str, name: str, choice: Choice) -> list[str]:
        prefix = snake(name).upper()
        names = [f"{prefix}_UNSPECIFIED", *(f"{prefix}_{value_name(word)}" for word in choice.words)]
        numbers = self._known.assign(f"{owner}.{name}", names, first=0)
        lines = [
            f"  // The values of `{snake(name)}`.",
            f"  enum {name} {{",
            *textwrap.indent("\n".join(_reserved(numbers)), "  ").splitlines(),
        ]
        words = ["Not set", *choice.words]
        for value, word in zip(names, words, strict=True):
            lines += [f"    // {f'`{word}`' if value != names[0] else word}.", f"    {value} = {numbers.of[value]};"]
        return [*lines, "  }"]

    def _type(self, field: Field) -> str:
        shape = field.shape
        if isinstance(shape, Mapped):
            return f"map<string, {self._single_type(shape.of, field)}>"
        if isinstance(shape, Many):
            return f"repeated {self._single_type(shape.of, field)}"
        return ("optional " if field.optional else "") + self._single_type(shape, field)

    def _single_type(self, shape: Single, field: Field) -> str:
        if isinstance(shape, Plain):
            return str(shape.kind)
        return _camel(field.name) if isinstance(shape, Choice) else f".{PACKAGE}.{self._names[shape]}"


def short(owner: str) -> str:
    """A name without what says that it is sent: the union in what is sent has the name of the one in what is returned."""
    return next((owner.removesuffix(end) for end in _ENDINGS if owner.endswith(end) and owner != end), owner)


def operations_of_calls() -> list[Operation]:
    """The operations of the native API, with those that devices call: the contract has both."""
    return [*native_operations(), *operations_in(DeviceCommands)]


def all_rpcs(operations: Iterable[Operation]) -> list[Rpc]:
    """All calls, in the order of the contract."""
    found = [*rpcs_of(operations), *DECLARED]
    return sorted(found, key=lambda rpc: (rpc.service, rpc.name))


def written(operations: Iterable[Operation], binary: bytes) -> dict[str, str]:
    """The files of the contract by path, with the numbers of a former one."""
    return Contract(all_rpcs(operations), Known(binary)).files()


def compiled(folder: Path) -> bytes:
    """The descriptors of the files in a folder, with those that they import."""
    built = buf("build", str(folder), "--as-file-descriptor-set", "--exclude-source-info", "-o", "-#format=binpb")
    if built.returncode:
        raise SystemExit(told(built))
    return built.stdout


def write(operations: Iterable[Operation], folder: Path = Path("proto"), binary: Path = BINARY) -> None:
    """Write the files below a folder, and their descriptors, from which numbers are known the next time."""
    texts = written(operations, binary.read_bytes() if binary.exists() else b"")
    for old in folder.glob(f"{FOLDER}/*.proto"):
        old.unlink()
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    binary.write_bytes(compiled(folder))


def _fields(one: Record | OneOf) -> Sequence[Field]:
    if isinstance(one, Record):
        return fields_of(one)
    return [Field(json_name="", name="", shape=member) for member in one.members]


def _single(shape: Shape) -> Single:
    return shape.of if isinstance(shape, Many | Mapped) else shape


def _noun(record: Record) -> str:
    """The noun that a struct belongs to: its folder."""
    folder = struct_of(record).__module__.split(".")[-2]
    return "".join(word.capitalize() for word in folder.split("_"))


def _camel(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _about_field(field: Field) -> list[str]:
    texts = list(field.about)
    if isinstance(_single(field.shape), Plain) and _single(field.shape) == Plain(Kind.TIME):
        texts.insert(0, "UTC.")
    return textwrap.indent(_comment(" ".join(texts), LINE - 2), "  ").splitlines() if texts else []


def _reserved(numbers: Numbers) -> list[str]:
    lines = []
    if numbers.reserved:
        lines.append(f"  reserved {', '.join(map(str, sorted(numbers.reserved)))};")
    if numbers.reserved_names:
        names = ", ".join(f'"{name}"' for name in sorted(numbers.reserved_names))
        lines.append(f"  reserved {names};")
    return lines


def _comment(text: str, width: int = LINE) -> str:
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        if lines:
            lines.append("//")
        lines += [f"// {line}" for line in textwrap.wrap(" ".join(paragraph.split()), width - 3, break_long_words=False)]
    return "\n".join(lines)
