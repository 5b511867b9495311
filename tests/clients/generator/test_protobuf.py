"""The contract of gRPC: what is committed was made of the operations, has what it must, and no number is used a second time."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from google.protobuf import descriptor_pb2
from msgspec import Meta, Struct

from clients.generator.buf import buf, told
from clients.generator.protobuf import Known, all_rpcs, compiled, operations_of_calls, short, write, written
from penstock.api.grpc.contract import PACKAGE, tag_of
from penstock.api.grpc.descriptors import BINARY
from penstock.api.shared.openapi.words import TAGS
from penstock.kit.operation import Operation

NEXT = "run `make clients`, and read what changed"
PROTO = Path(__file__).parents[3] / "proto"
SERVICES = (
    "Agents Alerts Audit Commands Connections Customers Dashboards DeviceProfiles Devices Groups Imports Inboxes Invoices Keys "
    "Members MeterAlarms Meters Organization Rules Secrets Sensors Streams Tariffs Telemetry Tokens Usage Vault Webhooks"
)
UNITS = {
    "us": "Microseconds.",
    "ms": "Milliseconds.",
    "s": "Seconds.",
    "min": "Minutes.",
    "days": "Days.",
    "bytes": "Bytes.",
    "kib": "Kibibytes.",
    "pct": "Per cent.",
    "percent": "Per cent.",
    "m3": "Cubic metres.",
    "km": "km.",
    "m": "Metres.",
    "mv": "Millivolts.",
    "dbm": "dBm.",
    "hz": "Hertz.",
}
MEASURED = re.compile(rf"\s*(?:optional |repeated )?(?:int64|double) (\w+_({'|'.join(UNITS)})) = \d+;")


@functools.cache
def files() -> dict[str, str]:
    """The texts of the files that are committed, by their paths."""
    return {path.relative_to(PROTO).as_posix(): path.read_text("utf-8") for path in sorted(PROTO.rglob("*.proto"))}


# ── what is committed ──


def test_the_files_are_those_that_the_operations_make() -> None:
    made, there = written(operations_of_calls(), BINARY.read_bytes()), files()
    assert sorted(made) == sorted(there), NEXT
    assert [path for path in made if made[path] != there[path]] == [], NEXT


def test_the_descriptors_are_those_of_the_files() -> None:
    assert BINARY.read_bytes() == compiled(PROTO), NEXT


def test_the_contract_passes_the_rules_of_buf() -> None:
    done = buf("lint", str(PROTO))
    assert (done.returncode, told(done)) == (0, "")


def test_the_rules_of_buf_are_applied(tmp_path: Path) -> None:
    (tmp_path / "buf.yaml").write_text((PROTO / "buf.yaml").read_text())
    (tmp_path / "penstock" / "v1").mkdir(parents=True)
    bare = re.sub(r"^ *//.*\n", "", files()["penstock/v1/vault.proto"], flags=re.MULTILINE)
    (tmp_path / "penstock" / "v1" / "vault.proto").write_text(bare.replace("VaultService", "Vault"))
    done = buf("lint", str(tmp_path))
    assert done.returncode == 100
    assert 'should be suffixed with "Service"' in told(done)
    assert "should have a non-empty comment" in told(done)


def test_the_file_with_the_rules_names_the_tests_that_apply_them() -> None:
    named = re.findall(r"(?<=[ /])test_\w+\.py", (PROTO / "buf.yaml").read_text())
    assert named == ["test_protobuf.py", "test_breaking.py"]
    assert [name for name in named if not Path(__file__).with_name(name).exists()] == []


def test_each_noun_has_one_file_with_one_service() -> None:
    services = {path: re.findall(r"^service (\w+) \{", text, re.MULTILINE) for path, text in files().items()}
    assert services.pop("penstock/v1/common.proto") == []
    assert {path: found for path, found in services.items() if len(found) != 1} == {}
    assert {found[0] for found in services.values()} == {rpc.service for rpc in all_rpcs(operations_of_calls())}
    assert services["penstock/v1/device_profiles.proto"] == ["DeviceProfilesService"]


def test_the_services_that_programs_look_for_exist() -> None:
    there = {service for text in files().values() for service in re.findall(r"^service (\w+) \{", text, re.MULTILINE)}
    assert {f"{name}Service" for name in SERVICES.split()} - there == set()


def test_each_file_says_first_what_is_in_it_and_that_it_is_written() -> None:
    for path, text in files().items():
        head = [line.removeprefix("//").strip() for line in text.split("\n\n")[0].splitlines()]
        about, origin = " ".join(head).split("  ")
        service = re.search(r"^service (\w+) \{", text, re.MULTILINE)
        assert about == (TAGS[tag_of(service[1])] if service else "What several services have in common."), path
        assert origin == "Written by `make clients` from the operations of the native API.", path
        assert text.split("\n\n")[1] == 'syntax = "proto3";', path


def commented(text: str) -> Iterator[tuple[str, str]]:
    """Each line of a file that is no comment, with the comment above it."""
    about: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("//"):
            about.append(line.strip().removeprefix("//").strip())
        else:
            yield line, " ".join(about)
            about = []


def test_a_field_whose_name_has_a_unit_says_it_in_its_comment() -> None:
    found = [(MEASURED.fullmatch(line), about, path) for path, text in files().items() for line, about in commented(text)]
    units = [(field[1], UNITS[field[2]] in about, path) for field, about, path in found if field]
    assert [f"{path}: {name}" for name, is_told, path in units if not is_told] == []
    assert len(units) > 60


# ── numbers ──


class Far(Struct, frozen=True, tag="far"):
    """A place that is far."""

    distance_km: float


class Near(Struct, frozen=True, tag="near"):
    """A place that is near."""


class Here(Struct, frozen=True, tag="here"):
    """This place."""


Mode = Literal["slow", "fast"]


def thing(**fields: Any) -> type[Struct]:
    return msgspec.defstruct(
        "Thing", list(fields.items()), frozen=True, namespace={"__doc__": "A thing.", "__module__": __name__}
    )


FIRST = thing(name=str, mode=Mode, wait_s=Annotated[int, Meta(ge=1)], place=Far | Near)


class Versions:
    """A contract over time, each version written with the descriptors of the one before."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._binary = folder / "proto", folder / "contract.binpb"

    def write(self, answer: type[Struct]) -> str:
        """The next version's file of devices."""
        operation = Operation(method="GET", path="/api/v2/devices", surface="v2", tag="Devices", summary="Get", answer=answer)
        write([operation], self._folder, self._binary)
        return (self._folder / "penstock" / "v1" / "devices.proto").read_text("utf-8")

    def message(self, name: str) -> descriptor_pb2.DescriptorProto:
        """A message of the current version."""
        found = descriptor_pb2.FileDescriptorSet.FromString(self._binary.read_bytes()).file
        return next(one for file in found if file.package == PACKAGE for one in file.message_type if one.name == name)

    def numbers(self, name: str) -> dict[str, int]:
        return {field.name: field.number for field in self.message(name).field}

    def reserved(self, name: str) -> tuple[list[int], list[str]]:
        message = self.message(name)
        return sorted(n for one in message.reserved_range for n in range(one.start, one.end)), sorted(message.reserved_name)


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    found = Versions(tmp_path)
    found.write(FIRST)
    return found


