"""The OpenAPI document over every operation of the server."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from penstock.api.shared.openapi import openapi_document
from penstock.api.shared.openapi.names import operation_name
from penstock.api.shared.surface import SurfaceRules
from penstock.bootstrap.dialects import CHOICES, SURFACES
from penstock.kit.operation import Example, Operation

Document = dict[str, Any]
KEY_SCHEMES = [{"ApiKeyHeader": []}, {"BearerKey": []}, {"AuthenticationBearer": []}]


@pytest.fixture(scope="module")
def document(operations: list[Operation]) -> Document:
    return openapi_document(operations, version="1.2.3", server="/", rules=SURFACES, choices=CHOICES)


def described(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation of the document, with a name for failures."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def at(document: Document, method: str, path: str) -> dict[str, Any]:
    return document["paths"][path][method]  # type: ignore[no-any-return]


def parameter(operation: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in operation["parameters"] if one["name"] == name)


def resolved(document: Document, response: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in response:
        return response
    return document["components"]["responses"][response["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return]


def closed(document: Document) -> Document:
    """The document with every struct closed: an example with a field that the struct lacks fails then."""
    strict = copy.deepcopy(document)
    for schema in strict["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return strict


def examples(document: Document) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """(where, schema, example) of everything that shows one."""
    for name, operation in described(document):
        for one in operation["parameters"]:
            if "example" in one:
                yield f"{name} parameter {one['name']}", one["schema"], one["example"]
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} body {media_type}", content["schema"], content["example"]
        for status, response in operation["responses"].items():
            for content in resolved(document, response).get("content", {}).values():
                yield f"{name} {status}", content["schema"], content["example"]


def test_the_document_is_valid(document: Document) -> None:
    validate(document)
    msgspec.json.encode(document)


def test_every_operation_is_there_under_its_own_id(document: Document, operations: list[Operation]) -> None:
    ids = [operation["operationId"] for _, operation in described(document)]
    assert sorted(ids) == sorted(operation_name(operation) for operation in operations)
    assert len(set(ids)) == len(ids)


def test_two_operations_of_one_id_are_refused() -> None:
    twice = [Operation(method="GET", path=path, surface="v2", tag="T", summary="S") for path in ("/a-b", "/a.b")]
    with pytest.raises(ValueError, match="the id s"):
        openapi_document(twice, version="1", server="/", rules=SURFACES)


def test_every_operation_says_what_it_is_and_shows_an_example(document: Document, operations: list[Operation]) -> None:
    for name, operation in described(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert not operation["summary"].endswith("."), name
    for one in operations:
        shows_nothing = one.answer is None and one.body is None and "{" not in one.path
        assert shows_nothing or one.example != Example(), one.id
        assert one.body is None or one.example.body is not None, one.id
        assert one.answer is None or one.example.answer is not None, one.id


def test_every_example_has_the_form_that_it_is_an_example_of(document: Document) -> None:
    wrong = []
    for kind in (document, closed(document)):
        for where, schema, example in examples(kind):
            checker = Draft202012Validator({"components": kind["components"], **schema})
            wrong += [f"{where}: {error.message}" for error in checker.iter_errors(example)]
    assert wrong == []


def test_every_parameter_is_described(document: Document) -> None:
    silent = [
        f"{name} {one['name']}"
        for name, operation in described(document)
        for one in operation["parameters"]
        if not one.get("description")
    ]
    assert silent == []


def test_path_parameters_are_those_of_the_path(document: Document) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
            assert named == re.findall(r"\{(\w+)\}", path)


def test_component_names_are_valid(document: Document) -> None:
    for kind in document["components"].values():
        assert [name for name in kind if not re.fullmatch(r"[A-Za-z0-9._-]+", name)] == []


def test_every_tag_and_every_surface_is_described(document: Document, operations: list[Operation]) -> None:
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    assert set(tags) == {operation.tag for operation in operations}
    assert all(len(description) > 20 for description in tags.values()), tags
    grouped = [tag for group in document["x-tagGroups"] for tag in group["tags"]]
    assert sorted(grouped) == sorted(tags)


def test_the_document_says_version_licence_and_server(document: Document) -> None:
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["version"] == "1.2.3"
    assert document["info"]["license"]["identifier"] == "Apache-2.0"
    assert document["servers"][0]["url"] == "/"


def test_secured_operations_name_their_scope_and_public_ones_are_open(document: Document, operations: list[Operation]) -> None:
    by_id = {operation["operationId"]: operation for _, operation in described(document)}
    for one in operations:
        shown = by_id[operation_name(one)]
        assert shown.get("x-penstock-scope") == one.scope
        if one.scope is None and not one.device_token:
            assert shown["security"] == []
            proves = one.body is not None or 401 in one.refuses
            assert ({"401", "403"} <= shown["responses"].keys()) is proves, "what is open takes its proof in the body"
        elif one.scope is not None:
            assert shown["security"][:3] == KEY_SCHEMES
            assert {"401", "403"} <= shown["responses"].keys()


def test_a_device_may_speak_for_itself(document: Document) -> None:
    own = at(document, "post", "/api/v2/devices/{device_id}/telemetry")
    assert own["security"] == [*KEY_SCHEMES, {"DeviceToken": []}]
    assert parameter(own, "X-Organization-Id")["required"] is False


def test_a_stream_may_be_opened_with_a_ticket(document: Document) -> None:
    stream = at(document, "get", "/api/v2/streams/sse")
    assert stream["security"] == [*KEY_SCHEMES, {"StreamTicket": []}]
    assert parameter(stream, "X-Organization-Id")["required"] is False
    assert list(stream["responses"]["200"]["content"]) == ["text/event-stream"]
    assert {"404", "503"} <= stream["responses"].keys()
    assert "101" in at(document, "get", "/api/v2/streams/ws")["responses"]


def test_the_native_api_needs_the_organisation_and_others_do_not(document: Document) -> None:
    assert parameter(at(document, "get", "/api/v2/devices"), "X-Organization-Id")["required"] is True
    for name, operation in described(document):
        if " /api/v2/" not in name:
            assert "X-Organization-Id" not in [one["name"] for one in operation["parameters"]], name


def test_query_fields_carry_bounds_defaults_and_choices(document: Document) -> None:
    history = at(document, "get", "/api/v2/devices/{device_id}/telemetry")
    assert parameter(history, "limit")["schema"] == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}
    assert parameter(history, "order")["schema"] == {"type": "string", "enum": ["asc", "desc"], "default": "desc"}
    assert parameter(history, "from")["schema"]["anyOf"][0] == {"type": "string", "format": "date-time"}
    assert parameter(at(document, "get", "/api/v2/devices/{device_id}/telemetry/thin"), "field")["required"] is True


def test_every_time_of_a_query_says_so(document: Document) -> None:
    times = [
        (path, one["name"], one["schema"])
        for path, item in document["paths"].items()
        for operation in item.values()
        for one in operation.get("parameters", [])
        if one["in"] == "query" and one["name"] in ("from", "to", "since", "until") and not path.startswith("/v1.0/")
    ]
    assert len(times) > 30
    assert [one for one in times if {"type": "string", "format": "date-time"} not in one[2].get("anyOf", [])] == []


def test_names_of_schemas_are_names_of_classes(document: Document) -> None:
    assert [name for name in document["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z0-9_]*", name)] == []


def schemas_in(part: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema below a part of the document, with its place; what examples contain is none."""
    for name, one in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(one, dict | list) and name not in ("example", "default", "enum", "mapping"):
            if isinstance(one, dict):
                yield f"{place}/{name}", one
            yield from schemas_in(one, f"{place}/{name}")


