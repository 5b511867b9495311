"""W3 and W4: what is signed here is accepted by the field's libraries, and nothing else is."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as StandardWebhook
from standardwebhooks.webhooks import WebhookVerificationError as StandardRefusal
from svix.webhooks import Webhook as SvixWebhook
from svix.webhooks import WebhookVerificationError as SvixRefusal

from penstock.core.webhooks.models import Secrets
from penstock.core.webhooks.signing import headers_of, new_secret
from penstock.core.webhooks.standard import StandardFormat

REFUSALS = (StandardRefusal, SvixRefusal)
VERIFIERS: list[Callable[[str], Any]] = [StandardWebhook, SvixWebhook]
NODE = """
const { Webhook: Standard } = require("standardwebhooks"), { Webhook: Svix } = require("svix");
const fs = require("fs");
const { cases, wrong } = JSON.parse(fs.readFileSync("cases.json", "utf8"));
let accepted = 0, refused = 0;
for (const { secret, headers, body } of cases)
  for (const Library of [Standard, Svix]) { new Library(secret).verify(body, headers); accepted++; }
for (const { secret, headers, body } of wrong)
  for (const Library of [Standard, Svix]) { try { new Library(secret).verify(body, headers); } catch (e) { refused++; } }
console.log(JSON.stringify({ accepted, refused }));
"""


def now_s() -> int:
    return int(datetime.now(UTC).timestamp())


def signed(secrets: Secrets, body: bytes, at_s: int | None = None) -> dict[str, str]:
    return dict(headers_of(StandardFormat(), secrets, "whm_1", body, now_s() if at_s is None else at_s))


def bodies(count: int) -> Iterator[bytes]:
    """JSON, as both libraries read it: empty, large, of emoji, with line ends inside, and of whatever characters there are."""
    yield from (
        b"{}",
        '{"t":"🌊🏭"}'.encode(),
        b'{"a":\r\n1,\r\n"b":"\\r\\n"}',
        b'{"v":"' + b"x" * 20_470 + b'"}',
        b" {} ",
        b'""',
    )
    chance = random.Random(3)
    ranges = [(32, 126), (0x80, 0xD7FF), (0xE000, 0xFFFD), (0x1F300, 0x1FAFF)]
    for _ in range(count - 6):
        text = "".join(chr(chance.randint(*chance.choice(ranges))) for _ in range(chance.randint(0, 60)))
        yield json.dumps({"v": text}, ensure_ascii=chance.random() < 0.2).encode()


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.prove)])
def test_both_libraries_accept_every_body(count: int) -> None:
    for body in bodies(count):
        secret = new_secret()
        headers = signed(Secrets(secret=secret), body)
        for library in VERIFIERS:
            library(secret).verify(body, headers)


def test_during_a_rotation_old_and_new_are_accepted_and_afterwards_the_new_alone() -> None:
    for body in bodies(40):
        old, new, other = new_secret(), new_secret(), new_secret()
        during, after = signed(Secrets(secret=new, previous=old), body), signed(Secrets(secret=new), body)
        for library in VERIFIERS:
            library(old).verify(body, during)
            library(new).verify(body, during)
            library(new).verify(body, after)
            for secret, headers in ((old, after), (other, during), (other, after)):
                with pytest.raises(REFUSALS):
                    library(secret).verify(body, headers)


@pytest.mark.parametrize("skew_s", [-3_600, -301, 301, 3_600])
def test_what_is_too_old_or_comes_from_tomorrow_is_refused(skew_s: int) -> None:
    secret = new_secret()
    headers = signed(Secrets(secret=secret), b"{}", now_s() + skew_s)
    for library in VERIFIERS:
        with pytest.raises(REFUSALS):
            library(secret).verify(b"{}", headers)


def altered(body: bytes, headers: dict[str, str]) -> Iterator[tuple[bytes, dict[str, str]]]:
    """The message with another byte at every position of its body, its id, its time and its signature."""
    for at in range(len(body)):
        yield body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :], headers
    yield body + b" ", headers
    yield body[:-1], headers
    for name in ("webhook-id", "webhook-timestamp"):
        for at, char in enumerate(headers[name]):
            yield body, headers | {name: headers[name][:at] + chr(ord(char) ^ 1) + headers[name][at + 1 :]}
    version, _, code = headers["webhook-signature"].partition(",")
    digest = base64.b64decode(code)
    for at in range(len(digest)):
        other = digest[:at] + bytes([digest[at] ^ 1]) + digest[at + 1 :]
        yield body, headers | {"webhook-signature": f"{version},{base64.b64encode(other).decode()}"}


def test_another_byte_anywhere_is_refused() -> None:
    body, secret = b'{"type":"alert.raised","data":{"value":7.4,"name":"Cold room"}}', new_secret()
    headers = signed(Secrets(secret=secret), body)
    tried = 0
    for wrong, about in altered(body, headers):
        for library in VERIFIERS:
            tried += 1
            with pytest.raises(REFUSALS):
                library(secret).verify(wrong, about)
    assert tried > 2 * (len(body) + 32)


@pytest.mark.prove
def test_so_do_the_libraries_for_node(tmp_path: Path) -> None:
    """Needs node and npm's registry; without them it skips and says so."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed")
    installed = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "svix@1", "standardwebhooks@1"],
        cwd=tmp_path,
        capture_output=True,
        timeout=300,
        check=False,
    )
    if installed.returncode:
        pytest.skip("npm could not install the libraries")
    cases, wrong = [], []
    for body in bodies(10_000):
        secret = new_secret()
        cases.append({"secret": secret, "headers": signed(Secrets(secret=secret), body), "body": body.decode()})
    secret = new_secret()
    ascii_body = b'{"type":"alert.raised","data":{"value":7.4}}'
    for other, about in altered(ascii_body, signed(Secrets(secret=secret), ascii_body)):
        wrong.append({"secret": secret, "headers": about, "body": other.decode()})
    for skew_s in (-301, 400):  # node begins some seconds later
        late = signed(Secrets(secret=secret), ascii_body, now_s() + skew_s)
        wrong.append({"secret": secret, "headers": late, "body": ascii_body.decode()})
    (tmp_path / "cases.json").write_text(json.dumps({"cases": cases, "wrong": wrong}))
    (tmp_path / "check.js").write_text(NODE)
    done = subprocess.run(["node", "check.js"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    assert json.loads(done.stdout) == {"accepted": 2 * len(cases), "refused": 2 * len(wrong)}