def test_the_first_numbers_are_in_the_order_of_the_fields(versions: Versions) -> None:
    assert versions.numbers("Thing") == {"name": 1, "mode": 2, "wait_s": 3, "place": 4}
    assert versions.reserved("Thing") == ([], [])


def test_written_again_it_stays_as_it_is(versions: Versions) -> None:
    assert versions.write(FIRST) == versions.write(FIRST)


def test_a_field_that_is_added_takes_the_next_number_wherever_it_is(versions: Versions) -> None:
    versions.write(thing(color=str, wait_s=int, name=str, mode=Mode, place=Far | Near))
    assert versions.numbers("Thing") == {"color": 5, "wait_s": 3, "name": 1, "mode": 2, "place": 4}


def test_the_number_and_the_name_of_a_field_that_is_removed_are_reserved(versions: Versions) -> None:
    text = versions.write(thing(name=str, mode=Mode, wait_s=int))
    assert '  reserved 4;\n  reserved "place";\n' in text
    versions.write(thing(name=str, mode=Mode, color=str))
    assert versions.numbers("Thing") == {"name": 1, "mode": 2, "color": 5}
    assert versions.reserved("Thing") == ([3, 4], ["place", "wait_s"])
    text = versions.write(thing(name=str, mode=Mode))
    assert '  reserved 3, 4, 5;\n  reserved "color", "place", "wait_s";\n' in text


