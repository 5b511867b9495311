"""The variables of an orchestrator, and the settings that resemble them."""

from __future__ import annotations

import pytest

from penstock.kit.service_variables import is_service_variable


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_PORT", "tcp://10.0.0.1:8080"),
        ("APP_PORT", "udp://[fd00::1]:53"),
        ("APP_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
        ("APP_PORT_8080_TCP_PORT", "8080"),
        ("APP_PORT_53_UDP_ADDR", "10.0.0.1"),
        ("APP_PORT_9000_SCTP_PROTO", "sctp"),
        ("APP_SERVICE_HOST", "10.0.0.1"),
        ("APP_SERVICE_PORT", "8080"),
        ("APP_SERVICE_PORT_MQTT_TLS", "8883"),
        ("APP_MY_API_SERVICE_HOST", "10.0.0.1"),
        ("APP_MY_API_PORT", "tcp://10.0.0.1:1"),
    ],
)
def test_a_variable_of_a_service(name: str, value: str) -> None:
    assert is_service_variable(name, value, "APP_")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_PORT", "8080"),
        ("APP_HTTP_PORT", "8080"),
        ("APP_HTTP_HOST", "tcp://10.0.0.1:8080"),
        ("APP_SERVICES_HOST", "x"),
        ("APP_MYSERVICE_HOST", "x"),
        ("APP_SERVICE_HOSTS", "x"),
        ("APP_PORT_HTTP_TCP", "x"),
        ("APP_PORT_80_TCP_HOST", "x"),
        ("APP_REPORT", "tcp://10.0.0.1:8080"),
    ],
)
def test_another_variable(name: str, value: str) -> None:
    assert not is_service_variable(name, value, "APP_")
