"""Settings of SMS accounts."""

from __future__ import annotations

import pytest

from penstock.core.inboxes.account_models import (
    SECRET_PATHS,
    SETTINGS,
    TARGETS,
    AccountKind,
    AccountPatch,
    SmppSettings,
    TwilioSettings,
)


@pytest.mark.parametrize(("settings", "port"), [({}, 2775), ({"tls": True}, 3550), ({"port": 5000, "tls": True}, 5000)])
def test_the_port_of_a_message_centre(settings: dict[str, object], port: int) -> None:
    assert SmppSettings(host="smsc.example.org", system_id="me", **settings).effective_port == port  # type: ignore[arg-type]


def test_secrets_are_not_shown_and_have_targets() -> None:
    twilio = TwilioSettings(account_sid="AC" + "0" * 32, auth_token="secret-1")
    smpp = SmppSettings(host="smsc.example.org", system_id="me", password="secret-2")
    assert "secret" not in repr((twilio, smpp, AccountPatch(settings={"auth_token": "secret-1"})))
    assert TARGETS.keys() == set(SECRET_PATHS)
    fields = {name for kind in AccountKind for name in SETTINGS[kind].__struct_fields__}
    assert {name for names in TARGETS.values() for name in names} <= fields
