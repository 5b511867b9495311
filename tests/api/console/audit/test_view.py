"""How entries are shown."""

from __future__ import annotations

from penstock.api.console.audit.view import phrase, summary, target_path


def test_targets_with_a_page_are_links() -> None:
    assert target_path("key", "key_0c2k9fq7w3c2k") == "/console/keys/key_0c2k9fq7w3c2k"
    assert target_path("user", "usr_1") == "/console/people/members/usr_1"
    assert target_path("key", "javascript:alert(1)") == ""
    assert target_path("device", "") == target_path("session", "ses_1") == ""


def test_details_are_a_line() -> None:
    assert summary({"before": {"name": "a"}, "after": {"name": "b"}}) == "name: a → b"
    assert summary({"after": {"role": "member", "scopes": ["a", "b", "c", "d"]}}) == "role: member, scopes: 4 values"
    assert summary({"methods": ["pwd", "otp"], "by": None, "deep": {"x": 1}}) == "methods: pwd, otp, by: none"
    assert len(summary({"text": "x" * 500})) < 80
    assert summary({"after": {"enabled": True, "shared": False, "label": ""}}) == "enabled: yes, shared: no, label: empty"
    assert summary({}) == ""


def test_actions_are_said_in_words() -> None:
    said = {
        "apikey.create": "API key created",
        "rule.stop": "Rule stopped",
        "org.group.add": "Organisation group added",
        "profile.alarm_settings": "Profile alarm settings",
        "sms.message.send": "SMS message sent",
        "x": "X",
    }
    assert {action: phrase(action) for action in said} == said
