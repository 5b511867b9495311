"""The INI file: the vendor's keys and defaults, overrides, and what is refused."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock_agent.config import Config, ConfigError, changed, load, write_keys
from tests.house.tree import ROOT

EXAMPLE = ROOT / "agent" / "deploy" / "agent.conf"
VENDORS = {
    ("agent", "log_level"): ("log_level", "info"),
    ("agent", "log_file"): ("log_file", "/var/log/iottly/agent.log"),
    ("connection", "endpoint"): ("endpoint", "wss://agent.cloud.iottly.com/ws"),
    ("connection", "reconnect_interval"): ("reconnect_interval", 5),
    ("connection", "reconnect_max"): ("reconnect_max", 120),
    ("connection", "heartbeat_interval"): ("heartbeat_interval", 30),
    ("telemetry", "enabled"): ("enabled", True),
    ("telemetry", "buffer_size"): ("buffer_size", 100),
    ("telemetry", "flush_interval_ms"): ("flush_interval_ms", 1000),
    ("security", "ca_bundle"): ("ca_bundle", ""),
    ("security", "min_tls_version"): ("min_tls_version", "tls1.2"),
}
"""Source: surfaces/iottly.md, 6."""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "agent.conf"
    file.write_text(text)
    return file


@pytest.mark.parametrize(("attribute", "default"), VENDORS.values(), ids=[".".join(key) for key in VENDORS])
def test_the_defaults_are_the_vendors(attribute: str, default: object) -> None:
    assert getattr(load(None, {}), attribute) == default


@pytest.mark.parametrize("prefix", ["IOTTLY", "PENSTOCK"])
@pytest.mark.parametrize("key", VENDORS, ids=".".join)
def test_every_key_can_be_overridden(tmp_path: Path, key: tuple[str, str], prefix: str) -> None:
    section, name = key
    attribute, default = VENDORS[key]
    values = {"log_level": "debug", "enabled": "false", "min_tls_version": "tls1.3", "endpoint": "wss://iot.example.net/ws"}
    text = values.get(name, "60")
    file = written(tmp_path, f"[{section}]\n{name} = {text if name == 'log_file' else default}\n")
    found = load(file, {f"{prefix}_{section}_{name}".upper(): text})
    assert getattr(found, attribute) != default
    assert changed(load(None, {}), found) == [attribute]


def test_our_prefix_comes_before_the_vendors() -> None:
    both = {"IOTTLY_TELEMETRY_BUFFER_SIZE": "7", "PENSTOCK_TELEMETRY_BUFFER_SIZE": "8"}
    assert load(None, both).buffer_size == 8


def test_the_example_file_shows_every_default() -> None:
    assert load(EXAMPLE, {}) == load(None, {})
    assert EXAMPLE.read_text().count(" =") == len(Config.__dataclass_fields__)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[agent]\nlog_levle = info\n", "agent.log_levle"),
        ("[agnet]\nlog_level = info\n", "agnet.log_level"),
        ("[agent]\nlog_level = loud\n", "agent.log_level"),
        ("[connection]\nreconnect_interval = 0\n", "connection.reconnect_interval"),
        ("[connection]\nreconnect_interval = nan\n", "connection.reconnect_interval"),
        ("[connection]\nreconnect_max = 1\n", "connection.reconnect_max"),
        ("[connection]\nendpoint = http://iot.example.net\n", "connection.endpoint"),
        ("[connection]\nendpoint = wss://iot.example.net:port/ws\n", "connection.endpoint"),
        ("[telemetry]\nbuffer_size = 1e3\n", "telemetry.buffer_size"),
        ("[telemetry]\nenabled = perhaps\n", "telemetry.enabled"),
        ("[security]\nmin_tls_version = ssl3\n", "security.min_tls_version"),
        ("[DEFAULT]\nx = 1\n", "DEFAULT.x"),
        ("[agent]\n[agent]\n", "agent"),
        ("token = x\n", "line"),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named.replace(".", r"\.")):
        load(written(tmp_path, text), {})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "nowhere.conf", {})


def test_a_percent_sign_is_only_a_percent_sign(tmp_path: Path) -> None:
    assert load(written(tmp_path, "[agent]\nlog_file = /tmp/%(x)s 100%\n"), {}).log_file == "/tmp/%(x)s 100%"


def test_the_token_does_not_show() -> None:
    assert "s3cret" not in repr(load(None, {"PENSTOCK_AGENT_TOKEN": "s3cret"}))


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["[agent]", "[telemetry]", "log_level = info", "buffer_size", " = ", "token: %(x)s", "\ufeff[agent]", "enabled = on"]
        ),
        st.text(max_size=40),
    ),
    max_size=12,
)


@given(LINES, st.dictionaries(st.sampled_from(["IOTTLY_AGENT_TOKEN", "IOTTLY_TELEMETRY_BUFFER_SIZE"]), st.text(max_size=12)))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, lines: list[str], more: dict[str, str]) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.conf"
    file.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    with contextlib.suppress(ConfigError):
        assert isinstance(load(file, more), Config)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.conf"
    file.write_bytes(raw)
    with contextlib.suppress(ConfigError):
        load(file, {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[agent]\ntoken = new\n"),
        ("[agent]\nTOKEN : old\nlog_level = info\n", "[agent]\ntoken = new\nlog_level = info\n"),
        ("# a\n[connection]\ntoken = other\n", "# a\n[connection]\ntoken = other\n[agent]\ntoken = new\n"),
        ("[agent]\n# token = old\n[telemetry]\n", "[agent]\ntoken = new\n# token = old\n[telemetry]\n"),
    ],
)
def test_writing_a_key_leaves_the_rest_as_it_is(tmp_path: Path, before: str, after: str) -> None:
    file = written(tmp_path, before)
    write_keys(file, {("agent", "token"): "new"})
    assert file.read_text() == after
    assert file.stat().st_mode & 0o777 == 0o600