def test_every_struct_has_one_named_schema(document: Document) -> None:
    inline = [
        place
        for place, one in schemas_in(document)
        if isinstance(one.get("properties"), dict) and not re.fullmatch("/components/schemas/[^/]+", place)
    ]
    assert inline == []


def test_every_default_has_the_form_of_its_schema(document: Document) -> None:
    wrong = []
    for place, one in schemas_in(document):
        if "default" in one and not place.endswith("/properties"):
            checker = Draft202012Validator({"components": document["components"], **one})
            wrong += [f"{place}: {error.message}" for error in checker.iter_errors(one["default"])]
    assert wrong == []


def test_structs_with_tags_are_told_apart_by_a_discriminator(document: Document) -> None:
    components = document["components"]["schemas"]

    def is_tagged(reference: str) -> bool:
        properties = components[reference.rpartition("/")[2]].get("properties", {})
        return any("const" in one for one in properties.values())

    silent, unions = [], 0
    for place, one in schemas_in(document):
        members = [option["$ref"] for option in one.get("anyOf", []) if "$ref" in option]
        if len(members) > 1 and all(map(is_tagged, members)):
            silent.append(place)
        for wire, reference in one.get("discriminator", {}).get("mapping", {}).items():
            member, field = components[reference.rpartition("/")[2]], one["discriminator"]["propertyName"]
            assert member["properties"][field]["const"] == wire
            assert field in member["required"]
            assert {"$ref": reference} in one["oneOf"]
            unions += 1
    assert silent == []
    assert unions > 40


def test_bodies_are_shown_in_each_media_type(document: Document) -> None:
    content = at(document, "post", "/api/v2/telemetry")["requestBody"]["content"]
    assert set(content) == {"application/json", "application/x-ndjson"}
    assert content["application/json"]["schema"]["type"] == "array"
    lines = content["application/x-ndjson"]["example"].splitlines()
    assert [msgspec.json.decode(line) for line in lines] == content["application/json"]["example"]


def test_an_answer_without_content_has_none(document: Document) -> None:
    answer = at(document, "delete", "/api/v2/devices/{device_id}")["responses"]["204"]
    assert (answer["description"], answer.keys()) == ("No Content", {"description", "headers"})


