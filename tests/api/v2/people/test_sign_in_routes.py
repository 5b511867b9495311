"""People over HTTP: in and out, passwords, sessions, guessing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.v2.people.somebody import AUTH, PASSWORD, Somebody, audit, code, new_member, owner_of
from tests.security.table import plain_reads
from tests.support.mailbox import Mailbox
from tests.support.server import Org, RunningServer, run_cli, running_server
from tests.support.waiting import CEILING_S, awaited, eventually


def test_an_owner_signs_in_and_is_known_on_every_surface(house: RunningServer, north: Org) -> None:
    owner = owner_of(house, north)
    assert owner.tokens["role"] == "owner"
    me = owner.call("GET", "/api/v2/me").json()
    assert (me["organization_id"], me["key_id"], me["user_id"]) == (north.organization_id, None, owner.tokens["user_id"])
    bearer = {"Authorization": f"Bearer {owner.tokens['access_token']}"}
    for path in (path for surface, path in plain_reads().items() if surface != "v2"):
        assert owner.http.get(path, headers=bearer).status_code == 200, path
    device = owner.call("POST", "/api/v2/devices", {"name": "pump"}).json()["device"]["id"]
    assert owner.call("POST", f"/api/v2/devices/{device}/telemetry", {"data": {"x": 1}}).status_code == 201
    answer = owner.try_sign_in()
    assert answer.headers["cache-control"] == "no-store"
    assert audit(house, north, "auth.signin.success")[0]["user"] == north.user_email


def test_an_api_key_is_still_a_key(house: RunningServer, north: Org) -> None:
    with house.client(north) as api:
        assert api.get("/api/v2/me").json()["key_id"].startswith("key_")


def test_wrong_e_mail_and_wrong_password_look_alike(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    known_email = new_member(house, mailbox, north).email

    def refused(email: str) -> tuple[int, dict[str, Any]]:
        answer = Somebody(house, email, "not the password").try_sign_in()
        return answer.status_code, {**answer.json(), "request_id": ""}

    assert refused(known_email) == refused("nobody@example.org")
    foreign = Somebody(house, north.user_email, north.user_password)
    assert code(foreign.try_sign_in(organization_id="org_0000000000001")) == (401, "auth.sign_in_failed")
    failures = audit(house, north, "auth.signin.failure")
    assert failures[0]["outcome"] == "failure"
    assert "not the password" not in str(failures)


def test_a_suspended_organisation_lets_nobody_in(house: RunningServer, mailbox: Mailbox, south: Org) -> None:
    somebody = new_member(house, mailbox, south)
    assert run_cli("org", "suspend", "--org", "South", "--data-dir", str(house.data_dir)).returncode == 0
    try:
        assert code(somebody.try_sign_in()) == (403, "organizations.suspended")
        assert code(somebody.try_sign_in(password="wrong")) == (401, "auth.sign_in_failed")
        awaited(lambda: somebody.call("GET", "/api/v2/me").status_code == 403)
    finally:
        run_cli("org", "resume", "--org", "South", "--data-dir", str(house.data_dir))
    awaited(lambda: somebody.call("GET", "/api/v2/me").status_code == 200)


def test_a_forgotten_password_is_set_again_by_mail(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    old, elsewhere = somebody.password, Somebody(house, somebody.email).sign_in()
    for email in (somebody.email, "nobody-at-all@example.org"):
        answer = somebody.http.post(f"{AUTH}/password/forgot", json={"email": email})
        assert (answer.status_code, answer.content) == (202, b"")
    token = mailbox.token_for(somebody.email, 2)
    reset = {"token": token, "new_password": "another passphrase 99"}
    assert somebody.http.post(f"{AUTH}/password/reset", json=reset | {"new_password": "short"}).status_code == 400
    assert somebody.http.post(f"{AUTH}/password/reset", json=reset).status_code == 204
    assert code(somebody.http.post(f"{AUTH}/password/reset", json=reset)) == (400, "auth.mail_token_invalid")
    assert not somebody.works
    assert not elsewhere.works
    assert code(somebody.refresh()) == (401, "auth.refresh_invalid")
    assert code(somebody.try_sign_in(password=old)) == (401, "auth.sign_in_failed")
    somebody.sign_in(password="another passphrase 99")
    assert "reset" in mailbox.wait_for(somebody.email, 3).get_content()
    assert not [mail for mail in mailbox.mails if mail["To"] == "nobody-at-all@example.org"]


def test_a_changed_password_ends_the_other_sessions(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    elsewhere = Somebody(house, somebody.email).sign_in()
    change = {"current_password": "wrong", "new_password": "another passphrase 99"}
    assert code(somebody.call("POST", "/api/v2/profile/password", change)) == (403, "auth.password_wrong")
    for weak in ("short", "password1234", "aaaaaaaaaaaaaa", somebody.email):
        answer = somebody.call("POST", "/api/v2/profile/password", {"current_password": PASSWORD, "new_password": weak})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "new_password")
    change["current_password"] = PASSWORD
    assert somebody.call("POST", "/api/v2/profile/password", change).status_code == 204
    assert somebody.works
    assert not elsewhere.works
    somebody.sign_in(password="another passphrase 99")


def test_refresh_tokens_work_once(house: RunningServer, north: Org) -> None:
    owner = owner_of(house, north)
    first = owner.tokens["refresh_token"]
    renewed = owner.refresh().json()
    assert renewed["session_id"] == owner.tokens["session_id"]
    owner.take(renewed)
    assert owner.works
    assert code(owner.refresh(first)) == (401, "auth.refresh_invalid")
    assert not owner.works, "whoever shows a used one holds a copy, or somebody else does"
    assert code(owner.refresh()) == (401, "auth.refresh_invalid")
    assert audit(house, north, "auth.session.reuse")[0]["outcome"] == "failure"
    for text in ("prt_nonsense", "é", "x" * 1000):
        assert code(owner.refresh(text)) == (401, "auth.refresh_invalid")


def test_of_two_refreshes_at_once_at_most_one_wins(house: RunningServer, north: Org) -> None:
    for _ in range(5):
        owner = owner_of(house, north)
        answers: list[httpx.Response] = []
        barrier = threading.Barrier(4)

        def go(somebody: Somebody = owner, into: list[httpx.Response] = answers, at: threading.Barrier = barrier) -> None:
            at.wait()
            into.append(somebody.refresh())

        threads = [threading.Thread(target=go) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers)[1:] == [401] * 3
        assert not owner.works


def test_sessions_are_listed_and_ended(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    elsewhere = Somebody(house, somebody.email, place="203.0.113.9").sign_in()
    rows = somebody.call("GET", "/api/v2/profile/sessions").json()["data"]
    assert [row["current"] for row in rows] == [False, True]
    assert rows[0]["address"] == "203.0.113.9"
    assert rows[0]["user_agent"].startswith("python-httpx")
    assert somebody.call("DELETE", f"/api/v2/profile/sessions/{rows[0]['id']}").status_code == 204
    assert not elsewhere.works
    assert somebody.works
    gone = somebody.call("DELETE", f"/api/v2/profile/sessions/{rows[0]['id']}")
    assert code(gone) == (404, "sessions.not_found")
    answer = somebody.http.post(f"{AUTH}/sign-out", json={"refresh_token": somebody.tokens["refresh_token"]})
    assert answer.status_code == 204
    assert not somebody.works
    owner = owner_of(house, north)
    somebody.sign_in()
    path = f"/api/v2/members/{somebody.tokens['user_id']}/sessions"
    assert [row["id"] for row in owner.call("GET", path).json()["data"]] == [somebody.tokens["session_id"]]
    assert owner.call("DELETE", path).status_code == 204
    assert not somebody.works


def test_a_stream_ends_with_its_session(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    headers = {"Authorization": f"Bearer {somebody.tokens['access_token']}", "X-Organization-Id": north.organization_id}
    with somebody.http.stream("GET", "/api/v2/streams/sse", headers=headers) as response:
        assert response.status_code == 200
        owner_of(house, north).call("DELETE", f"/api/v2/members/{somebody.tokens['user_id']}/sessions")
        deadline = time.monotonic() + CEILING_S
        for _ in response.iter_raw():
            assert time.monotonic() < deadline, "it goes on"


def test_guessing_gets_slower_and_locks_nobody_out(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    guesser = Somebody(house, somebody.email, "guess")
    answers = [guesser.try_sign_in() for _ in range(8)]
    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    assert code(answers[-1]) == (429, "auth.too_many_attempts")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    stranger = Somebody(house, somebody.email)
    assert stranger.try_sign_in().status_code == 429, "the account waits, wherever the next guess comes from"
    somebody.sign_in()  # but not for whoever was here before
    assert eventually(lambda: stranger.try_sign_in().status_code == 200), "soon it is let in"


def test_one_address_cannot_go_through_many_accounts(house: RunningServer) -> None:
    def guess(number: int) -> int:
        return Somebody(house, f"a{number}@example.org", "guess", place="198.51.100.66").try_sign_in().status_code

    assert [guess(number) for number in range(30)] == [401] * 30
    # While a slow machine guesses, the address may be allowed some more: it is stopped all the same.
    assert any(guess(number) == 429 for number in range(30, 200))
    assert Somebody(house, "a1@example.org", "guess", place="198.51.100.67").try_sign_in().status_code == 401


def sessions_ended(house: RunningServer, org: Org, somebody: Somebody) -> None:
    with house.client(org) as api:
        assert api.delete(f"/api/v2/members/{somebody.tokens['user_id']}/sessions").status_code == 204


def removed(house: RunningServer, org: Org, somebody: Somebody) -> None:
    with house.client(org) as api:
        assert api.delete(f"/api/v2/members/{somebody.tokens['user_id']}").status_code == 200


def password_changed(house: RunningServer, org: Org, somebody: Somebody) -> None:
    given = {"current_password": somebody.password, "new_password": f"{PASSWORD} anew"}
    assert somebody.call("POST", "/api/v2/profile/password", given).status_code == 204


def operator(*commands: str) -> Callable[[RunningServer, Org, Somebody], None]:
    """What the operator does with somebody on the command line."""

    def act(house: RunningServer, org: Org, somebody: Somebody) -> None:
        for command in commands:
            done = run_cli("user", command, "--email", somebody.email, "--data-dir", str(house.data_dir))
            assert done.returncode == 0, done.stderr

    return act


ENDINGS: dict[str, Callable[[RunningServer, Org, Somebody], None]] = {
    "a change of the password": password_changed,
    "the end of all sessions": sessions_ended,
    "a removal": removed,
    "a password from the operator": operator("set-password"),
    "a suspension that was lifted": operator("suspend", "resume"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_mailed_reset_ends_with(house: RunningServer, mailbox: Mailbox, north: Org, ending: str) -> None:
    somebody = new_member(house, mailbox, north)
    assert somebody.http.post(f"{AUTH}/password/forgot", json={"email": somebody.email}).status_code == 202
    token = mailbox.wait_for_token(somebody.email, "prw_")
    ENDINGS[ending](house, north, somebody)
    reset = somebody.http.post(f"{AUTH}/password/reset", json={"token": token, "new_password": f"{PASSWORD} twice"})
    assert code(reset) == (400, "auth.mail_token_invalid")


def test_a_restart_forgets_no_usual_place(tmp_path: Path) -> None:
    settings = {
        "PENSTOCK_HTTP_TRUSTED_PROXIES": "127.0.0.1",
        "PENSTOCK_PEOPLE_ATTEMPTS_PER_ACCOUNT": "3",
        "PENSTOCK_PEOPLE_MAX_WAIT_S": "900",
    }
    with running_server(tmp_path / "data", environment=settings) as server:
        ada = server.orgs["Acme"]
        Somebody(server, ada.user_email, ada.user_password, "10.1.0.1").sign_in()
        Somebody(server, ada.user_email, ada.user_password, "2001:db8:7::1").sign_in()
    with running_server(tmp_path / "data", orgs=(), environment=settings) as server:
        guesser = Somebody(server, ada.user_email, "a guess", "10.9.9.9")
        assert [guesser.try_sign_in().status_code for _ in range(4)] == [401, 401, 401, 429]
        new_place = Somebody(server, ada.user_email, ada.user_password, "10.8.8.8")
        assert new_place.try_sign_in().status_code == 429
        for usual in ("10.1.0.1", "2001:db8:7::99"):  # a client with IPv6 has its whole network
            Somebody(server, ada.user_email.upper(), ada.user_password, usual).sign_in()


def test_sessions_have_pages(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    for _ in range(4):
        somebody.sign_in()
    owner = owner_of(house, north)
    for who, path in ((somebody, "/api/v2/profile/sessions"), (owner, f"/api/v2/members/{somebody.tokens['user_id']}/sessions")):
        whole = [row["id"] for row in who.call("GET", path).json()["data"]]
        assert len(whole) == 5
        found, place = [], f"{path}?limit=2"
        while True:
            page = who.call("GET", place).json()
            found += [row["id"] for row in page["data"]]
            if page["next_cursor"] is None:
                break
            place = f"{path}?limit=2&cursor={page['next_cursor']}"
        assert found == whole
