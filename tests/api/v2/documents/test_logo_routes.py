"""The logo over HTTP."""

from __future__ import annotations

import base64
import io

import httpx
import pytest
from PIL import Image

from tests.support.in_process import InProcessServer

PATH = "/api/v2/organization/logo"


@pytest.fixture
def api(in_process: InProcessServer) -> httpx.Client:
    return in_process.client(in_process.new_org())


def image(form: str, size: tuple[int, int] = (60, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form)
    return out.getvalue()


def test_a_logo_is_set_read_and_removed(api: httpx.Client) -> None:
    assert api.get(PATH).json()["code"] == "organization.logo_not_found"
    for form in ("PNG", "JPEG"):
        media_type = f"image/{form.lower()}"
        stored = api.put(PATH, content=image(form), headers={"Content-Type": media_type}).raise_for_status().json()
        found = api.get(PATH).raise_for_status()
        assert found.headers["content-type"] == media_type
        assert stored == {"media_type": media_type, "width": 60, "height": 30, "size_bytes": len(found.content)}
        with Image.open(io.BytesIO(found.content)) as shown:
            assert shown.size == (60, 30)
    assert api.delete(PATH).status_code == 204
    assert api.delete(PATH).status_code == 404
    actions = [entry["action"] for entry in api.get("/api/v2/logs").json()["data"]]
    assert [one for one in actions if "logo" in one] == ["org.logo.delete", "org.logo.set", "org.logo.set"]


def test_a_logo_can_be_sent_in_json(api: httpx.Client) -> None:
    content = base64.b64encode(image("PNG")).decode()
    assert api.put(PATH, json={"content": content}).raise_for_status().json()["width"] == 60
    refused = api.put(PATH, json={"content": "not base64!"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "content")


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"<svg/>", "image/png", 400),
        (b"", "image/png", 400),
        (image("PNG", (4001, 1)), "image/png", 400),
        (image("PNG") + b"\0" * 262_144, "image/png", 400),
        (b"\0" * 400_000, "image/png", 413),
        (image("PNG"), "image/svg+xml", 415),
        (image("PNG"), "application/json", 400),
    ],
)
def test_what_is_no_logo_is_refused(content: bytes, media_type: str, status: int, api: httpx.Client) -> None:
    assert api.put(PATH, content=content, headers={"Content-Type": media_type}).status_code == status
    assert api.get(PATH).status_code == 404