def test_other_answers_of_an_operation_are_told(document: Document) -> None:
    assert {"200", "201", "207"} <= at(document, "post", "/api/v2/devices/{device_id}/telemetry")["responses"].keys()
    assert {"201", "207"} <= at(document, "post", "/api/v2/telemetry")["responses"].keys()
    assert {"200", "503"} <= at(document, "get", "/ready")["responses"].keys()
    waited = at(document, "get", "/api/v2/inbox/messages/next")["responses"]
    assert "content" in waited["200"]
    assert waited["204"].keys() == {"description", "headers"}


def test_a_header_of_an_operation_is_a_parameter(document: Document) -> None:
    create = at(document, "post", "/api/v2/devices")
    assert parameter(create, "Idempotency-Key")["in"] == "header"
    assert "422" in create["responses"]


@pytest.mark.parametrize(
    ("method", "path", "status", "media_type", "example"),
    [
        ("get", "/api/v2/devices/{device_id}", "404", "application/problem+json", {"code": "devices.not_found"}),
        ("post", "/api/v2/devices", "409", "application/problem+json", {"code": "devices.identifier_taken"}),
        ("post", "/api/v2/telemetry", "503", "application/problem+json", {"code": "telemetry.log_full"}),
    ],
)
def test_refusals_are_shown_in_the_shape_of_their_surface(
    document: Document, method: str, path: str, status: str, media_type: str, example: dict[str, Any]
) -> None:
    response = resolved(document, at(document, method, path)["responses"][status])
    assert response["description"]
    assert response["content"][media_type]["example"].items() >= example.items()


def test_every_error_has_a_body_with_a_type(document: Document, operations: list[Operation]) -> None:
    surfaces = {operation_name(one): one.surface for one in operations}
    untyped, problems = [], 0
    for name, operation in described(document):
        for status, response in operation["responses"].items():
            if int(status) < 400:
                continue
            for media_type, content in resolved(document, response).get("content", {"": {}}).items():
                reference = content.get("schema", {}).get("$ref")
                untyped += [f"{name} {status}"] if reference is None else []
                if media_type == "application/problem+json":
                    assert reference == "#/components/schemas/Problem", f"{name} {status}"
                    problems += surfaces[operation["operationId"]] == "v2"
    assert untyped == []
    assert problems > 1_000


def test_every_list_says_how_it_continues(document: Document) -> None:
    """The extensions name a parameter of the operation, and fields of its answer."""
    silent, pages = [], 0
    for name, operation in described(document):
        answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        fields = document["components"]["schemas"].get(answer.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
        queries = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
        if not ({"cursor"} <= queries and {"next_cursor", "data"} <= fields.keys()):
            assert not [key for key in operation if key.endswith("-pagination")], name
            continue
        pages += 1
        fern, speakeasy = operation.get("x-fern-pagination"), operation.get("x-speakeasy-pagination")
        if fern is None or speakeasy is None:
            silent.append(name)
            continue
        assert fern["cursor"] == "$request.cursor"
        assert (fern["next_cursor"], fern["results"]) == ("$response.next_cursor", "$response.data")
        assert speakeasy["inputs"] == [{"name": "cursor", "in": "parameters", "type": "cursor"}]
        assert speakeasy["outputs"] == {"nextCursor": "$.next_cursor", "results": "$.data"}
    assert silent == []
    assert pages > 60


def test_a_choice_shows_what_is_installed(document: Document) -> None:
    schemas = document["components"]["schemas"]
    for schema, field, default, choice in (
        ("KeyCreate", "style", "penstock", "key_style"),
        ("WebhookCreate", "format", "standard", "webhook_format"),
    ):
        wanted = {"type": "string", "enum": sorted(CHOICES[choice]), "default": default}
        assert schemas[schema]["properties"][field] == wanted
        assert default in CHOICES[choice]


def test_raw_json_is_an_object_of_any_content(document: Document) -> None:
    for name in ("Reading", "ReadingIn"):
        data = document["components"]["schemas"][name]["properties"]["data"]
        assert (data["type"], data["additionalProperties"]) == ("object", True), name


def test_a_surface_brings_its_own_error() -> None:
    class Refusal(msgspec.Struct):
        """A refusal."""

        reason: str

    rule = SurfaceRules(
        surface="other", path_prefix="/o", error_type="application/json", error_body=lambda error, _: Refusal(error.detail)
    )
    one = Operation(method="GET", path="/o/{id}", surface="other", tag="Other", summary="Get one", scope="devices:read")
    made = openapi_document([one], version="1", server="/", rules=[rule])
    content = made["components"]["responses"]["other_401"]["content"]["application/json"]
    assert content["schema"] == {"$ref": "#/components/schemas/OtherRefusal"}
    assert content["example"] == {"reason": "the credential is not valid"}
    assert at(made, "get", "/o/{id}")["tags"] == ["Other"]
