"""Who leaves takes along what they could do, over every door, and nothing else: keys end with the person who answers for them."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from penstock.core.people.models import Role
from penstock.core.people.roles import SCOPES
from penstock.core.tenancy.scopes import ALL
from tests.api.live.reader import SseReader
from tests.ingress.mqtt.test_live import Program
from tests.security.people import Person, Registry
from tests.security.table import plain_reads
from tests.support.server import Org, RunningServer, bootstrap_org, run_cli, running_server
from tests.support.waiting import awaited

ADMIN = sorted(SCOPES[Role.ADMIN])


class House:
    """An organisation with people and the keys that they make, rotate and hand on."""

    def __init__(self, server: RunningServer, org: Org) -> None:
        self.server, self.org = server, org
        self.registry = Registry(server.data_dir, org.organization_id)
        self.clients: list[httpx.Client] = []

    def client(self, headers: dict[str, str]) -> httpx.Client:
        opened = self.server.client()
        opened.headers.update({"X-Organization-Id": self.org.organization_id} | headers)
        self.clients.append(opened)
        return opened

    def as_person(self, person: Person) -> httpx.Client:
        return self.client({"Authorization": f"Bearer {person.access_token}"})

    def as_key(self, value: str) -> httpx.Client:
        return self.client({"X-API-Key": value})

    def status(self, value: str, path: str = "/api/v2/devices") -> int:
        return self.as_key(value).get(path).status_code


@pytest.fixture
def house(server: RunningServer) -> Iterator[House]:
    made = House(server, bootstrap_org(server.data_dir, f"roots {secrets.token_hex(4)}"))
    yield made
    for client in made.clients:
        client.close()


def made_by(client: httpx.Client, **fields: Any) -> tuple[str, str]:
    """The id and value of a new key."""
    answer = client.post("/api/v2/keys", json={"name": "test", "scopes": ADMIN} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["key"]["id"], answer.json()["value"]


def rotated_by(client: httpx.Client, key_id: str) -> tuple[str, str]:
    answer = client.post(f"/api/v2/keys/{key_id}/rotate", json={})
    assert answer.status_code == 201, answer.text
    return answer.json()["key"]["id"], answer.json()["value"]


def keys_of(house: House, person: Person, other: Person) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """Keys whose root is a person, by how they came about, and keys whose root is not, though the person had a hand in them."""
    own, operator, others = house.as_person(person), house.as_key(house.org.api_key), house.as_person(other)
    plain = made_by(own)
    by_key = made_by(house.as_key(plain[1]))
    by_key_of_key = made_by(house.as_key(by_key[1]))
    theirs = {
        "made by a session": plain,
        "made by a key": by_key,
        "made by a key of a key": by_key_of_key,
        "rotated by the person": rotated_by(own, made_by(own)[0]),
        "rotated by a key of the person": rotated_by(house.as_key(plain[1]), made_by(own)[0]),
        "rotated by another person": rotated_by(others, made_by(own)[0]),
        "rotated by the operator's key": rotated_by(operator, made_by(own)[0]),
        "made by a rotated key": made_by(house.as_key(rotated_by(own, made_by(own)[0])[1])),
    }
    rotated = rotated_by(own, made_by(operator)[0])
    not_theirs = {
        "of the operator": made_by(operator),
        "of the operator, rotated by the person": rotated,
        "of the operator, rotated by a key of the person": rotated_by(house.as_key(plain[1]), made_by(operator)[0]),
        "made by a key of the operator that the person rotated": made_by(house.as_key(rotated[1])),
        "of another person, rotated by the person": rotated_by(own, made_by(others)[0]),
        "of another person": made_by(others),
    }
    return theirs, not_theirs


def test_a_key_says_who_answers_for_it(house: House) -> None:
    person, other = house.registry.members("ada", "admin", "admin")
    theirs, not_theirs = keys_of(house, person, other)
    operator = house.as_key(house.org.api_key)
    roots = {how: operator.get(f"/api/v2/keys/{key_id}").json()["root"] for how, (key_id, _) in (theirs | not_theirs).items()}
    assert {how for how, root in roots.items() if root == person.user_id} == set(theirs)
    assert {how for how, root in roots.items() if root == other.user_id} == {how for how in not_theirs if "another" in how}
    assert {how for how, root in roots.items() if root == "operator"} == {how for how in not_theirs if "operator" in how}
    assert {one["id"]: one["root"] for one in operator.get("/api/v2/keys?limit=1000").json()["data"]}[
        theirs["made by a key"][0]
    ] == person.user_id
    entries = operator.get("/api/v2/logs", params={"action": "apikey.create", "limit": 200}).json()["data"]
    told = {one["target_id"]: one["details"]["after"]["root"] for one in entries}
    assert told[theirs["made by a key of a key"][0]] == person.user_id
    assert told[not_theirs["of the operator"][0]] == "operator"


def removed(house: House, person: Person) -> None:
    house.as_key(house.org.api_key).delete(f"/api/v2/members/{person.user_id}").raise_for_status()


def suspended(house: House, person: Person) -> None:
    assert run_cli("user", "suspend", "--email", person.email, "--data-dir", str(house.server.data_dir)).returncode == 0


@pytest.mark.parametrize("leave", [removed, suspended])
def test_exactly_the_keys_of_who_leaves_end(house: House, leave: Callable[[House, Person], None]) -> None:
    person, other = house.registry.members("ada", "admin", "admin")
    theirs, not_theirs = keys_of(house, person, other)
    assert {house.status(value) for _, value in (theirs | not_theirs).values()} == {200}
    leave(house, person)
    # A running server is told of its own acts at once, and notices those of the command line within a second.
    if leave is removed:
        assert {how: house.status(value) for how, (_, value) in theirs.items()} == dict.fromkeys(theirs, 401)
    awaited(lambda: {house.status(value) for _, value in theirs.values()} == {401})
    assert {how: house.status(value) for how, (_, value) in not_theirs.items()} == dict.fromkeys(not_theirs, 200)
    for surface, path in plain_reads().items():
        for key, wanted in ((theirs["made by a key"], False), (not_theirs["of the operator"], True)):
            assert (house.status(key[1], path) == 200) is wanted, surface


def test_a_suspension_that_ends_gives_the_keys_back(house: House) -> None:
    (person,) = house.registry.members("ada", "admin")
    key_id, value = made_by(house.as_person(person))
    suspended(house, person)
    awaited(lambda: house.status(value) == 401)
    refused = house.as_key(value).get("/api/v2/devices").json()
    assert (refused["code"], refused["detail"]) == ("auth.key_not_active", "the key is suspended")
    shown = house.as_key(house.org.api_key).get(f"/api/v2/keys/{key_id}").json()
    assert (shown["status"], shown["effective_scopes"], shown["scopes"]) == ("active", [], ADMIN)
    assert run_cli("user", "resume", "--email", person.email, "--data-dir", str(house.server.data_dir)).returncode == 0
    awaited(lambda: house.status(value) == 200)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_a_key_can_do_what_its_root_can_do_now(house: House, role: Role) -> None:
    (person,) = house.registry.members("ada", "admin")
    own, operator = house.as_person(person), house.as_key(house.org.api_key)
    _, plain = made_by(own)
    handed_id, handed = made_by(house.as_key(plain))
    _, kept = made_by(operator, scopes=sorted(ALL))

    def able(value: str) -> set[int]:
        client = house.as_key(value)
        made = client.post("/api/v2/webhooks", json={"url": "https://example.org/x", "topics": ["device.*"]})
        return {client.get("/api/v2/devices").status_code, made.status_code, client.get("/api/v2/keys").status_code}

    assert able(handed) == {200, 201}
    answer = operator.patch(f"/api/v2/members/{person.user_id}", json={"role": role.value})
    assert answer.status_code == 200, answer.text
    # At once, as the answer to a demotion is its acknowledgement.
    assert able(handed) == able(plain) == {200, 403}
    assert able(kept) == {200, 201}
    shown = operator.get(f"/api/v2/keys/{handed_id}").json()
    assert set(shown["effective_scopes"]) == set(ADMIN) & SCOPES[role]
    operator.patch(f"/api/v2/members/{person.user_id}", json={"role": "owner"}).raise_for_status()
    assert able(handed) == {200, 201}


def test_what_is_open_closes_with_its_root(house: House) -> None:
    (person,) = house.registry.members("ada", "admin")
    _, value = made_by(house.as_person(person))
    keyed, stays = house.as_key(value), house.as_key(house.org.api_key)
    ticket = keyed.post("/api/v2/streams/tickets").json()["ticket"]
    unused = keyed.post("/api/v2/streams/tickets").json()["ticket"]
    readers = [SseReader(keyed), SseReader(house.client({}), f"?ticket={ticket}")]
    other = SseReader(stays)
    program = Program(house.server.mqtt_port, value, MQTTProtocolVersion.MQTTv5)
    assert program.start() == "Success"
    for reader in (*readers, other):
        reader.next("ready")
    removed(house, person)
    assert [reader.next("end").data["reason"] for reader in readers] == ["credential_revoked"] * 2
    assert program.next("disconnect").is_failure
    program.stop()
    refused = house.client({}).get("/api/v2/streams/sse", params={"ticket": unused})
    assert refused.status_code == 401
    device = stays.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"]
    stays.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"t": 1}}).raise_for_status()
    assert other.next("reading").data["data"] == {"t": 1}, "a reader with another root stays"
    for reader in (*readers, other):
        reader.close()


INVITED = Role.ADMIN.value


def invited_by(house: House, client: httpx.Client) -> str:
    """The token of an invitation, which a client sends."""
    email = f"{secrets.token_hex(6)}@example.org"
    answer = client.post("/api/v2/invitations", json={"email": email, "role": INVITED})
    assert answer.status_code == 201, answer.text
    return mailed_token(house, email)


def mailed_token(house: House, email: str) -> str:
    """The token of the newest mail to a person, from the folder that takes the place of a mail server."""

    def found() -> list[str]:
        mails = [path.read_text() for path in sorted((house.server.data_dir / "mail").glob("*.eml"))]
        return [token for mail in mails if f"To: {email}\n" in mail for token in re.findall(r"pin_[0-9A-Za-z]{36}", mail)]

    return awaited(found)[-1]


def accepted(house: House, token: str) -> int:
    body = {"token": token, "password": "a long enough passphrase 7", "name": "Eve"}
    return house.client({}).post("/api/v2/auth/invitations/accept", json=body).status_code


def demoted(house: House, person: Person) -> None:
    answer = house.as_key(house.org.api_key).patch(f"/api/v2/members/{person.user_id}", json={"role": "member"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("leave", [removed, suspended, demoted])
def test_an_invitation_counts_while_who_answers_for_it_could_still_send_it(
    house: House, leave: Callable[[House, Person], None]
) -> None:
    (person,) = house.registry.members("ada", "admin")
    own, operator = house.as_person(person), house.as_key(house.org.api_key)
    plain_id, plain = made_by(own)
    by_key = house.as_key(made_by(house.as_key(plain))[1])
    tokens = {
        "a session": invited_by(house, own),
        "a key": invited_by(house, house.as_key(plain)),
        "a key of a key": invited_by(house, by_key),
        "a key that was then rotated": invited_by(house, house.as_key(plain)),
        "a rotated key": invited_by(house, house.as_key(rotated_by(own, plain_id)[1])),
    }
    not_theirs = invited_by(house, house.as_key(rotated_by(own, made_by(operator)[0])[1]))
    leave(house, person)
    assert {how: accepted(house, token) for how, token in tokens.items()} == dict.fromkeys(tokens, 400)
    assert accepted(house, not_theirs) == 201


def test_an_invitation_outlives_a_rotation_and_not_a_revocation_of_its_key(house: House) -> None:
    operator = house.as_key(house.org.api_key)
    key_id, value = made_by(operator)
    stays, ends = (invited_by(house, house.as_key(value)) for _ in range(2))
    new_id, _ = rotated_by(operator, key_id)
    assert accepted(house, stays) == 201
    operator.post(f"/api/v2/keys/{new_id}/revoke").raise_for_status()
    assert accepted(house, ends) == 400


def test_who_signed_up_answers_for_the_first_key_and_what_came_of_it(tmp_path: Path) -> None:
    environment = {"PENSTOCK_SIGNUP_ENABLED": "true", "PENSTOCK_SIGNUP_PLAN": "enterprise"}
    with running_server(tmp_path / "data", environment=environment) as server:
        with server.client() as visitor:
            new = visitor.post("/api/v2/signup", json={"organization": "Mill", "email": "mill@example.org"}).json()
        house = House(server, Org(new["organization_id"], new["project_id"], "mill@example.org", "", new["api_key"]))
        first = house.as_key(new["api_key"])
        child_id, child = made_by(first)
        rotated_id, rotated = rotated_by(first, made_by(first)[0])
        of_operator = run_cli(
            "key",
            "create",
            "--org",
            "Mill",
            "--name",
            "cli",
            "--scopes",
            "devices:read",
            "--json",
            "--data-dir",
            str(server.data_dir),
        )
        kept = json.loads(of_operator.stdout)
        theirs = {new["key_id"]: new["api_key"], child_id: child, rotated_id: rotated}

        def roots() -> dict[str, str]:
            return {one["id"]: one["root"] for one in first.get("/api/v2/keys?status=active").json()["data"]}

        assert roots() == dict.fromkeys([*theirs, kept["key_id"]], "operator")
        assert accepted(house, mailed_token(house, "mill@example.org")) == 201
        owner = house.as_key(kept["api_key"])
        (member,) = first.get("/api/v2/members").json()["data"]
        assert roots() == dict.fromkeys(theirs, member["user_id"]) | {kept["key_id"]: "operator"}
        (entry,) = first.get("/api/v2/logs", params={"action": "org.user.join"}).json()["data"]
        assert set(theirs) <= set(entry["details"]["answers_for"])
        assert run_cli("user", "suspend", "--email", "mill@example.org", "--data-dir", str(server.data_dir)).returncode == 0
        awaited(lambda: {house.status(value) for value in theirs.values()} == {401})
        assert owner.get("/api/v2/devices").status_code == 200
        for client in house.clients:
            client.close()
