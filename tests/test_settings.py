"""Defaults, file, environment, flags: each layer over the one before, on the real command."""

from __future__ import annotations

import json
import re
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.cli.options import settings_for
from penstock.kit.service_variables import is_service_variable
from penstock.settings import DEFAULTS, SettingsInvalid, load_settings
from tests.cli.commands import refusal
from tests.house.test_settings_documented import leaves
from tests.support.server import clean_environment, run_cli

PRICE = "[plans.x.price]\ntier = 'x'\n"


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
    assert refusal(run_cli("serve", "--data-dir", str(tmp_path))) == (
        "penstock.toml: http.prot is not a known key; the nearest is http.port"
    )
    (tmp_path / "penstock.toml").unlink()
    assert "PENSTOCK_HTTP_PROT" not in clean_environment()
    done = run_cli("serve", "--data-dir", str(tmp_path), environment={"PENSTOCK_HTTP_PROT": "1"})
    assert refusal(done) == "PENSTOCK_HTTP_PROT: http.prot is not a known setting; the nearest is PENSTOCK_HTTP_PORT"


def test_a_value_that_is_not_accepted_prevents_the_start(tmp_path: Path) -> None:
    done = run_cli("serve", "--data-dir", str(tmp_path), environment={"PENSTOCK_RETENTION_INTERVAL_S": "-5"})
    assert refusal(done) == "PENSTOCK_RETENTION_INTERVAL_S: must be a number between 0.01 and 31536000"
    (tmp_path / "penstock.toml").write_text("[people]\nsession_s = -5\n")
    done = run_cli("serve", "--data-dir", str(tmp_path))
    assert refusal(done) == "people.session_s: must be a whole number between 1 and 315360000"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[htpt]\nport = 1\n", "penstock.toml: 'htpt' is not a known section"),
        ("[http]\nport = '1'\n", "http.port: must be a whole number between 0 and 65535"),
        ("[http\n", "penstock.toml: "),
        ("[http]\nport = 70000\n", "http.port: must be a whole number between 0 and 65535"),
        ("[mail]\ntls = 'ssl'\n", "mail.tls: must be one of implicit, none, starttls"),
        ("[mail]\nport = 0\n", "mail.port: must be a whole number between 1 and 65535"),
        ("[log]\ndangerous_durability = 'some'\n", "log.dangerous_durability: must be one of full, relaxed"),
        ("[codecs]\nworkers = 65\n", "codecs.workers: must be a whole number between 1 and 64"),
        ("[codecs]\ntime_limit_s = 0.001\n", "codecs.time_limit_s: must be a number between 0.01 and 10"),
        ("[codecs]\nmax_wait_s = 0\n", "codecs.max_wait_s: must be a number between 0.01 and 31536000"),
        ("[codecs]\nmax_output_bytes = 65536\n", "codecs.max_output_bytes: must be at most half of telemetry.max_payload_bytes"),
        ("[outbound]\nports = [443, 0]\n", "outbound.ports[1]: must be a whole number between 1 and 65535"),
        ("[limits]\nbackfill_burst = -1\n", "limits.backfill_burst: must be a whole number between 0 and 1000000000"),
        ("[signup]\ntrial_days = -1\n", "signup.trial_days: must be a whole number between 0 and 36500"),
        ("[usage]\nhours_kept_days = 31\n", "usage.hours_kept_days: must be a whole number between 32 and 36500"),
        (
            "[notifications]\nmails_per_window = 0\n",
            "notifications.mails_per_window: must be a whole number between 1 and 1000000000",
        ),
        ("[mqtt]\nport = -1\n", "mqtt.port: must be a whole number between 0 and 65535"),
        ("[commands]\nexpiry_s = 0\n", "commands.expiry_s: must be a whole number between 1 and 315360000"),
        ("[commands]\nexpiry_s = 9999999\n", "commands.expiry_s: must not exceed commands.max_expiry_s"),
        ("[plans.free]\ndevices = 3\n", "penstock.toml: plans.free.devices is not a known key"),
        ("[plans.free]\nretention_days = -7\n", "plans.free.retention_days: must be a whole number between 1 and 36500"),
        (
            "[plans.free]\nalert_channels = ['email', 'fax']\n",
            "plans.free.alert_channels[1]: must be one of chat, email, sms, webhook",
        ),
        ("[plans.free]\nalert_channels = 'email'\n", "plans.free.alert_channels: must be a list"),
        ("[plans]\nfree = 3\n", "plans.free: must be a section"),
        ("[plans.x.price]\nbase_cost = '1'\ndevice_cost = '1'\n", "plans.x.price.tier: is required"),
        (PRICE + "base_cost = 'much'\ndevice_cost = '1'\n", 'plans.x.price.base_cost: must be a decimal number such as "49.00"'),
        (
            PRICE + "base_cost = '1'\ndevice_cost = '-1'\n",
            "plans.x.price.device_cost: must be a decimal number between 0 and 1000000000",
        ),
        (
            PRICE + "base_cost = 'NaN'\ndevice_cost = '1'\n",
            "plans.x.price.base_cost: must be a decimal number between 0 and 1000000000",
        ),
        ("[signup]\nplan = 'gold'\n", "signup.plan: must be one of the plans free, starter, "),
        ("[retention]\ninterval_s = -5\n", "retention.interval_s: must be a number between 0.01 and 31536000"),
        ("[retention]\ninterval_s = nan\n", "retention.interval_s: must be a number between 0.01 and 31536000"),
        ("[mqtt]\nenabled = 1\n", "mqtt.enabled: must be true or false"),
        ("[mail]\nhost = '" + "x" * 501 + "'\n", "mail.host: must be text of at most 500 characters"),
        ("http = 3\n", "http: must be a section"),
        ("[http.tls]\ncert = 'x'\n", "penstock.toml: http.tls.cert is not a known key"),
        ("[http]\ntls = 'x'\n", "http.tls: must be a section"),
        ("[http.tls]\nmin_version = '1.1'\n", "http.tls.min_version: must be one of 1.2, 1.3"),
        ("[http.tls]\ncertificate = 'x'\n", "http.tls: certificate and key must be set together"),
        ("[inbox_mail]\nlisten = true\n", "inbox_mail.domains: must have at least one domain if inbox_mail.listen is true"),
        ("[inbox_mail]\ndomains = ['a b']\n", "inbox_mail.domains: 'a b' must be a domain such as codes.example.org"),
        ("[inbox_mail]\nhost_name = 'a b'\n", "inbox_mail.host_name: must be a name such as mx.example.org"),
        (
            "[inbox_mail]\ntls_key = 'x'\n",
            "inbox_mail.tls_key: inbox_mail.tls_certificate and inbox_mail.tls_key must be set together",
        ),
        (
            "[inbox_mail]\nlisten = true\ndomains = ['a.example']\ntls = 'required'\n",
            "inbox_mail.tls: required needs a certificate: inbox_mail.tls_certificate, or http.tls.certificate",
        ),
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
        ("PENSTOCK_HTTP_PORT", "many", "PENSTOCK_HTTP_PORT: must be a whole number between 0 and 65535"),
        (
            "PENSTOCK_OUTBOUND_ALLOWED_TARGETS",
            '["127.0.0.1"]',
            "PENSTOCK_OUTBOUND_ALLOWED_TARGETS: must be values separated by commas, without brackets and quotes",
        ),
        ("PENSTOCK_HTTP_PORT", "80.5", "PENSTOCK_HTTP_PORT: must be a whole number between 0 and 65535"),
        (
            "PENSTOCK_HTTP_MAX_BODIES_BYTES",
            "-5",
            "PENSTOCK_HTTP_MAX_BODIES_BYTES: must be a whole number between 1024 and 68719476736",
        ),
        ("PENSTOCK_HTTP_TLS_HSTS_S", "-1", "PENSTOCK_HTTP_TLS_HSTS_S: must be a whole number between 0 and 315360000"),
        ("PENSTOCK_OUTBOUND_PORTS", "80,many", "PENSTOCK_OUTBOUND_PORTS[1]: must be a whole number between 1 and 65535"),
        ("PENSTOCK_OUTBOUND_PORTS", "80,0", "PENSTOCK_OUTBOUND_PORTS[1]: must be a whole number between 1 and 65535"),
        ("PENSTOCK_MQTT_ENABLED", "perhaps", "PENSTOCK_MQTT_ENABLED: must be true or false"),
        ("PENSTOCK_MQTT_RETAINED", "all", "PENSTOCK_MQTT_RETAINED: must be one of both, last_command, last_value, off"),
        ("PENSTOCK_INBOX_MAIL_PORT", "x", "PENSTOCK_INBOX_MAIL_PORT: must be a whole number between 0 and 65535"),
        (
            "PENSTOCK_INBOX_MAIL_LISTN",
            "1",
            "PENSTOCK_INBOX_MAIL_LISTN: inbox_mail.listn is not a known setting; the nearest is PENSTOCK_INBOX_MAIL_LISTEN",
        ),
        ("PENSTOCK_COMMANDS_EXPIRY_S", "9999999", "PENSTOCK_COMMANDS_EXPIRY_S: must not exceed commands.max_expiry_s"),
        ("PENSTOCK_PLANS_FREE", "1", "PENSTOCK_PLANS_FREE: plans.free is not a known setting"),
        ("PENSTOCK_PORT", "8080", "PENSTOCK_PORT: port is not a known setting; the nearest is PENSTOCK_MQTT_PORT"),
        ("PENSTOCK_API_PORT", "80", "PENSTOCK_API_PORT: api.port is not a known setting; the nearest is PENSTOCK_MAIL_PORT"),
        ("PENSTOCK_HTTP_TLS", "1", "PENSTOCK_HTTP_TLS: http.tls is not a known setting; the nearest is PENSTOCK_HTTP_TLS_KEY"),
        (
            "PENSTOCK_HTTP_TLS_CERT",
            "x",
            "PENSTOCK_HTTP_TLS_CERT: http.tls_cert is not a known setting; the nearest is PENSTOCK_HTTP_TLS_KEY",
        ),
    ],
)
def test_a_mistake_in_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as caught:
        settings_for(tmp_path, None)
    assert caught.value.detail == told


