"""Every code block of the README and the guide does what it shows, against a real server, from top to bottom of its page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from tests.support.code_blocks import Block, blocks_of, pages
from tests.support.guide import EXPLAINED, MISSING, PASTED, BlockFailedError, Page, page_on
from tests.support.server import RunningServer, running_server
from tests.support.shown_form import differences, read_shown

ROOT = Path(__file__).parents[2]
PAGES = {name: [block for block in blocks if not block.not_run] for name, blocks in pages(ROOT).items()}
NOT_RUN: dict[str, list[str]] = {
    "README.md": ["it installs from a clone, and runs until it is stopped", "a picture"],
    "docs/guide/agent.md": ["it installs the agent on a device", "lines in both directions over a socket"],
    "docs/guide/clients.md": ["it needs node; tests/clients/typescript runs the examples of the package"],
    "docs/guide/codecs.md": ["it needs a maker's codec in front of it", "a reading as it is stored"],
    "docs/guide/commands.md": ["a picture"],
    "docs/guide/connections.md": ["a part of a connection's settings"],
    "docs/guide/generated-clients.md": [
        "it needs node; test_generated_typescript.py runs the same",
        "it needs node; test_generated_typescript.py runs the same",
        "it installs a package; test_generated_client.py runs the same",
        "it needs the generated package; test_generated_client.py runs the same",
        "it needs Java and Go; test_generated_go.py runs the same",
        "it needs Go; test_generated_go.py runs the same",
        "it needs node; test_rules.py runs the same",
    ],
    "docs/guide/inboxes.md": ["what a receiver is sent"],
    "docs/guide/front-door.md": ["it is certbot's to run", "nginx's settings", "Caddy's settings"],
    "docs/guide/grpc.md": ["it needs node; tests/e2e/grpc runs it", "it needs grpcurl"],
    "docs/guide/limits.md": ["headers that every answer has"],
    "docs/guide/mcp.md": ["an assistant's settings"] * 2,
    "docs/guide/operations.md": ["systemd's settings", "a line of a crontab"],
    "docs/guide/tokens.md": ["a pipeline's settings; tests/cli/test_code.py runs their commands"] * 2,
    "docs/guide/vault.md": [
        "it would destroy the keys",
        "it needs a key management system",
        "it needs the server's own directory",
    ],
    "docs/guide/secrets.md": ["it calls the address of your server"],
    "docs/guide/sms-providers.md": [
        "it needs an account at Twilio",
        "it needs Twilio's package; the test of the surface runs the same",
    ],
    "docs/guide/webhooks.md": ["what the server sends to a program"],
}
"""The blocks that are not run, with the reasons that the pages give. A block that can be run is not listed here."""

needs_programs = pytest.mark.skipif(bool(MISSING), reason=f"not on this machine: {', '.join(MISSING)}")


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all pages, which keep apart by making their own devices: a server for each would take a minute."""
    with running_server(tmp_path_factory.mktemp("guide") / "data", args=("--grpc", "127.0.0.1:0")) as server:
        yield server


@pytest.fixture
def page(guide: RunningServer, tmp_path: Path) -> Iterator[Page]:
    with page_on(guide, tmp_path) as running:
        yield running


def genuine() -> dict[str, Any]:
    """What the receiver of a webhook has in hand: a secret, and a request that is signed under it."""
    secret, ident, now_s, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_1", int(time.time()), b'{"type":"device.offline"}'
    sign = Webhook(secret).sign
    signature = sign(ident, datetime.fromtimestamp(now_s, UTC), body.decode())
    headers = {"webhook-id": ident, "webhook-timestamp": str(now_s), "webhook-signature": signature}
    request = SimpleNamespace(body=body, headers=headers)
    return {"secret": secret, "request": request, "id": ident, "timestamp": str(now_s), "body": body, "signature": signature}


