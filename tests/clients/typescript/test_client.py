"""The TypeScript client against a real server: in node, and in a browser."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.support.agent_process import Relay
from tests.support.chromium import Tab, chromium
from tests.support.code_blocks import blocks_of
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org
from tests.support.typescript import SOURCE, Installed, compile_in, reaching, require_node
from tests.support.waiting import awaited

PROGRAMS = Path(__file__).parent / "programs"
SETTINGS = {"PENSTOCK_HTTP_CORS_ORIGINS": "*", "PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.1"}
READINGS = 40


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("typescript"))


@pytest.fixture(scope="module")
def server(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessServer]:
    """A server behind its front door, that pages of any origin can call and that can call this machine."""
    with in_process_server(tmp_path_factory.mktemp("server") / "data", environment=SETTINGS) as running:
        yield running


@pytest.fixture
def acme(server: InProcessServer) -> Org:
    return server.orgs["Acme"]


def test_its_own_tests_pass(installed: Installed) -> None:
    own = installed.folder / "own"
    own.mkdir()
    for file in (SOURCE / "test").glob("*.mjs"):
        (own / file.name).write_text(file.read_text().replace("../dist/", f"{installed.package}/dist/"))
    together = own / "together.mjs"  # in one process: node would start one for each file
    together.write_text("".join(f'import "./{file.name}";\n' for file in sorted(own.glob("*.test.mjs"))))
    printed = installed.run(together, {})
    assert int(re.findall(r"^\W* pass (\d+)$", printed, re.M)[0]) > 30


def test_it_is_packed_and_installed(installed: Installed, server: InProcessServer, acme: Org, tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm")
    folder, project = tmp_path / "client", tmp_path / "project"
    shutil.copytree(installed.package, folder)
    for name in ("README.md", "LICENSE"):
        shutil.copy(SOURCE / name, folder)
    project.mkdir()

    def run(*arguments: str, at: Path) -> str:
        command = [npm, *arguments, "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        return subprocess.run(command, cwd=at, capture_output=True, text=True, check=True).stdout

    [packed] = json.loads(run("pack", "--json", at=folder))
    files = {one["path"] for one in packed["files"]}
    assert {"README.md", "LICENSE", "package.json", "dist/index.js", "dist/index.d.ts"} <= files
    assert {name.split("/")[0] for name in files} == {"README.md", "LICENSE", "package.json", "dist"}
    run("install", "--no-save", str(folder / packed["filename"]), at=project)
    assert [one.name for one in (project / "node_modules" / "@penstock").iterdir()] == ["client"]
    program = project / "program.mjs"
    program.write_text(
        'import { Penstock } from "@penstock/client";\n'
        "const client = new Penstock({ baseUrl: process.env.PENSTOCK_URL, apiKey: process.env.PENSTOCK_KEY });\n"
        "console.log((await client.organization.get()).id);\n"
    )
    found = subprocess.run(
        [require_node(), str(program)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | reaching(server.base_url, acme),
    )
    assert found.stdout.strip() == acme.organization_id


def test_a_day_of_an_integrator(installed: Installed, server: InProcessServer, acme: Org) -> None:
    installed.run(PROGRAMS / "journey.mjs", {**reaching(server.base_url, acme), "MARK": secrets.token_hex(4)})


def test_the_examples_of_the_readme(installed: Installed, server: InProcessServer, acme: Org) -> None:
    blocks = [one.text for one in blocks_of("README.md", (SOURCE / "README.md").read_text()) if one.language == "ts"]
    assert len(blocks) > 10
    text = "".join(re.sub(r"^export (async function)", r"\1", one, flags=re.M) for one in blocks)
    imported = re.findall(r"^import \{(.+)\} from \"@penstock/client\";$", text, re.M)
    names = sorted({name.strip() for line in imported for name in line.split(",")})
    body = re.sub(r"^import .*\n", "", text, flags=re.M)
    program = installed.folder / "readme.mts"
    variables = "declare const process: { env: Record<string, string> };\n"
    program.write_text(f'import {{ {", ".join(names)} }} from "@penstock/client";\n{variables}{body}void receive;\n')
    options = ("--strict", "--target", "ES2022", "--module", "NodeNext", "--types", "", "--lib", "ES2022,DOM,DOM.Iterable")
    compile_in(installed.folder, *options, str(program))
    printed = installed.run(program.with_suffix(".mjs"), reaching(server.base_url, acme))
    assert "{ accepted: 2500, duplicates: 0, quarantined: 0, rejected: 0 }" in printed
    assert "there is no such device" in printed


def test_a_failing_first_answer_is_repeated(installed: Installed, tmp_path: Path) -> None:
    came: list[tuple[str, str | None]] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        came.append((request.command, request.headers["Idempotency-Key"]))
        request.rfile.read(int(request.headers["Content-Length"]))
        if len(came) == 1:
            request.close_connection = True  # without an answer
            return
        body = b'{"device": {"id": "dev_1"}}' if len(came) > 2 else b""
        request.send_response(201 if body else 503)
        request.send_header("Retry-After", "0")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    program = tmp_path / "retry.mjs"
    program.write_text(
        'import { Penstock } from "@penstock/client";\n'
        'const client = new Penstock({ baseUrl: process.env.PENSTOCK_URL, apiKey: "psk_1" });\n'
        'console.log(JSON.stringify((await client.devices.create({ name: "Pump" })).device.id));\n'
    )
    with serving(answer) as url:
        assert json.loads(installed.run(program, {"PENSTOCK_URL": url})) == "dev_1"
    assert [method for method, _ in came] == ["POST"] * 3
    assert len({key for _, key in came}) == 1
    assert came[0][1]


def test_a_stream_that_is_cut_loses_and_doubles_nothing(installed: Installed, server: InProcessServer, acme: Org) -> None:
    relay = Relay(int(server.base_url.rpartition(":")[2]))
    try:
        with server.client(acme) as api:
            device = api.post("/api/v2/devices", json={"name": "Streamed"}).json()["device"]["id"]
            about = {**reaching(f"http://127.0.0.1:{relay.port}", acme), "DEVICE": device, "LAST": str(READINGS - 1)}
            with installed.program(PROGRAMS / "stream.mjs", about) as program:
                assert "ready" in program.next()
                seen = _streamed(program.next, api, device, relay)
                assert program.process.wait(timeout=30) == 0
    finally:
        relay.close()
    assert [one["n"] for one in seen if "n" in one] == list(range(READINGS))
    assert sum("lost" in one for one in seen) >= 2


def _streamed(following: Callable[[], Any], api: httpx.Client, device: str, relay: Relay) -> list[dict[str, Any]]:
    """What the program printed, while its connection was cut again and again, and readings were sent meanwhile."""
    seen: list[dict[str, Any]] = [{}]

    def send(numbers: range) -> None:
        for n in numbers:
            api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"n": n}}).raise_for_status()

    for start in range(0, READINGS, 20):
        send(range(start, start + 10))
        while seen[-1].get("n") != start + 9:
            seen.append(following())
        relay.closed_to_new = True
        relay.cut()
        while "lost" not in seen[-1]:
            seen.append(following())
        send(range(start + 10, start + 20))
        relay.closed_to_new = False
        while seen[-1].get("n") != start + 19:
            seen.append(following())
    return seen


def test_what_the_server_sends_is_verified(installed: Installed, server: InProcessServer, acme: Org, tmp_path: Path) -> None:
    came: list[dict[str, Any]] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        came.append({"headers": dict(request.headers), "body": body.decode()})
        request.send_response(204)
        request.end_headers()

    with serving(answer) as url, server.client(acme) as api:
        made = api.post("/api/v2/webhooks", json={"url": url, "topics": ["device.created"]}).raise_for_status().json()
        device = api.post("/api/v2/devices", json={"name": "Näme ☂"}).json()["device"]["id"]
        received = awaited(lambda: came[0] if came else None)
    with installed.program(PROGRAMS / "webhook.mjs", {}) as program:
        printed, complaints = program.process.communicate(json.dumps({**received, "secret": made["secret"]}), timeout=30)
    assert json.loads(printed or complaints) == {"type": "device.created", "id": device, "altered": "WebhookVerificationError"}


def test_a_page_of_another_origin(installed: Installed, server: InProcessServer, acme: Org) -> None:
    files = {"/": (PROGRAMS / "browser.html", "text/html")}
    dist = installed.package / "dist"
    files |= {f"/client/{file.relative_to(dist)}": (file, "text/javascript") for file in dist.rglob("*.js")}

    def answer(request: BaseHTTPRequestHandler) -> None:
        file, kind = files[request.path]
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.end_headers()
        request.wfile.write(file.read_bytes())

    mark = f"Page {secrets.token_hex(4)}"
    with chromium() as browser, serving(answer) as url:
        tab = Tab(browser, server, base_url=url)
        tab.open("/")
        tab.page.wait_for_function("() => Boolean(window.tried)")
        found = tab.page.evaluate("(about) => window.tried(about)", {"url": server.base_url, "key": acme.api_key, "mark": mark})
        tab.close()
    assert found == {
        "names": [mark],
        "missing": ["NotFoundError", "devices.not_found", True],
        "first": {"n": 1},
        "second": {"n": 1},
    }


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A small server that answers every request with what a test says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    small = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=small.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{small.server_port}"
    finally:
        small.shutdown()
        thread.join()
        small.server_close()
