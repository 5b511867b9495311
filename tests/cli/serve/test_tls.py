"""A whole server that speaks TLS: the API, both kinds of streams, a new certificate while they are open, and bad ones."""

from __future__ import annotations

import json
import signal
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.api.live.reader import SseReader
from tests.cli.commands import create_device, refusal
from tests.support.authority import Authority, Pair
from tests.support.server import RunningServer, run_cli, running_server
from tests.support.tls_websocket import tls_websocket
from tests.support.waiting import eventually


class Site:
    """A server with the certificate of an authority."""

    def __init__(self, server: RunningServer, authority: Authority, pair: Pair) -> None:
        self.server = server
        self.authority = authority
        self.pair = pair
        self.org = server.orgs["Acme"]

    def client(self) -> httpx.Client:
        return self.server.client(self.org, verify=self.authority.trusting())

    def serial(self) -> str:
        """Which certificate a new connection is shown."""
        host, port = "127.0.0.1", int(self.server.base_url.rpartition(":")[2])
        return ssl.get_server_certificate((host, port))

    def hang_up(self) -> list[str]:
        """Send SIGHUP; what the log says of it."""
        before = len(self.server.log())
        self.server.process.send_signal(signal.SIGHUP)
        assert eventually(lambda: "certificate_" in self.server.log()[before:])
        return [json.loads(line)["event"] for line in self.server.log()[before:].splitlines() if "certificate_" in line]


@contextmanager
def site_at(folder: Path, more: dict[str, str] | None = None, **options: object) -> Iterator[Site]:
    authority = Authority(folder)
    pair = authority.pair()
    with running_server(folder / "data", environment=pair.environment(**(more or {})), **options) as server:
        yield Site(server, authority, pair)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_at(tmp_path_factory.mktemp("tls")) as site:
        yield site


def test_it_says_https_and_answers_there_only(site: Site) -> None:
    assert site.server.base_url.startswith("https://127.0.0.1:")
    with site.client() as client:
        assert client.get("/api/v2/me").status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(site.server.base_url.replace("https", "http") + "/ping")


def test_streams_outlive_a_new_certificate(site: Site) -> None:
    with site.client() as client:
        device_id, _ = create_device(client, "pump")

        def report(number: int) -> None:
            sent = client.post(f"/api/v2/devices/{device_id}/telemetry", json={"data": {"n": number}})
            assert sent.status_code == 201

        url = site.server.base_url.replace("https", "wss") + "/api/v2/streams/ws"
        with tls_websocket(url, site.authority.trusting(), additional_headers=site.org.headers()) as live, site.client() as other:
            events = SseReader(other)
            report(1)
            assert events.next().data["data"] == {"n": 1}
            first = site.serial()
            site.pair.write(site.authority.leaf())
            assert site.hang_up() == ["certificate_reloaded"]
            assert site.serial() != first
            report(2)
            assert events.next().data["data"] == {"n": 2}
            said = [json.loads(live.recv()) for _ in range(3)]
            assert [one["reading"]["data"]["n"] for one in said if one["type"] == "reading"] == [1, 2]
            events.response.close()


def test_a_bad_certificate_changes_nothing_while_it_runs(site: Site) -> None:
    before, good = site.serial(), site.pair.key.read_bytes()
    site.pair.key.write_bytes(b"-----BEGIN")
    assert site.hang_up() == ["certificate_not_reloaded"]
    assert site.serial() == before
    with site.client() as client:
        assert client.get("/ping").is_success
    site.pair.key.write_bytes(good)


def test_it_does_not_start_with_a_bad_pair(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair, other = authority.pair(), authority.pair("other")
    serve = ("serve", "--data-dir", str(tmp_path / "data"), "--http", "127.0.0.1:0")
    mixed = pair.environment(PENSTOCK_HTTP_TLS_KEY=str(other.key))
    assert refusal(run_cli(*serve, environment=mixed)) == f"{other.key}: must be the key of the certificate"
    half = {"PENSTOCK_HTTP_TLS_CERTIFICATE": str(pair.certificate)}
    told = "http.tls: certificate and key must be set together"
    assert refusal(run_cli(*serve, environment=half)) == told
    assert not (tmp_path / "data" / "penstock.db").exists()


def test_the_doctor_looks_at_the_certificate(site: Site) -> None:
    port = site.server.base_url.rpartition(":")[2]
    environment = site.pair.environment(PENSTOCK_HTTP_PORT=port)
    looked = ("doctor", "--json", "--data-dir", str(site.server.data_dir))
    found = {one["name"]: one for one in json.loads(run_cli(*looked, environment=environment).stdout)["checks"]}
    assert found["certificate"]["status"] == "ok"
    assert "Penstock responds at" in found["port"]["detail"]


def test_the_demo_reports_over_tls(tmp_path: Path) -> None:
    with site_at(tmp_path, args=("--demo",)) as site, site.client() as client:
        assert eventually(lambda: "penstock_log_readings_total 0.0" not in client.get("/metrics").text)


def test_browsers_are_told_to_stay_with_tls(site: Site, tmp_path: Path) -> None:
    with site.client() as client:
        for path in ("/api/v2/me", "/api/v2/nowhere", "/docs"):
            assert client.get(path).headers["strict-transport-security"] == "max-age=31536000"
    with site_at(tmp_path, more={"PENSTOCK_HTTP_TLS_HSTS_S": "0"}) as quiet, quiet.client() as client:
        assert "strict-transport-security" not in client.get("/ping").headers
