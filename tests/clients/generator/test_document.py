"""The model of the document, and that what is committed was made of it."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from clients.generator import methods, naming, python
from clients.generator.document import Document, load, read
from tests.api.shared.openapi.test_names import lines as operation_lines
from tests.security.table import UNLESS_TOLD

NEXT = "run `make clients`, and read what changed"


@pytest.fixture(scope="module")
def document() -> Document:
    return read(load())


def test_the_generated_client_is_that_of_the_document(document: Document) -> None:
    made = python.files(document)
    found = {path.name: path.read_text("utf-8") for path in python.FOLDER.glob("*.py")}
    assert sorted(made) == sorted(found), NEXT
    assert [name for name, text in made.items() if found[name] != text] == [], NEXT


def test_method_names_stay_as_they_are(document: Document) -> None:
    assert methods.lines(document) == methods.PINNED.read_text("utf-8").splitlines(), NEXT


def test_every_operation_of_the_native_api_has_its_method(document: Document) -> None:
    native = {line.split()[2] for line in operation_lines() if line.split()[1].startswith("/api/v2/")}
    assert {one.operation_id for one in document.methods} == native
    assert not UNLESS_TOLD - {("POST", "/api/v2/signup")}, "a server offers another operation only where its settings say so"


def test_names_are_short_plain_and_unique(document: Document) -> None:
    names = [(one.resource, one.name) for one in document.methods]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [name for name in names if not re.fullmatch("[a-z][a-z_]{1,29}", name[1])] == []
    assert {("devices", name) for name in ("list", "get", "create", "update", "delete")} <= {*names}


def test_names_by_hand_are_needed(document: Document) -> None:
    found = {one.operation_id: one for one in document.methods}
    assert naming._BY_HAND.keys() <= found.keys()
    by_hand = dict(naming._BY_HAND)
    try:
        naming._BY_HAND.clear()
        derived = {name: naming.method_name(name, found[name].resource) for name in by_hand}
    finally:
        naming._BY_HAND.update(by_hand)
    assert [name for name, text in by_hand.items() if derived[name] == text] == []


def test_what_the_document_says_is_in_the_model(document: Document) -> None:
    found = {one.operation_id: one for one in document.methods}
    listing, update, create = found["listDevices"], found["updateDevice"], found["createDevice"]
    assert (listing.paged, listing.item, listing.idempotent) == (True, {"$ref": "#/components/schemas/Device"}, False)
    assert {one.name for one in listing.of("query")} >= {"limit", "cursor", "q"}
    assert (update.conditional, found["getDevice"].tagged, update.idempotent) == (True, True, False)
    assert create.idempotent
    assert create.body is not None
    assert create.body.fields is not None
    fields = {one.name: one for one in create.body.fields}
    assert fields["name"].required
    assert (fields["location"].nullable, fields["labels"].nullable) == (True, False)
    assert (found["listScopes"].paged, found["listScopes"].item is not None) == (False, True)
    assert (found["exportReadings"].answer.is_file, found["deleteDevice"].answer.is_file) == (True, False)
    assert (found["streamReadings"].stream, found["streamReadingsOverWebSocket"].websocket) == (True, True)
    assert [one.name for one in found["ingestMessage"].of("header")] == ["X-Connection-Secret"]
    assert {"Device", "Location", "Problem"} & document.schemas.keys() == {"Device", "Location"}
