"""The schema of a problem document, and the codes of errors."""

from __future__ import annotations

import importlib
import pkgutil

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator

import penstock
from penstock.api.shared.openapi.problems import error_codes, problem_schema
from penstock.api.shared.openapi.schemas import Schemas
from penstock.core.devices.errors import DeviceNotFound
from penstock.kit.errors import InvalidInput, PenstockError
from penstock.kit.http import problem


@pytest.mark.parametrize("error", [DeviceNotFound(device_id="dev_1"), InvalidInput.field("limit", "must be at most 9")])
def test_problems_have_the_form_that_is_described(error: PenstockError) -> None:
    schemas = Schemas()
    reference = problem_schema(schemas)
    for closed in (False, True):
        components = {"schemas": {name: dict(one) for name, one in schemas.components.items()}}
        for schema in components["schemas"].values() if closed else ():
            schema["additionalProperties"] = False
        document = msgspec.json.decode(msgspec.json.encode(problem(error, "r")))
        Draft202012Validator({"components": components, **reference}).validate(document)


def test_codes_are_those_of_callers() -> None:
    codes = error_codes()
    assert {"devices.not_found", "request.invalid", "tokens.too_many_pictures", "storage.unavailable"} <= {*codes}
    assert not {"settings.invalid", "storage.data_dir_in_use", "tls.certificate_unusable", "iottly.no_messages"} & {*codes}
    assert "devices.not_found" in error_codes(404)
    assert "request.invalid" not in error_codes(404)


def test_codes_do_not_depend_on_what_else_was_imported(api: httpx.Client) -> None:
    for module in pkgutil.walk_packages(penstock.__path__, "penstock."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
    served = api.get("/openapi.json").json()["components"]
    assert served["schemas"]["ErrorCode"]["x-extensible-enum"] == error_codes()
    assert served["responses"]["v2_404"]["x-penstock-codes"] == error_codes(404)
