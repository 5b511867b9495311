"""Which URLs and addresses may be called."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from penstock.core.outbound.config import OutboundConfig
from penstock.core.outbound.errors import TargetRefused
from penstock.core.outbound.targets import TargetPolicy, is_public
from penstock.kit.errors import InvalidInput


def policy(*allowed: str, plain_http: bool = False, ports: tuple[int, ...] = (80, 443)) -> TargetPolicy:
    return TargetPolicy(
        OutboundConfig(
            allowed_targets=allowed,
            ports=ports,
            plain_http=plain_http,
            connect_timeout_s=1,
            timeout_s=2,
            max_response_bytes=1_000,
            max_connections=10,
            ca_file="",
        )
    )


PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "169.254.1.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.1",
    "198.51.100.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:0",
    "::ffff:224.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_that_is_not_public_is_refused(text: str) -> None:
    assert not is_public(ip_address(text))
    with pytest.raises(TargetRefused):
        policy().check_addresses("hooks.example.org", ["93.184.215.14", text])


@pytest.mark.parametrize("text", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_a_public_address_is_called(text: str) -> None:
    policy().check_addresses("hooks.example.org", [text])


REFUSED = [
    "http://example.org/",
    "https://example.org:8443/",
    "https://example.org:0/",
    "https://example.org:99999/",
    "https://user@example.org/",
    "https://user:pass@example.org/",
    "https://example.org@127.0.0.1/",
    "https://example.org/#part",
    "https://example.org/a b",
    "https://example.org\\@127.0.0.1/",
    "https://example.org/\r\nX: y",
    "https://exämple.org/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0x7f.1/",
    "https://127.0.0.1./",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://a.localhost/",
    "https:///path",
    "https://",
    "https:example.org",
    "//example.org/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_",
    "javascript:alert(1)",
    "https://-a.example.org/",
    "https://example.org/" + "a" * 2048,
    "",
]


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_that_is_not_called_is_refused_before_it_is_kept(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        policy().check_url(url, "url")
    assert refused.value.errors[0].field == "url"
    assert refused.value.errors[0].code == "target_refused"
    with pytest.raises(TargetRefused):
        policy().target_of(url)


def test_a_url_is_taken_apart_once() -> None:
    target = policy().target_of("https://Hooks.Example.ORG./in/%7Bx%7D?a=b&c")
    assert (target.scheme, target.host, target.port, target.path) == ("https", "hooks.example.org", 443, "/in/%7Bx%7D?a=b&c")
    assert target.authority == "hooks.example.org"
    assert policy().target_of("https://[2606:4700:4700::1111]").authority == "[2606:4700:4700::1111]"
    assert policy(ports=(8443,)).target_of("https://a.example.org:8443").authority == "a.example.org:8443"


def test_the_operator_can_allow_http_and_ports() -> None:
    assert policy(plain_http=True).target_of("http://example.org/").port == 80
    with pytest.raises(TargetRefused):
        policy(plain_http=True).target_of("http://127.0.0.1/")


def test_the_operator_can_allow_networks_and_hosts() -> None:
    allowing = policy("127.0.0.0/8", "10.1.2.3", "Hooks.Internal", "fd00::/8")
    assert allowing.target_of("http://127.0.0.1:8080/x").port == 8080
    assert allowing.target_of("http://hooks.internal:9000/").host == "hooks.internal"
    assert allowing.target_of("https://[fd00::5]/").host == "fd00::5"
    allowing.check_addresses("hooks.internal", ["192.168.7.7"])
    allowing.check_addresses("other.example.org", ["10.1.2.3", "::ffff:127.0.0.1"])
    with pytest.raises(TargetRefused):
        allowing.check_addresses("other.example.org", ["10.1.2.4"])
    with pytest.raises(TargetRefused):
        allowing.target_of("https://169.254.169.254/")