@needs_programs
@pytest.mark.parametrize("name", [name for name, blocks in PAGES.items() if blocks])
def test_what_a_page_shows_works(page: Page, name: str) -> None:
    page.names = genuine()
    page.given = PASTED if name == "README.md" else EXPLAINED
    failed = []
    for block in PAGES[name]:
        try:
            page.run(block)
        except BlockFailedError as error:
            failed.append(str(error))
    assert failed == []


def test_only_these_are_not_run() -> None:
    found = {name: [block.not_run for block in blocks if block.not_run] for name, blocks in pages(ROOT).items()}
    assert {name: reasons for name, reasons in found.items() if reasons} == NOT_RUN


PLANTED = {
    "a path that is not there": "```sh\ncurl localhost:8080/nowhere\n```",
    "no organisation": '```sh\ncurl localhost:8080/api/v2/alerts -H "Authorization: Bearer $KEY"\n```',
    "a variable that nobody sets": "```sh\necho $NOBODY\n```",
    "a variable of another page": "```sh\necho $CONNECTION\n```",
    "a failure within a pipe": "```sh\ncurl localhost:8080/api/v2/devices | cat\n```",
    "an unknown command": "```sh\npenstock polish\n```",
    "a stream that is refused": "```sh\ncurl -N localhost:8080/api/v2/streams/sse\n```",
    "a topic of another device": "```sh\nmosquitto_pub -h 127.0.0.1 -u $DEVICE -P wrong -q 1 -t d/$DEVICE/t -m 1\n```",
    "a request that is refused": '```http\nPOST /api/v2/devices\n\n{"nmae": "x"}\n```',
    "a body that is refused": '<!-- sent: POST /api/v2/devices -->\n```json\n{"nmae": "x"}\n```',
    "a body that is no JSON": "<!-- sent: POST /api/v2/devices -->\n```json\n{name: 1}\n```",
    "a body of nothing": '```json\n{"name": "x"}\n```',
    "an answer of another form": ('```http\nGET /api/v2/devices/{device_id}\n```\n```json answer\n{"id": 1}\n```'),
    "an answer that lacks what is shown": '```http\nGET /api/v2/devices/{device_id}\n```\n```json answer\n{"colour": "red"}\n```',
    "a setting that does not exist": "```toml\n[http]\nprot = 80\n```",
    "a codec that throws": "```js\nfunction decodeUplink(input) { return {data: {n: nothing}}; }\n```",
    "Python that fails": "```python\nWebhook(secret)\n```",
    "no language": "```\necho\n```",
}


@needs_programs
def test_a_broken_block_is_found(page: Page) -> None:
    """Each alone, against the server on which the blocks of the pages work."""
    page.names = {"secret": "x"}
    found = set()
    for fault, text in PLANTED.items():
        *before, broken = blocks_of("planted.md", text)
        for block in before:
            page.run(block)
        try:
            page.run(broken)
        except BlockFailedError:
            found.add(fault)
    assert PLANTED.keys() - found == set()


def test_a_comment_belongs_to_the_block_behind_it() -> None:
    text = "<!-- not run: a picture -->\n\n```text\n→\n```\n\n  ```json answer\n  {}\n  ```\n"
    assert blocks_of("a.md", text) == [
        Block("a.md:3", "text", False, "→\n", "a picture"),
        Block("a.md:7", "json", True, "{}\n"),
    ]
    with pytest.raises(AssertionError, match=r"a\.md:2: no block follows"):
        blocks_of("a.md", "<!-- not run: a picture -->\nProse.\n")


def test_what_is_left_out_of_a_form_may_be_anything() -> None:
    shown = read_shown('{"data": [{"id": "dev_…", "n": 1, …}], "next": null, "more": {…}}')
    assert differences(shown, {"data": [{"id": "dev_1", "n": 0.5, "x": 1}], "next": "c", "more": {"a": 1}, "y": 2}) == []
    wrong = {"data": [{"id": 1}], "next": [], "more": {}}
    assert differences(shown, wrong) == [".data[].n is not there", '.data[].id is 1, not like "dev_…"']
    assert differences(shown, {"data": [], "next": None, "more": []}) == [".data is empty", ".more is [], not like {}"]
