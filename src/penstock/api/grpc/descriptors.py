"""The contract as descriptors: the types of messages, for calls, reflection and tests."""

from __future__ import annotations

import functools
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from penstock.api.grpc.contract import PACKAGE

BINARY = Path(__file__).with_name("contract.binpb")


@functools.cache
def pool() -> descriptor_pool.DescriptorPool:
    """The descriptors of the contract, with those of the types that it imports."""
    # Not the pool of the process: another package, such as a client in the same process, may have its own copy of the contract
    # there.
    found = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(BINARY.read_bytes()).file:
        found.Add(file)
    return found


@functools.cache
def message_type(name: str) -> type[Message]:
    """The class of a message of the contract."""
    found: type[Message] = message_factory.GetMessageClass(descriptor_of(name))
    return found


def descriptor_of(name: str) -> Descriptor:
    """The descriptor of a message of the contract.

    Raises:
        KeyError: there is none.
    """
    return pool().FindMessageTypeByName(f"{PACKAGE}.{name}")


def well_known(name: str) -> Descriptor:
    """The descriptor of a type that the contract imports, such as `google.protobuf.Struct`."""
    return pool().FindMessageTypeByName(name)
