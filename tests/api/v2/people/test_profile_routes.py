"""The second factor over HTTP: enrolled, asked for, demanded, not to be guessed."""

from __future__ import annotations

import json
import time

import pytest

from tests.api.v2.people.somebody import PASSWORD, Somebody, audit, code, enrol, new_member, owner_of, second_step
from tests.support.mailbox import Mailbox
from tests.support.server import Org, RunningServer, run_cli


def test_a_second_factor_is_asked_for(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    begun = somebody.call("POST", "/api/v2/profile/mfa", {}).json()
    assert code(somebody.call("POST", "/api/v2/profile/mfa/confirm", {"code": "000000"})) == (403, "auth.code_wrong")
    assert somebody.try_sign_in().json()["mfa_required"] is False, "what was not confirmed counts for nothing"
    totp, recovery = enrol(somebody)
    assert totp.secret != begun["secret"]
    assert len(set(recovery)) == 10
    challenge = somebody.try_sign_in().json()
    assert (challenge["mfa_required"], challenge["access_token"]) == (True, None)
    token = challenge["mfa_token"]
    assert code(second_step(somebody, token, "000000")) == (401, "auth.code_invalid")
    assert code(second_step(somebody, token, totp.at(int(time.time()) - 300))) == (401, "auth.code_invalid")
    assert code(second_step(somebody, token[:-3] + "AAA", totp.now())) == (401, "auth.challenge_invalid")
    now = totp.now()
    done = second_step(somebody, token, now)
    assert done.status_code == 200
    somebody.take(done.json())
    assert code(second_step(somebody, token, now)) == (401, "auth.code_invalid"), "a code works once"
    assert somebody.call("GET", "/api/v2/profile/sessions").json()["data"][0]["methods"] == ["pwd", "otp"]
    by_recovery = second_step(somebody, somebody.try_sign_in().json()["mfa_token"], recovery[0].upper().replace("-", " "))
    assert by_recovery.status_code == 200
    again = second_step(somebody, somebody.try_sign_in().json()["mfa_token"], recovery[0])
    assert code(again) == (401, "auth.code_invalid")
    profile = somebody.call("GET", "/api/v2/profile").json()
    assert (profile["recovery_codes_left"], profile["operator"]) == (9, False)
    remove = {"password": PASSWORD, "code": recovery[1]}
    assert code(somebody.call("POST", "/api/v2/profile/mfa/remove", remove | {"password": "wrong"})) == (
        403,
        "auth.password_wrong",
    )
    assert somebody.call("POST", "/api/v2/profile/mfa/remove", remove).status_code == 204
    assert somebody.try_sign_in().json()["mfa_required"] is False
    assert audit(house, north, "auth.mfa.issued")[0]["outcome"] == "success"
    passed = audit(house, north, "auth.mfa.passed")
    assert {row["details"]["by"] for row in passed} == {"totp", "recovery"}
    assert totp.secret not in str(audit(house, north, "auth.*"))


@pytest.mark.parametrize(("algorithm", "digits"), [("SHA256", 8), ("SHA512", 6)])
def test_other_sorts_of_codes(house: RunningServer, mailbox: Mailbox, north: Org, algorithm: str, digits: int) -> None:
    somebody = new_member(house, mailbox, north)
    totp, _ = enrol(somebody, algorithm=algorithm, digits=digits)
    assert len(totp.now()) == digits
    assert second_step(somebody, somebody.try_sign_in().json()["mfa_token"], totp.now()).status_code == 200


def test_an_organisation_can_demand_a_second_factor(house: RunningServer, mailbox: Mailbox) -> None:
    made = run_cli("bootstrap", "--data-dir", str(house.data_dir), "--org", "Strict", "--email", "s@example.org", "--json")
    strict = Org(**json.loads(made.stdout), data_dir=house.data_dir)
    owner, member = owner_of(house, strict), new_member(house, mailbox, strict)
    answer = owner.call("PATCH", "/api/v2/organization", {"require_mfa": True})
    assert answer.json()["require_mfa"] is True
    for somebody in (owner, member):
        assert code(somebody.call("GET", "/api/v2/devices")) == (403, "auth.scope_missing")
    assert member.sign_in().tokens["enrolment_required"] is True
    _, recovery = enrol(member)
    assert member.call("GET", "/api/v2/devices").status_code == 200, "the session counts as proved"
    remove = {"password": PASSWORD, "code": recovery[0]}
    assert code(member.call("POST", "/api/v2/profile/mfa/remove", remove)) == (409, "auth.second_factor_forced")
    settings = audit(house, strict, "org.settings.update")[0]["details"]
    assert (settings["before"]["require_mfa"], settings["after"]["require_mfa"]) == (False, True)


def test_codes_cannot_be_guessed_with_the_password_in_hand(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    enrol(somebody)
    thief = Somebody(house, somebody.email)
    seen = set()
    for n in range(12):
        begun = thief.try_sign_in()
        seen.add(begun.status_code)
        if begun.status_code == 200:
            seen.add(second_step(thief, begun.json()["mfa_token"], f"{n:06}").status_code)
    assert 429 in seen