@pytest.mark.parametrize("service", ["PENSTOCK", "PENSTOCK_API", "PENSTOCK_HTTP", "PENSTOCK_MQTT_TLS"])
def test_the_variables_of_a_kubernetes_service_are_ignored_with_a_warning(tmp_path: Path, service: str) -> None:
    """The settings have variables such as PENSTOCK_HTTP_PORT, which a service named penstock-http takes."""
    done = run_cli(
        "bootstrap", "--data-dir", str(tmp_path), "--org", "A", "--email", "a@b.example", environment=of_service(service)
    )
    (warning,) = [json.loads(line) for line in done.stderr.splitlines() if "service_variables_ignored" in line]
    assert (warning["level"], warning["names"]) == ("warning", sorted(of_service(service)))
    assert done.returncode == 0
    assert load_settings(environment=of_service(service)) == load_settings(environment={})


def test_no_variable_of_a_setting_looks_like_that_of_a_service() -> None:
    """The sweep over all settings: one whose name an orchestrator uses could not be set."""
    names = [f"PENSTOCK_{name.replace('.', '_').upper()}" for name in leaves(tomllib.loads(DEFAULTS.read_text()))]
    assert len(names) > 100
    assert [name for name in names if is_service_variable(name, "8080", "PENSTOCK_")] == []


