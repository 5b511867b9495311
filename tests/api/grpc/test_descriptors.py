"""The contract as descriptors."""

from __future__ import annotations

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool

from penstock.api.grpc.descriptors import BINARY, descriptor_of, message_type, pool, well_known


def test_messages_are_found_by_their_name() -> None:
    made = message_type("GetDeviceRequest")(device_id="dev_1")
    assert message_type("GetDeviceRequest") is type(made)
    assert message_type("GetDeviceRequest").FromString(made.SerializeToString()) == made
    assert descriptor_of("Device").full_name == "penstock.v1.Device"
    assert well_known("google.protobuf.Struct").fields_by_name["fields"].number == 1
    with pytest.raises(KeyError):
        descriptor_of("Unicorn")


def test_a_copy_of_the_contract_in_the_same_process_is_not_in_the_way() -> None:
    """Such as that of a client, which may be older."""
    changed = descriptor_pb2.FileDescriptorSet.FromString(BINARY.read_bytes())
    theirs = descriptor_pool.DescriptorPool()
    for file in changed.file:
        for message in file.message_type:
            if message.name == "GetDeviceRequest":
                message.field[0].name = "id"
        theirs.Add(file)
    assert theirs.FindMessageTypeByName("penstock.v1.GetDeviceRequest").fields[0].name == "id"
    assert descriptor_of("GetDeviceRequest").fields[0].name == "device_id"
    with pytest.raises(KeyError):
        descriptor_pool.Default().FindMessageTypeByName("penstock.v1.GetDeviceRequest")


def test_the_descriptors_need_no_other_files() -> None:
    found = descriptor_pb2.FileDescriptorSet.FromString(BINARY.read_bytes())
    names = {file.name for file in found.file}
    assert {needed for file in found.file for needed in file.dependency} <= names
    assert pool() is pool()
