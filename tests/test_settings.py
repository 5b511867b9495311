"""Defaults, file, environment, flags: each layer over the one before, on the real command."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.cli.options import settings_for
from penstock.settings import SettingsInvalid
from tests.cli.commands import refusal
from tests.support.server import clean_environment, run_cli


@pytest.fixture
def ports() -> Iterator[list[int]]:
    """Four ports that are taken, so that a server tells which one it wanted."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
    found = [one.getsockname()[1] for one in taken]
    yield found
    for one in taken:
        one.close()


def test_each_layer_lies_over_the_one_before(tmp_path: Path, ports: list[int]) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "penstock.toml").write_text(f"[http]\nport = {ports[0]}\n")
    (tmp_path / "other.toml").write_text(f"[http]\nport = {ports[1]}\n")
    data, environment = ("serve", "--data-dir", str(tmp_path / "data")), {"PENSTOCK_HTTP_PORT": str(ports[2])}
    config = ("--config", str(tmp_path / "other.toml"))
    flag = ("--http", f"127.0.0.1:{ports[3]}")
    layers = [
        run_cli(*data),
        run_cli(*data, *config),
        run_cli(*data, *config, environment=environment),
        run_cli(*data, *config, *flag, environment=environment),
    ]
    assert [refusal(done).split(": ")[0] for done in layers] == [f"cannot listen on 127.0.0.1:{port}" for port in ports]


def test_a_mistake_is_one_line_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "penstock.toml").write_text("[http]\nprot = 1\n")
    assert refusal(run_cli("serve", "--data-dir", str(tmp_path))) == "penstock.toml: http.prot is not a known key"
    (tmp_path / "penstock.toml").unlink()
    assert "PENSTOCK_HTTP_PROT" not in clean_environment()
    done = run_cli("serve", "--data-dir", str(tmp_path), environment={"PENSTOCK_HTTP_PROT": "1"})
    assert refusal(done) == "PENSTOCK_HTTP_PROT: http.prot is not a known setting"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[htpt]\nport = 1\n", "penstock.toml: 'htpt' is not a known section"),
        ("[http]\nport = '1'\n", "penstock.toml: Expected `int`, got `str` - at `$.http.port`"),
        ("[http\n", "penstock.toml: "),
        ("[http]\nport = 70000\n", "http.port: must be between 0 and 65535"),
        (
            "[mail]\ntls = 'ssl'\n",
            "penstock.toml: Invalid enum value 'ssl' - at `$.mail.tls`: must be one of implicit, none, starttls",
        ),
        (
            "[log]\ndangerous_durability = 'some'\n",
            "penstock.toml: Invalid enum value 'some' - at `$.log.dangerous_durability`: must be one of full, relaxed",
        ),
        ("[codecs]\nworkers = 65\n", "codecs.workers: must be between 1 and 64"),
        ("[codecs]\ntime_limit_s = 0.001\n", "codecs.time_limit_s: must be between 0.01 and 10"),
        ("[codecs]\nmax_wait_s = 0\n", "codecs.max_wait_s: must be positive"),
        ("[codecs]\nmax_output_bytes = 65536\n", "codecs.max_output_bytes: must be at most half of telemetry.max_payload_bytes"),
        ("[outbound]\nports = [443, 0]\n", "outbound.ports[1]: must be between 1 and 65535"),
        ("[limits]\nbackfill_burst = -1\n", "limits.backfill_burst: must be at least 0"),
        ("[signup]\ntrial_days = -1\n", "signup.trial_days: must be at least 0"),
        ("[usage]\nhours_kept_days = 31\n", "usage.hours_kept_days: must be at least 32"),
        ("[notifications]\nmails_per_window = 0\n", "notifications.mails_per_window: must be at least 1"),
        ("[mqtt]\nport = -1\n", "mqtt.port: must be between 0 and 65535"),
        ("[commands]\nexpiry_s = 0\n", "commands.expiry_s: must be at least 1"),
        ("[commands]\nexpiry_s = 9999999\n", "commands.expiry_s: must be positive and not exceed commands.max_expiry_s"),
        ("[plans.free]\ndevices = 3\n", "penstock.toml: "),
        ("[http.tls]\ncert = 'x'\n", "penstock.toml: http.tls.cert is not a known key"),
        ("[http]\ntls = 'x'\n", "penstock.toml: Expected `object`, got `str` - at `$.http.tls`"),
        ("[http.tls]\nmin_version = '1.1'\n", "penstock.toml: Invalid enum value '1.1' - at `$.http.tls.min_version`"),
        ("[http.tls]\ncertificate = 'x'\n", "http.tls: certificate and key must be set together"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "penstock.toml").write_text(text)
    with pytest.raises(SettingsInvalid) as caught:
        settings_for(tmp_path, None)
    assert caught.value.detail.startswith(told)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PENSTOCK_HTTP_PORT", "many", "PENSTOCK_HTTP_PORT: must be a value such as 8080"),
        ("PENSTOCK_PLANS_FREE", "1", "PENSTOCK_PLANS_FREE: plans.free is not a known setting"),
        ("PENSTOCK_HTTP_TLS", "1", "PENSTOCK_HTTP_TLS: http.tls is not a known setting"),
        ("PENSTOCK_HTTP_TLS_CERT", "x", "PENSTOCK_HTTP_TLS_CERT: http.tls_cert is not a known setting"),
    ],
)
def test_a_mistake_in_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as caught:
        settings_for(tmp_path, None)
    assert caught.value.detail == told


def test_a_section_within_a_section_is_overlaid_key_by_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "penstock.toml").write_text("[http.tls]\ncertificate = 'a'\nkey = 'b'\n")
    monkeypatch.setenv("PENSTOCK_HTTP_TLS_KEY", "c")
    monkeypatch.setenv("PENSTOCK_HTTP_TLS_HSTS_S", "60")
    tls = settings_for(tmp_path, None).http.tls
    assert (tls.certificate, tls.key, tls.hsts_s, tls.min_version) == ("a", "c", 60, "1.2")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run_cli("serve", "--data-dir", str(tmp_path), "--config", str(tmp_path / "none.toml"))
    assert "none.toml" in refusal(done)
