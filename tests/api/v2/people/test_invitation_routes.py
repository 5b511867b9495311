"""Invitations over HTTP, by real mail: accepted, sent again, run out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from tests.api.v2.people.somebody import AUTH, Somebody, accept, audit, code, new_member, owner_of
from tests.support.mailbox import Mailbox
from tests.support.server import Org, RunningServer, running_server
from tests.support.waiting import CEILING_S, awaited


def test_somebody_joins_by_mail(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, email = owner_of(house, north), "grace@example.org"
    invited = owner.call("POST", "/api/v2/invitations", {"email": email, "role": "viewer"})
    assert invited.status_code == 201
    invitation = invited.json()
    mail = mailbox.wait_for(email)
    assert mail["From"] == "Penstock <iot@example.org>"
    assert mail["Subject"] == 'Invitation to "North"'
    token = mailbox.token_for(email)
    assert token not in owner.call("GET", f"/api/v2/invitations/{invitation['id']}").text
    assert code(owner.call("POST", "/api/v2/invitations", {"email": "GRACE@example.org"})) == (409, "invitations.exists")
    grace = Somebody(house, email)
    weak = accept(grace, token, password="short")
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (400, "password")
    assert accept(grace, token).json()["role"] == "viewer"
    assert code(accept(grace, token)) == (400, "auth.mail_token_invalid")
    grace.sign_in()
    assert owner.call("GET", f"/api/v2/invitations/{invitation['id']}").json()["status"] == "accepted"
    assert grace.call("GET", "/api/v2/devices").status_code == 200
    assert code(grace.call("POST", "/api/v2/devices", {"name": "no"})) == (403, "auth.scope_missing")
    assert code(grace.call("GET", "/api/v2/keys")) == (403, "auth.scope_missing")
    assert code(owner.call("POST", "/api/v2/invitations", {"email": email})) == (409, "members.exists")
    assert audit(house, north, "org.user.join")[0]["details"]["after"]["invited_by"] == north.user_email


def test_an_invitation_sent_again_has_another_token(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, email = owner_of(house, north), "again@example.org"
    path = f"/api/v2/invitations/{owner.call('POST', '/api/v2/invitations', {'email': email}).json()['id']}"
    first = mailbox.token_for(email)
    assert owner.call("POST", f"{path}/resend").status_code == 200
    second, somebody = mailbox.token_for(email, 2), Somebody(house, email)
    assert code(accept(somebody, first)) == (400, "auth.mail_token_invalid")
    assert owner.call("DELETE", path).status_code == 204
    assert owner.call("DELETE", path).status_code == 204
    assert code(accept(somebody, second)) == (400, "auth.mail_token_invalid")
    assert code(owner.call("POST", f"{path}/resend")) == (409, "invitations.ended")
    assert owner.call("GET", path).json()["status"] == "withdrawn"


def test_an_invitation_runs_out(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, email = owner_of(house, north), "late@example.org"
    owner.call("POST", "/api/v2/invitations", {"email": email})
    token = mailbox.token_for(email)
    with sqlite3.connect(house.data_dir / "penstock.db", timeout=CEILING_S) as database:
        database.execute("UPDATE invitations SET expires_us = 1 WHERE email = ?", (email,))
    database.close()
    assert code(accept(Somebody(house, email), token)) == (400, "auth.mail_token_invalid")
    assert owner.call("POST", "/api/v2/invitations", {"email": email}).status_code == 201


def test_mail_waits_for_the_server_to_take_it(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    mailbox.refuse = 1
    owner, email = owner_of(house, north), "patient@example.org"
    owner.call("POST", "/api/v2/invitations", {"email": email})
    awaited(lambda: mailbox.refuse == 0)
    waiting = sqlite3.connect(house.data_dir / "penstock.db", timeout=CEILING_S)
    awaited(lambda: waiting.execute("SELECT attempts FROM mail_queue").fetchall() == [(1,)])
    sealed = waiting.execute("SELECT sealed FROM mail_queue").fetchone()[0]
    assert b"pin_" not in sealed
    assert email.encode() not in sealed
    waiting.execute("UPDATE mail_queue SET due_us = 0")
    waiting.commit()
    waiting.close()
    assert mailbox.token_for(email).startswith("pin_")


def test_one_person_in_two_organisations(house: RunningServer, mailbox: Mailbox, north: Org, south: Org) -> None:
    somebody = new_member(house, mailbox, north)
    with house.client(south) as api:
        api.post("/api/v2/invitations", json={"email": somebody.email, "role": "admin"})
    token = mailbox.token_for(somebody.email, 2)
    assert code(accept(somebody, token, password="another passphrase 99")) == (401, "auth.sign_in_failed")
    assert accept(somebody, token).status_code == 201
    assert somebody.sign_in().tokens["organization_id"] == north.organization_id
    assert somebody.sign_in(organization_id=south.organization_id).tokens["role"] == "admin"
    switched = somebody.call("POST", f"{AUTH}/switch", {"organization_id": north.organization_id})
    assert switched.json()["role"] == "member"
    somebody.take(switched.json())
    names = [row["organization_name"] for row in somebody.call("GET", "/api/v2/profile").json()["memberships"]]
    assert names == ["North", "South"]
    unknown = somebody.call("POST", f"{AUTH}/switch", {"organization_id": "org_0000000000001"})
    assert code(unknown) == (404, "organizations.not_found")


def test_an_organisation_invites_so_many_a_day_and_a_restart_gives_no_more(tmp_path: Path) -> None:
    settings = {"PENSTOCK_PEOPLE_INVITATIONS_PER_DAY": "3"}
    with running_server(tmp_path / "data", environment=settings) as server:
        with server.client(server.orgs["Acme"]) as api:
            made = [api.post("/api/v2/invitations", json={"email": f"p{number}@example.org"}) for number in range(2)]
            assert api.post(f"/api/v2/invitations/{made[0].json()['id']}/resend").status_code == 200
            refused = api.post("/api/v2/invitations", json={"email": "p3@example.org"})
            assert api.post(f"/api/v2/invitations/{made[0].json()['id']}/resend").status_code == 429
        told = refused.json()
        assert (refused.status_code, told["code"], told["limit"]) == (429, "limits.exceeded", "invitations")
        assert 0 < int(refused.headers["retry-after"]) <= 86_400
        server.process.terminate()
        assert server.process.wait(60) == 0
    with closing(sqlite3.connect(server.data_dir / CONTROL_FILE)) as connection:  # from where the next start takes it
        assert connection.execute("SELECT count FROM limit_days WHERE name = 'invitations'").fetchall() == [(3,)]
