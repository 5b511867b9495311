"""A program without the files of the contract, such as grpcurl: it asks the server what there is, and makes calls by that."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from tests.support.authority import Authority
from tests.support.grpc_clients import Api, python_client
from tests.support.server import RunningServer, running_server
from tests.support.waiting import CEILING_S

SERVING = health_pb2.HealthCheckResponse.SERVING


@pytest.fixture
def channel(served: RunningServer) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(f"127.0.0.1:{served.grpc_port}") as made:
        yield made


def test_a_call_is_made_by_what_the_server_says_of_itself(channel: grpc.Channel, served: RunningServer) -> None:
    database = ProtoReflectionDescriptorDatabase(channel)
    names = set(database.get_services())
    assert {"penstock.v1.DevicesService", "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"} <= names
    pool = DescriptorPool(database)
    methods = 0
    for name in sorted(names):
        if name.startswith("penstock."):
            methods += len(pool.FindServiceByName(name).methods)
    assert methods > 400
    method = pool.FindServiceByName("penstock.v1.DevicesService").methods_by_name["CreateDevice"]
    ask = channel.unary_unary(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    request = ParseDict({"name": "Seen", "labels": {"a": "b"}}, GetMessageClass(method.input_type)())
    headers = [(name.lower(), value) for name, value in served.orgs["Acme"].headers().items()]
    made = MessageToDict(ask(request, metadata=headers, timeout=CEILING_S))
    assert made["createdDevice"]["device"]["labels"] == {"a": "b"}


def test_every_service_is_healthy_and_others_are_unknown(channel: grpc.Channel) -> None:
    health = health_pb2_grpc.HealthStub(channel)
    services = [name for name in ProtoReflectionDescriptorDatabase(channel).get_services() if name.startswith("penstock.")]
    for name in ["", *services]:
        asked = health_pb2.HealthCheckRequest(service=name)
        assert health.Check(asked, timeout=CEILING_S).status == SERVING, name
    with pytest.raises(grpc.RpcError) as caught:
        health.Check(health_pb2.HealthCheckRequest(service="penstock.v1.Nothing"), timeout=CEILING_S)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    watching = health.Watch(health_pb2.HealthCheckRequest(), timeout=CEILING_S)
    assert next(watching).status == SERVING
    watching.cancel()


def test_grpc_has_the_certificate_of_http(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("grpcs")
    authority = Authority(folder)
    environment = authority.pair().environment()
    with running_server(folder / "data", environment=environment, args=("--grpc", "127.0.0.1:0")) as server:
        with python_client(f"localhost:{server.grpc_port}", authority.certificate) as client:
            api = Api(client, server.orgs["Acme"].headers())
            assert list(api("DevicesService.ListDevices").data) == []
        with python_client(f"127.0.0.1:{server.grpc_port}") as client:
            plain = Api(client, server.orgs["Acme"].headers()).refusal("DevicesService.ListDevices")
            assert plain.code == "UNAVAILABLE"
