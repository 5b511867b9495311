"""What an organisation holds of everything that an operation can name."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import httpx
import msgspec

from penstock.kit.operation import Operation
from penstock.kit.secret import SHOWN_PREFIX
from tests.security import dialects
from tests.security.holdings import codecs, connections, imports, redecodes
from tests.security.holdings.alerts import make_alerts
from tests.security.holdings.dashboards import make_dashboards
from tests.security.holdings.documents import make_logo
from tests.security.holdings.event_types import hold_event_type
from tests.security.holdings.expressions import make_reading
from tests.security.holdings.grants import make_grants, make_seed_requests
from tests.security.holdings.inboxes import make_inbox
from tests.security.holdings.invoices import make_invoices
from tests.security.holdings.meter_alarms import make_meter_alarm
from tests.security.holdings.meters import make_meter
from tests.security.holdings.notifications import make_channel
from tests.security.holdings.rules import make_rules
from tests.security.holdings.secrets import make_secret
from tests.security.holdings.sensor_templates import make_sensor_template
from tests.security.holdings.sms_accounts import make_sms_account
from tests.security.holdings.tokens import make_token
from tests.security.holdings.webhooks import make_webhooks
from tests.security.people import Person, Registry
from tests.security.table import path_parameters, references
from tests.support.server import Org

Make = Callable[[Callable[..., Any], str, str], dict[str, str]]
"""Given a caller `call(method, path, body)`, a device's id and a unique name: makes things, and tells the values of path
parameters that name them. All of them are marks by which a leak is recognised."""


class Noun(msgspec.Struct, frozen=True):
    """What a noun adds, in `tests/security/holdings/`: for calls below these paths, and for those that take one of its ids."""

    make: Make
    names: frozenset[str]
    paths: tuple[str, ...]

    def is_for(self, operation: Operation) -> bool:
        """Whether calls of an operation need it."""
        taken = {*path_parameters(operation), *references(operation.query), *references(operation.body)}
        return operation.path.startswith(self.paths) or bool(self.names & taken)


def _below_tokens(part: str) -> tuple[str, ...]:
    return f"/api/v2/tokens/{{token}}/{part}", f"/v1/tokens/{{token}}/{part}"


MORE = (
    Noun(codecs.make, frozenset({"profile_id", "codec_id"}), ("/api/v2/profiles", "/api/v2/codecs")),
    Noun(
        connections.make,
        frozenset({"connection_id"}),
        ("/api/v2/connect", "/api/v2/devices/{device_id}/connection", "/api/v2/devices/{device_id}/events"),
    ),
    Noun(imports.make, frozenset({"import_id"}), ("/api/v2/imports",)),
    Noun(redecodes.make, frozenset({"redecode_id"}), ("/api/v2/redecodes",)),
    Noun(hold_event_type, frozenset({"event_type_id"}), ("/api/v2/event-types",)),
    Noun(make_reading, frozenset({"reading_id"}), ("/api/v2/expressions",)),
    Noun(make_meter, frozenset({"edit_id"}), ("/api/v2/devices/{device_id}/meter",)),
    Noun(
        make_meter_alarm,
        frozenset({"alarm_id"}),
        ("/api/v2/meter-alarms", "/api/v2/profile/meter-alarms", "/api/v2/devices/{device_id}/meter/alarm-settings"),
    ),
    Noun(make_logo, frozenset(), ("/api/v2/organization/logo",)),
    Noun(
        make_invoices,
        frozenset({"tariff_id", "invoice_id", "invoice_run_id", "hold_id"}),
        ("/api/v2/tariffs", "/api/v2/invoice", "/api/v2/customers/{customer_id}/"),
    ),
    Noun(make_alerts, frozenset({"alert_id", "event_id"}), ("/api/v2/alert", "/v1/alerts")),
    Noun(make_sensor_template, frozenset({"template_id"}), ("/api/v2/sensor-templates",)),
    Noun(
        make_dashboards,
        frozenset({"folder_id", "parent_id", "dashboard_id", "widget_id", "share_id"}),
        ("/api/v2/dashboard", "/api/v2/widgets", "/api/v2/shared/dashboards"),
    ),
    Noun(make_secret, frozenset({"secret_id"}), ("/api/v2/secrets",)),
    Noun(make_channel, frozenset({"channel_id"}), ("/api/v2/notification-channels",)),
    Noun(
        make_rules,
        frozenset({"rule_id", "version_id", "run_id", "rehearsal_id", "hook_id"}),
        ("/api/v2/rule", "/api/v2/rehearsals", "/api/v2/hooks"),
    ),
    Noun(make_token, frozenset({"token"}), ("/api/v2/tokens", "/v1/tokens")),
    Noun(make_grants, frozenset({"grant_id", "subject"}), ("/api/v2/token-grants", *_below_tokens("grants"))),
    Noun(make_seed_requests, frozenset({"request_id"}), ("/api/v2/seed-requests", *_below_tokens("seed-requests"))),
    Noun(make_sms_account, frozenset({"account_id", "account_token"}), ("/api/v2/inbox/accounts", "/sms/twilio")),
    Noun(
        make_inbox,
        frozenset({"address_id", "inbox_message_id", "sms_id", "account_sid", "message_sid"}),
        ("/api/v2/inbox", "/v1/sms", "/2010-04-01"),
    ),
    Noun(make_webhooks, frozenset({"webhook_id", "message_id"}), ("/api/v2/webhook", "/v1/webhooks")),
)


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """What one organisation has of everything that an operation can name."""

    org: Org
    device_id: str
    token: str
    gone_device_id: str
    project_id: str
    serial: str
    gone_serial: str
    eui: str
    external: str
    sensor_key: str
    key_id: str
    own_key: str
    gone_key: str
    fresh_key_id: Callable[[], str]
    fresh_pair_code: Callable[[], str]
    fresh_agent_token: Callable[[], str]
    people: Registry
    person: Person
    member: Person
    group_id: str
    invitation_id: str
    definition_id: str
    gone_definition_id: str
    execution_id: str
    fetched_execution_id: str
    customer_id: str
    gone_customer_id: str
    resident_id: str
    waiting_eui: str
    project_alias: str
    license_id: str
    fresh_license_id: Callable[[], str]
    fresh_resident_id: Callable[[], str]
    more: dict[str, str]
    marks: frozenset[str]

    @property
    def path(self) -> dict[str, str]:
        """Values for the parameters of paths, by name."""
        return {
            "device_id": self.device_id,
            "project_id": self.project_id,
            "key": self.sensor_key,
            "kind": "serial",
            "value": self.serial,
            "key_id": self.key_id,
            "user_id": self.member.user_id,
            "session_id": self.person.session_id,
            "group_id": self.group_id,
            "invitation_id": self.invitation_id,
            "definition_id": self.definition_id,
            "execution_id": self.execution_id,
            "dev_eui": self.eui,
            "customer_id": self.customer_id,
            "resident_id": self.resident_id,
            "waiting_eui": self.waiting_eui,
            "project_alias": self.project_alias,
            "license_id": self.license_id,
            "version": "1",
        } | self.more


def make_holding(client: httpx.Client, org: Org, mark: str, operation: Operation | None = None) -> Holding:
    """Give an organisation a device with sensors and readings, a project, and the ids of things that are gone.

    And what nouns add: those that calls of one operation need, or all.
    """

    def call(method: str, path: str, body: Any = None) -> Any:
        response = client.request(method, path, json=body, headers=org.headers())
        assert response.is_success, response.text
        return response.json() if response.content else None

    unique = f"{mark}-{secrets.token_hex(6)}"
    own_key, gone_key = f"{mark}_own", f"{mark}_gone"
    project = call("POST", "/api/v2/projects", {"name": f"{unique} project"})
    sensors = [{"key": key} for key in ("temperature", "rule_holding", own_key, gone_key)]
    made = []
    for name in ("device", "gone"):
        identifiers = [
            {"kind": "serial", "value": f"{unique}-{name}"},
            {"kind": "eui", "value": secrets.token_hex(8)},
            {"kind": "external", "value": f"{unique}-{name}-external"},
        ]
        wanted = {"name": f"{unique} {name}", "identifiers": identifiers, "sensors": sensors, "project_id": project["id"]}
        made.append(call("POST", "/api/v2/devices", wanted))
        readings = [{"data": {"temperature": 20.5 + number, own_key: f"{unique} reading"}} for number in range(3)]
        late = [{"data": {"temperature": 1}, "time": "2099-01-01T00:00:00Z", "kind": unique[:60]} for _ in range(2)]
        call("POST", f"/api/v2/devices/{made[-1]['device']['id']}/telemetry", readings + late)
    eui = next(one["value"] for one in made[0]["device"]["identifiers"] if one["kind"] == "eui")
    key_prefix = org.api_key[:SHOWN_PREFIX]

    def fresh_key_id() -> str:
        return str(call("POST", "/api/v2/keys", {"name": f"{unique} key"})["key"]["id"])

    def fresh_pair_code() -> str:
        return str(call("POST", f"/api/v2/devices/{device['id']}/pair-code")["pair_code"])

    key_id = fresh_key_id()
    people = Registry(org.data_dir, org.organization_id, org.run)
    people.online(*(one["device"]["id"] for one in made))
    person, member = people.members(unique, "owner", "viewer")
    group = call("POST", "/api/v2/groups", {"name": f"{unique} group"})
    call("PUT", f"/api/v2/groups/{group['id']}/members/{member.user_id}")
    call("PUT", f"/api/v2/groups/{group['id']}/members/{person.user_id}")
    invitation = call("POST", "/api/v2/invitations", {"email": f"{unique}@example.org"})
    threshold = {"name": "set_alarm_threshold", "parameters": [{"name": "threshold", "type": "number"}]}
    call("POST", "/api/v2/commands", threshold | {"project_id": project["id"]})
    definitions, executions = _make_commands(call, made[0]["device"]["id"], unique[:60])
    customer, gone_customer, resident_id, waiting_eui = _make_customers(call, unique)
    licenses = f"/api/v2/projects/{project['id']}/licenses"

    def fresh_license_id() -> str:
        return str(call("POST", licenses, {})["data"][0]["id"])

    def fresh_resident_id() -> str:
        wanted = {"name": f"{unique} resident", "email": f"n-{secrets.token_hex(8)}@example.org"}
        return str(call("POST", f"/api/v2/customers/{customer}/residents", wanted)["id"])

    own = {"Authorization": f"Bearer {made[0]['access_token']}"}
    client.get("/api/v2/device/commands", params={"limit": "1"}, headers=own)
    (device, token), (gone, _) = [(one["device"], one["access_token"]) for one in made]
    call("DELETE", f"/api/v2/devices/{gone['id']}")
    license_id = next(one["id"] for one in call("GET", licenses)["data"] if one["device_id"] == device["id"])
    call("DELETE", f"/api/v2/devices/{device['id']}/sensors/{gone_key}")
    more = {"statement_id": people.statement(unique)}
    for noun in MORE:
        if operation is None or noun.is_for(operation):
            more |= noun.make(call, device["id"], unique)
    ids = {"device_id": device["id"], "project_alias": project["alias"], "license_id": license_id}
    for dialect in dialects.KNOWN.values():
        more |= dialect.hold(call, ids | {"customer_id": customer, "resident_id": resident_id})
    return Holding(
        org=org,
        device_id=device["id"],
        token=token,
        gone_device_id=gone["id"],
        project_id=project["id"],
        serial=f"{unique}-device",
        gone_serial=f"{unique}-gone",
        eui=eui,
        external=f"{unique}-device-external",
        sensor_key="temperature",
        own_key=own_key,
        gone_key=gone_key,
        key_id=key_id,
        fresh_key_id=fresh_key_id,
        fresh_pair_code=fresh_pair_code,
        fresh_agent_token=lambda: str(call("POST", "/api/v2/agents/provision", {"pair_code": fresh_pair_code()})["token"]),
        people=people,
        person=person,
        member=member,
        group_id=group["id"],
        invitation_id=invitation["id"],
        definition_id=definitions[0],
        gone_definition_id=definitions[2],
        fetched_execution_id=executions[0],
        project_alias=project["alias"],
        license_id=license_id,
        fresh_license_id=fresh_license_id,
        fresh_resident_id=fresh_resident_id,
        execution_id=executions[1],
        customer_id=customer,
        gone_customer_id=gone_customer,
        resident_id=resident_id,
        waiting_eui=waiting_eui,
        more=more,
        marks=frozenset(
            {unique, eui, device["id"], gone["id"], project["id"], org.project_id, org.organization_id, key_prefix, key_id}
            | {person.user_id, person.session_id, member.user_id, member.session_id, group["id"], invitation["id"]}
            | {*definitions, *executions, customer, resident_id, waiting_eui}
            | {project["alias"], license_id, *more.values()}
        ),
    )


def _make_commands(call: Callable[..., Any], device_id: str, name: str) -> tuple[list[str], list[str]]:
    """Three commands of a device, of which the last is deleted, and three executions of the first."""
    path = f"/api/v2/devices/{device_id}/commands"
    seconds = {"name": "seconds", "type": "integer"}
    definitions = [call("POST", path, {"name": f"{name} {n}"[-64:], "parameters": [seconds]})["id"] for n in range(3)]
    executions = [call("POST", f"{path}/{definitions[0]}/execute", {})["id"] for _ in range(3)]
    call("DELETE", f"{path}/{definitions[2]}")
    return definitions, executions


def _make_customers(call: Callable[..., Any], name: str) -> tuple[str, str, str, str]:
    """Two customers of which the second is gone, two residents of the first, and a device that waits for it."""
    customers = []
    for tenant in (f"{name} tenant", f"{name} gone"):
        wanted = {"name": tenant, "admin_email": "ada@example.org", "tenant_name": tenant}
        customers.append(call("POST", "/api/v2/customers", wanted)["id"])
    residents = f"/api/v2/customers/{customers[0]}/residents"
    made = [call("POST", residents, {"name": f"{name} resident", "email": "grace@example.org"}) for _ in range(2)]
    eui = secrets.token_hex(8)
    meters = call("POST", "/api/v2/connections", {"type": "custom", "name": f"{name} meters"})["connection"]["id"]
    uplink = {"dev_eui": eui, "consumption_m3": 1.5, "tenant_name": f"{name} tenant"}
    call("POST", f"/api/v2/ingest/{meters}", uplink)
    call("DELETE", f"/api/v2/customers/{customers[1]}")
    return customers[0], customers[1], made[0]["id"], eui


MakeHolding = Callable[..., Holding]