def of_service(name: str) -> dict[str, str]:
    """The variables of a service with two named ports, as the kubelet adds them."""
    ports = {f"{name}_SERVICE_PORT": "8080", f"{name}_SERVICE_PORT_HTTP": "8080", f"{name}_SERVICE_PORT_MQTT_TLS": "8883"}
    found = {f"{name}_SERVICE_HOST": "10.96.0.17", f"{name}_PORT": "tcp://10.96.0.17:8080"} | ports
    for port in ("8080", "8883"):
        first = f"{name}_PORT_{port}_TCP"
        found |= {
            first: f"tcp://10.96.0.17:{port}",
            f"{first}_PROTO": "tcp",
            f"{first}_PORT": port,
            f"{first}_ADDR": "10.96.0.17",
        }
    return found


def test_a_section_within_a_section_is_overlaid_key_by_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "penstock.toml").write_text("[http.tls]\ncertificate = 'a'\nkey = 'b'\n")
    monkeypatch.setenv("PENSTOCK_HTTP_TLS_KEY", "c")
    monkeypatch.setenv("PENSTOCK_HTTP_TLS_HSTS_S", "60")
    tls = settings_for(tmp_path, None).http.tls
    assert (tls.certificate, tls.key, tls.hsts_s, tls.min_version) == ("a", "c", 60, "1.2")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run_cli("serve", "--data-dir", str(tmp_path), "--config", str(tmp_path / "none.toml"))
    assert "none.toml" in refusal(done)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"\xff\xfe", "must be UTF-8 text"),
        (b"[http\nport = 1", "must be TOML: "),
        (b"[http]\nport = '8080'\n", "must be a whole number between 0 and 65535"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_words(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = tmp_path / "other.toml"
    if content is not None:
        file.write_bytes(content)
    told = refusal(run_cli("serve", "--data-dir", str(tmp_path), "--config", str(file)))
    assert reason in told
    assert not re.search(r"Errno|codec|Expected `", told)
