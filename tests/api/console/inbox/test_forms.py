"""Forms of SMS accounts."""

from __future__ import annotations

from penstock.api.console.inbox.forms import refused, settings_of, shown
from penstock.api.console.shared.forms import Form


def test_an_empty_secret_keeps_the_stored_one_and_an_empty_field_its_default() -> None:
    form = Form(
        {"settings.host": ["smsc.example.org"], "settings.password": [""], "settings.port": [""], "settings.window": ["x"]}
    )
    found = settings_of("smpp", form, is_change=True)
    assert found == {
        "host": "smsc.example.org",
        "tls": False,
        "window": "x",
        "port": None,
        "ca_pem": None,
        "system_type": None,
    }
    assert settings_of("smpp", form, is_change=False) == {"host": "smsc.example.org", "tls": False, "window": "x"}
    assert settings_of("log", form, is_change=True) == {}


def test_a_refused_secret_is_dropped() -> None:
    form = refused(Form({"settings.auth_token": ["secret"], "name": ["n"]}), {"detail": "no"})
    assert (form.value("settings.auth_token"), form.value("name"), form.problem) == ("", "n", "no")


def test_an_account_fills_its_form() -> None:
    form = shown({"name": "Centre", "settings": {"host": "h", "tls": True, "password_set": True}})
    assert (form.value("settings.host"), form.flag("settings.tls"), form.has("settings.password")) == ("h", True, False)
