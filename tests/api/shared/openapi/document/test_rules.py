"""Redocly and Spectral judge the document of a server by the rules that they recommend.

What they are told to leave out is in the folder `tools`, each with its reason.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.support.document_tools import HOME, complaints_of_redocly, complaints_of_spectral, written
from tests.support.server import RunningServer

FAULTY: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Faulty", "version": "1"},
    "servers": [{"url": "/"}],
    "paths": {
        "/things/{id}": {
            "get": {
                "tags": ["Things"],
                "responses": {
                    "200": {
                        "description": "OK",
                        "content": {"application/json": {"schema": {"type": "integer"}, "example": "word"}},
                    }
                },
            }
        }
    },
}
"""A document without operation ids, credentials, descriptions and the parameter of its path; its example is of another type."""


@pytest.fixture(scope="module")
def served(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("judged"), httpx.get(f"{server.base_url}/openapi.json").content)


def test_redocly_finds_nothing_in_the_document(served: Path) -> None:
    complaints, ignored = complaints_of_redocly(served)
    assert complaints == []
    [answered] = yaml.safe_load((HOME / ".redocly.lint-ignore.yaml").read_text("utf-8")).values()
    assert ignored == sum(len(places) for places in answered.values()), "take out of the ignore file what nobody complains of"


def test_spectral_finds_nothing_in_the_document(served: Path) -> None:
    assert complaints_of_spectral(served) == []


def test_redocly_finds_what_is_wrong(tmp_path: Path) -> None:
    complaints, _ = complaints_of_redocly(written(tmp_path, FAULTY))
    assert {one.split()[0] for one in complaints} >= {
        "no-invalid-media-type-examples",
        "operation-4xx-response",
        "operation-operationId",
        "operation-summary",
        "path-parameters-defined",
        "security-defined",
    }


def test_spectral_finds_what_is_wrong(tmp_path: Path) -> None:
    complaints = complaints_of_spectral(written(tmp_path, FAULTY))
    assert {one.split()[0] for one in complaints} >= {
        "info-contact",
        "operation-description",
        "operation-operationId",
        "operation-tag-defined",
        "path-params",
    }