def test_a_field_that_comes_back_has_a_new_number(versions: Versions) -> None:
    versions.write(thing(name=str))
    versions.write(thing(name=str, wait_s=int))
    assert versions.numbers("Thing") == {"name": 1, "wait_s": 5}
    assert versions.reserved("Thing") == ([2, 3, 4], ["mode", "place"])


def test_values_keep_their_numbers_and_those_that_are_removed_are_reserved(versions: Versions) -> None:
    def values() -> tuple[dict[str, int], list[int], list[str]]:
        enum = versions.message("Thing").enum_type[0]
        taken = [number for one in enum.reserved_range for number in range(one.start, one.end + 1)]
        return {one.name: one.number for one in enum.value}, sorted(taken), sorted(enum.reserved_name)

    assert values() == ({"MODE_UNSPECIFIED": 0, "MODE_FAST": 1, "MODE_SLOW": 2}, [], [])
    versions.write(thing(mode=Literal["fast", "idle", "slow"]))
    assert values() == ({"MODE_UNSPECIFIED": 0, "MODE_FAST": 1, "MODE_IDLE": 3, "MODE_SLOW": 2}, [], [])
    versions.write(thing(mode=Literal["fast", "slow"]))
    assert values() == ({"MODE_UNSPECIFIED": 0, "MODE_FAST": 1, "MODE_SLOW": 2}, [3], ["MODE_IDLE"])
    text = versions.write(thing(mode=Literal["slow", "wild"]))
    assert values() == ({"MODE_UNSPECIFIED": 0, "MODE_SLOW": 2, "MODE_WILD": 4}, [1, 3], ["MODE_FAST", "MODE_IDLE"])
    assert '    reserved 1, 3;\n    reserved "MODE_FAST", "MODE_IDLE";\n' in text


def test_the_members_of_a_oneof_keep_their_numbers(versions: Versions) -> None:
    versions.write(thing(place=Here | Near))
    assert versions.numbers("ThingPlace") == {"here": 3, "near": 2}
    assert versions.reserved("ThingPlace") == ([1], ["far"])


def test_what_is_written_passes_the_rules_of_buf(versions: Versions, tmp_path: Path) -> None:
    versions.write(thing(name=str, mode=Literal["fast"], place=Far | Here))
    (tmp_path / "proto" / "buf.yaml").write_text((PROTO / "buf.yaml").read_text())
    assert told(buf("lint", str(tmp_path / "proto"))) == ""


def test_a_file_of_a_noun_that_is_no_more_is_removed(versions: Versions, tmp_path: Path) -> None:
    gone = tmp_path / "proto" / "penstock" / "v1" / "gone.proto"
    gone.write_text('syntax = "proto3";\npackage penstock.v1;\n')
    versions.write(FIRST)
    assert not gone.exists()


def test_files_that_do_not_compile_are_told(tmp_path: Path) -> None:
    (tmp_path / "bad.proto").write_text("massage Note {}\n")
    with pytest.raises(SystemExit, match=r"bad\.proto:1:1"):
        compiled(tmp_path)


@pytest.mark.parametrize("count", [18_999, 19_000])
def test_numbers_that_protobuf_keeps_for_itself_are_not_given(count: int) -> None:
    names = [f"f{at}" for at in range(count)]
    if count < 19_000:
        assert Known(b"").assign("Thing", names).of["f18998"] == 18_999
        return
    with pytest.raises(ValueError, match="Thing has too many fields"):
        Known(b"").assign("Thing", names)


def test_two_messages_with_one_name_have_that_of_their_nouns_before_it() -> None:
    def messages(names: Sequence[str]) -> set[str]:
        return {name for name in re.findall(r"^message (\w+) \{", "\n".join(files().values()), re.MULTILINE) if name in names}

    assert messages(["CommandAction", "AlertsCommandAction", "RulesCommandAction"]) == {
        "AlertsCommandAction",
        "RulesCommandAction",
    }


@pytest.mark.parametrize(
    ("name", "found"), [("DeviceCreate", "Device"), ("DevicePatch", "Device"), ("Device", "Device"), ("Preview", "Preview")]
)
def test_what_is_sent_is_named_as_what_is_returned(name: str, found: str) -> None:
    assert short(name) == found
