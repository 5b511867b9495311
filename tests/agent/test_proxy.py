"""Which proxy leads to a server; and a real one, with TLS behind it."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from penstock_agent.proxy import proxy_for
from tests.support.agent_process import HttpProxy, agent_in, run_agent
from tests.support.agents import new_device, new_pair_code
from tests.support.authority import Pair
from tests.support.server import running_server

PROXY = "http://proxy.internal:3128"


@pytest.mark.parametrize(
    ("url", "excepted", "direct"),
    [
        ("wss://iot.example.net/ws", "", False),
        ("wss://iot.example.net/ws", "*", True),
        ("wss://iot.example.net/ws", "example.net", True),
        ("wss://iot.example.net/ws", ".example.net", True),
        ("wss://iot.example.net/ws", "*.example.net", True),
        ("wss://iot.example.net/ws", "IOT.Example.NET", True),
        ("wss://iot.example.net/ws", "ample.net", False),
        ("wss://iot.example.net/ws", "iot.example.net:443", True),
        ("wss://iot.example.net:8443/ws", "iot.example.net:443", False),
        ("wss://10.1.2.3/ws", "169.254.0.0/16,10.0.0.0/8", True),
        ("wss://11.1.2.3/ws", "169.254.0.0/16, 10.0.0.0/8", False),
        ("wss://10.1.2.3/ws", "10.1.2.3", True),
        ("wss://10.1.2.3/ws", "10.1.2.4", False),
        ("wss://[fd00::7]/ws", "fd00::/8", True),
        ("wss://[fe80::7]/ws", "fd00::/8", False),
        ("wss://iot.example.net/ws", "10.0.0.0/8", False),
        ("wss://iot.example.net/ws", ",, ,", False),
        ("wss://iot.example.net/ws", "10.0.0.0/99", False),
    ],
)
def test_no_proxy_names_what_is_reached_directly(url: str, excepted: str, direct: bool) -> None:
    assert (proxy_for(url, {"HTTPS_PROXY": PROXY, "NO_PROXY": excepted}) is None) == direct


def test_the_proxy_of_a_scheme_is_used() -> None:
    assert proxy_for("wss://iot.example.net", {"https_proxy": "proxy.internal:3128"}) == PROXY
    assert proxy_for("wss://iot.example.net", {"HTTP_PROXY": PROXY}) is None
    assert proxy_for("ws://iot.example.net", {"HTTP_PROXY": PROXY, "HTTPS_PROXY": "http://other"}) == PROXY
    assert proxy_for("wss://iot.example.net", {}) is None


def test_everything_goes_through_a_real_proxy_with_tls_and_no_proxy_goes_around_it(tmp_path: Path) -> None:
    authority = trustme.CA()
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    certificate = Pair(tmp_path, "server").write(authority.issue_cert("127.0.0.1", "localhost"))
    proxy = HttpProxy()
    try:
        with running_server(tmp_path / "data", environment=certificate.environment()) as server:
            with server.client(server.orgs["Acme"], verify=ssl.create_default_context(cafile=bundle)) as api:
                code = new_pair_code(api, new_device(api))
            host = server.base_url.removeprefix("https://")
            through = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"}
            with agent_in(tmp_path / "agent", security__ca_bundle=bundle, security__min_tls_version="tls1.3") as agent:
                known = ("provision", "--config", str(agent.file), "--server", server.base_url, "--code", code)
                assert run_agent(*known, environment=through).returncode == 0
                assert proxy.asked_for == [host] * 2  # the exchange and its confirmation
                agent.start(through)
                agent.wait_for_log("connected as")
                assert proxy.asked_for == [host] * 3
                agent.stop()
                agent.start(through | {"NO_PROXY": "169.254.0.0/16,127.0.0.0/8"})
                agent.wait_for_log("connected as", times=2)
                assert proxy.asked_for == [host] * 3
                agent.stop()
                trustme.CA().cert_pem.write_to_path(bundle)
                agent.start()
                agent.wait_for_log("CERTIFICATE_VERIFY_FAILED")
    finally:
        proxy.close()
