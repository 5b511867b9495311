"""What integrators do over HTTP, done by generated clients of gRPC: each statement by each client, against a real server."""

from __future__ import annotations

import math
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from tests.e2e.grpc.conftest import Receiver
from tests.support.grpc_clients import Api, Refused, Running, typescript_client
from tests.support.server import RunningServer
from tests.support.waiting import awaited, eventually

BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
DAY_S = 86_400
NOON_S = (int(time.time()) // DAY_S - 1) * DAY_S + DAY_S // 2
NOON_US = NOON_S * 1_000_000
"""Noon of yesterday in UTC."""


def at(seconds: int) -> str:
    """A time so many seconds after that noon."""
    return datetime.fromtimestamp(NOON_S + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unique(name: str) -> str:
    return f"{name}-{secrets.token_hex(4)}"


def new_device(api: Api, **about: Any) -> Any:
    return api("DevicesService.CreateDevice", name=unique("Cold room"), **about).created_device


def send(api: Api, device_id: str, *values: dict[str, Any]) -> Any:
    rows = [{"device_id": device_id, "data": one} for one in values]
    return api("TelemetryService.SendReadings", readings=rows).outcome


def latest(api: Api, device_id: str) -> Any:
    return api("TelemetryService.GetLatestReading", device_id=device_id).latest.data


# ── devices and sensors ──


def test_a_device_from_its_creation_to_its_end(api: Api, rest: httpx.Client) -> None:
    identifiers = [{"kind": "KIND_SERIAL", "value": unique("SN")}]
    made = new_device(
        api, type="fridge", labels={"site": "north"}, settings={"interval": 30, "on": True}, identifiers=identifiers
    )
    device = made.device
    assert made.access_token.startswith(device.access_token_prefix)
    over_http = rest.get(f"/api/v2/devices/{device.id}").json()
    assert (over_http["name"], over_http["labels"], over_http["settings"]) == (
        device.name,
        {"site": "north"},
        {"interval": 30, "on": True},
    )
    assert device.Connectivity.Name(device.connectivity) == "CONNECTIVITY_NEVER"
    found = api("DevicesService.GetDevice", device_id=device.id).device
    assert found == device
    changed = api("DevicesService.UpdateDevice", device_id=device.id, description="Left door").device
    assert (changed.description, changed.type, dict(changed.labels)) == ("Left door", "fridge", {"site": "north"})
    cleared = api("DevicesService.UpdateDevice", device_id=device.id, update_mask="labels").device
    assert (dict(cleared.labels), cleared.description) == ({}, "Left door")
    paused = api("DevicesService.PauseDevice", device_id=device.id).device
    assert paused.Status.Name(paused.status) == "STATUS_PAUSED"
    api("DevicesService.ResumeDevice", device_id=device.id)
    api("DevicesService.DeleteDevice", device_id=device.id)
    gone = api.refusal("DevicesService.GetDevice", device_id=device.id)
    assert (gone.code, gone.reason) == ("NOT_FOUND", "devices.not_found")
    assert rest.get(f"/api/v2/devices/{device.id}").json()["code"] == gone.reason


def test_a_list_over_grpc_is_filtered_and_paged(api: Api, rest: httpx.Client) -> None:
    kind = unique("kind")
    made = [new_device(api, type=kind).device.id for _ in range(5)]
    found: list[str] = []
    asked: dict[str, Any] = {"type": kind, "limit": 2, "sort": "SORT_CREATED_AT"}
    while True:
        page = api("DevicesService.ListDevices", **asked)
        assert len(page.data) <= 2
        found += [one.id for one in page.data]
        if not page.HasField("next_cursor"):
            break
        asked["cursor"] = page.next_cursor
    assert found == made
    assert [one["id"] for one in rest.get("/api/v2/devices", params={"type": kind, "sort": "created_at"}).json()["data"]] == made


def test_sensors_are_declared_and_discovered(api: Api) -> None:
    device = new_device(api).device.id
    sensor = {"key": "temperature", "name": "Temperature", "unit": "°C", "value_type": "VALUE_TYPE_FLOAT", "decimals": 1}
    declared = api("SensorsService.DeclareSensor", device_id=device, **sensor).sensor
    assert (declared.unit, declared.decimals, declared.declared) == ("°C", 1, True)
    send(api, device, {"temperature": 4.5, "door": True})

    def keys() -> dict[str, bool]:
        return {one.key: one.declared for one in api("SensorsService.ListSensorsOfDevice", device_id=device).data}

    assert eventually(lambda: keys() == {"temperature": True, "door": False})


# ── readings ──


def test_every_form_of_a_batch_is_stored_alike(api: Api, rest: httpx.Client) -> None:
    device = new_device(api, identifiers=[{"kind": "KIND_SERIAL", "value": (serial := unique("SN"))}]).device.id
    rows = [
        {
            "device_id": device,
            "data": {"t": 1, "state": {"door": "open", "codes": [1, None, "x"]}},
            "time": at(0),
        },
        {"device": serial, "numbers": {"t": 2, "h": 0.5}, "time": at(1), "kind": "climate"},
    ]
    columns = {"device_id": device, "times_us": [NOON_US + 2_000_000, NOON_US + 3_000_000]}
    columns["values"] = [{"name": "t", "numbers": [3, 4.25]}, {"name": "h", "numbers": ["NaN", 1]}]
    outcome = api("TelemetryService.SendReadings", readings=rows, columns=[columns]).outcome
    assert (outcome.accepted, outcome.rejected, len(outcome.seqs)) == (4, 0, 4), outcome
    query = {"order": "asc", "from": at(0), "to": at(60)}
    stored = rest.get(f"/api/v2/devices/{device}/telemetry", params=query).json()["data"]
    assert [one["data"] for one in stored] == [
        {"t": 1, "state": {"door": "open", "codes": [1, None, "x"]}},
        {"t": 2, "h": 0.5},
        {"t": 3},
        {"t": 4.25, "h": 1},
    ]
    assert [one["kind"] for one in stored][1] == "climate"
    assert [one["seq"] for one in stored] == list(outcome.seqs)


def test_rows_that_cannot_be_stored_are_named_and_the_others_stored(api: Api) -> None:
    device = new_device(api).device.id
    rows: list[dict[str, Any]] = [
        {"device_id": device, "data": {"t": 1}},
        {"device_id": "dev_0000000000000", "data": {"t": 2}},
        {},
    ]
    outcome = api("TelemetryService.SendReadings", readings=rows).outcome
    assert (outcome.accepted, outcome.rejected) == (1, 2)
    assert [(one.row, bool(one.detail)) for one in outcome.errors] == [(1, True), (2, True)]
    assert list(map(bool, outcome.seqs)) == [True, False, False]


def test_a_batch_with_a_name_is_stored_once(api: Api) -> None:
    device = new_device(api).device.id
    keyed = api.with_headers({**api.headers, "idempotency-key": unique("batch")})
    first, second = (send(keyed, device, {"t": 1}) for _ in range(2))
    assert list(first.seqs) == list(second.seqs)
    batch = {"batch_id": unique("batch"), "readings": [{"device_id": device, "data": {"t": 2}}]}
    uploaded = api.many("TelemetryService.UploadReadings", batch, batch)[0]
    assert (uploaded.batches, uploaded.accepted) == (2, 2)
    assert api("TelemetryService.ListReadings", device_id=device, limit=10).history.data[0].data["t"] == 2
    assert len(api("TelemetryService.ListReadings", device_id=device, limit=10).history.data) == 2


def test_each_batch_of_a_stream_is_answered_in_order(api: Api) -> None:
    device = new_device(api).device.id
    batches: list[dict[str, Any]] = [
        {"batch_id": f"{unique('b')}-{number}", "readings": [{"device_id": device, "numbers": {"n": number}}] * 3}
        for number in range(5)
    ]
    batches.insert(2, {"batch_id": "empty"})
    answers = api.many("TelemetryService.StreamReadings", *batches)
    assert [one.batch_id for one in answers] == [one["batch_id"] for one in batches]
    assert [one.outcome.accepted for one in answers] == [3, 3, 0, 3, 3, 3]
    assert answers[2].failure.code == "request.invalid"
    seqs = [seq for one in answers for seq in one.outcome.seqs]
    assert seqs == sorted(seqs)
    assert latest(api, device).data["n"] == 4


def test_latest_history_aggregates_and_a_chart(api: Api, rest: httpx.Client) -> None:
    device = new_device(api).device.id
    times = [NOON_US + second * 1_000_000 for second in range(3_000)]
    values = [math.sin(second / 100) for second in range(3_000)]
    columns = [{"device_id": device, "times_us": times, "values": [{"name": "v", "numbers": values}]}]
    assert api("TelemetryService.SendReadings", columns=columns).outcome.accepted == 3_000
    newest = latest(api, device)
    assert (newest.time.seconds, newest.data["v"]) == (NOON_S + 2_999, values[-1])
    several = api("TelemetryService.GetLatestReadingsOfSeveralDevices", devices=device).latest_of_many.data
    assert [one.id for one in several] == [newest.id]
    span = {"device_id": device, "from_time": at(0), "to_time": at(3600)}
    pages = api.many("TelemetryService.ReadHistory", span)
    assert [reading.data["v"] for page in pages for reading in page.readings] == values
    assert len(pages) >= 3
    few = api.many("TelemetryService.ReadHistory", span | {"limit": 5, "order": "ORDER_DESC"})
    assert [reading.time.seconds - NOON_S for page in few for reading in page.readings] == [2999, 2998, 2997, 2996, 2995]
    asked = {"bucket": "10m", "functions": "min,max,count", "fields": "v"}
    buckets = api("TelemetryService.AggregateReadings", **span, **asked).aggregated.data
    query = {"from": span["from_time"], "to": span["to_time"], **asked}
    over_http = rest.get(f"/api/v2/devices/{device}/telemetry/aggregate", params=query).json()["data"]
    assert [dict(one.values["v"].items()) for one in buckets] == [one["values"]["v"] for one in over_http]
    points = api("TelemetryService.ThinReadings", **span, field="v", points=100).thinned.data
    assert len(points) == 100


def test_an_export_is_the_file_of_http(api: Api, rest: httpx.Client) -> None:
    device = new_device(api).device.id
    columns = [{"device_id": device, "times_us": [NOON_US + n for n in range(5_000)]}]
    columns[0]["values"] = [{"name": "v", "numbers": list(range(5_000))}]
    api("TelemetryService.SendReadings", columns=columns)
    span = {"device_id": device, "from_time": at(0), "to_time": at(3600), "format": "FORMAT_CSV"}
    pieces = api.many("TelemetryService.ExportReadings", span)
    assert next(one.content_type.partition(";")[0] for one in pieces) == "text/csv"
    assert len(pieces) > 1
    query = {"from": span["from_time"], "to": span["to_time"], "format": "csv"}
    over_http = rest.get(f"/api/v2/devices/{device}/telemetry/export", params=query)
    assert b"".join(one.content for one in pieces) == over_http.content


# ── following ──


def next_of(stream: Running, iterator: Any, kind: str) -> Any:
    """The next event of a kind; heartbeats are skipped."""
    for message in iterator:
        found = message.event.WhichOneof("type")
        if found == kind:
            return message
        assert found in ("heartbeat", "ready"), message
    raise AssertionError("the stream has ended")


def test_readings_are_followed_and_a_stream_resumes(api: Api) -> None:
    device = new_device(api).device.id
    stream = api.start("StreamsService.Follow", {"devices": [device]})
    events = iter(stream)
    next_of(stream, events, "ready")
    send(api, device, {"t": 1}, {"t": 2})
    seen = [next_of(stream, events, "reading") for _ in range(2)]
    assert [one.event.reading.data["t"] for one in seen] == [1, 2]
    assert [one.event.reading.seq for one in seen] == [one.cursor for one in seen]
    stream.cancel()
    send(api, device, {"t": 3}, {"t": 4})
    again = api.start("StreamsService.Follow", {"devices": [device], "cursor": seen[0].cursor})
    events = iter(again)
    assert [next_of(again, events, "reading").event.reading.data["t"] for _ in range(3)] == [2, 3, 4]
    again.cancel()


def test_what_is_no_longer_kept_is_a_gap(api: Api) -> None:
    device = new_device(api).device.id
    stream = api.start("StreamsService.Follow", {"devices": [device], "cursor": 2**52})
    first = next(iter(stream)).event
    assert first.WhichOneof("type") == "gap", first
    assert first.gap.Reason.Name(first.gap.reason) == "REASON_UNKNOWN_CURSOR"
    stream.cancel()


# ── what acts on readings ──


def test_a_command_is_sent_and_reported(api: Api, served: RunningServer) -> None:
    made = new_device(api)
    device = made.device.id
    parameters = [{"name": "seconds", "type": "TYPE_INTEGER", "minimum": 1, "maximum": 600}]
    command = api("CommandsService.CreateCommandForDevice", device_id=device, name="set_interval", parameters=parameters).command
    asked = {"device_id": device, "definition_id": command.id}
    execution = api("CommandsService.ExecuteCommandOnDevice", **asked, parameters={"seconds": 30}).execution
    assert execution.State.Name(execution.state) == "STATE_QUEUED"
    wrong = api.refusal("CommandsService.ExecuteCommandOnDevice", **asked, parameters={"seconds": 601})
    assert (wrong.code, list(wrong.fields)) == ("INVALID_ARGUMENT", ["parameters.seconds"])
    with served.client() as own:
        own.headers["authorization"] = f"Bearer {made.access_token}"
        [fetched] = own.get("/api/v2/device/commands").json()["data"]
        assert fetched["parameters"] == {"seconds": 30}
        own.post(f"/api/v2/device/commands/{fetched['id']}/ack", json={"ok": True, "result": {"was": 60}}).raise_for_status()
    ended = api("CommandsService.GetExecution", execution_id=execution.id).execution_with_history
    assert ended.State.Name(ended.state) == "STATE_DONE"
    assert ended.result.struct_value["was"] == 60
    assert ended.history[0].state == ended.STATE_QUEUED


def test_an_alert_is_raised_and_acknowledged(api: Api) -> None:
    device = new_device(api).device.id
    condition = {"threshold": {"field": "t", "operator": "OPERATOR_GREATER", "value": 6}}
    alert = api(
        "AlertsService.CreateAlert",
        name=unique("Too warm"),
        target={"devices": [device]},
        condition=condition,
        severity="SEVERITY_CRITICAL",
    ).alert
    assert alert.condition.threshold.value.number_value == 6
    send(api, device, {"t": 7.5})
    [event] = awaited(lambda: list(api("AlertsService.ListAlertEvents", device_id=device, state="STATE_RAISED").data))
    assert (event.alert_id, event.value.number_value) == (alert.id, 7.5)
    acknowledged = api("AlertsService.AcknowledgeAlertEvent", event_id=event.id, note="On my way").alert_event
    assert acknowledged.State.Name(acknowledged.state) == "STATE_ACKNOWLEDGED"
    api("AlertsService.DeleteAlert", alert_id=alert.id)


def test_a_rule_is_deployed_and_runs(api: Api) -> None:
    device = new_device(api).device.id
    definition = {
        "trigger": {"reading": {"device_ids": [device], "sensors": ["t"]}},
        "condition": "reading.values.t > 30.0",
        "actions": [{"label": {"key": "state", "value": "{{ reading.values.t }} degrees"}}],
    }
    rule = api("RulesService.CreateRule", name=unique("rule"), definition=definition).rule_with_version
    api("RulesService.DeployVersionOfRule", rule_id=rule.id, version_id=rule.newest.id)
    send(api, device, {"t": 31})
    runs = awaited(lambda: list(api("RulesService.ListRunsOfRule", rule_id=rule.id, outcome="OUTCOME_DONE").data))
    assert runs[0].device_id == device
    assert dict(api("DevicesService.GetDevice", device_id=device).device.labels) == {"state": "31 degrees"}
    wrong = definition | {"condition": "reading.values.t >"}
    refused = api.refusal("RulesService.CreateRule", name=unique("rule"), definition=wrong)
    assert (refused.code, list(refused.fields)) == ("INVALID_ARGUMENT", ["definition.condition"])
    api("RulesService.DeleteRule", rule_id=rule.id)


def test_a_webhook_is_delivered(api: Api, receiver: Receiver) -> None:
    device = new_device(api).device.id
    filters = {"device_ids": [device]}
    made = api("WebhooksService.CreateWebhookEndpoint", url=receiver.url, topics=["reading.*"], filters=filters).created_webhook
    assert made.secret.startswith("whsec_")
    send(api, device, {"t": 1})
    body = awaited(lambda: receiver.bodies)[0]
    assert body["data"]["data"] == {"t": 1}, body
    asked = {"webhook_id": made.webhook.id, "status": "STATUS_DELIVERED"}
    [message] = awaited(lambda: list(api("WebhooksService.ListWebhookMessages", **asked).data))
    assert (message.attempts, message.last_status) == (1, 204)
    api("WebhooksService.DeleteWebhookEndpoint", webhook_id=made.webhook.id)


def test_a_dashboard_shows_a_value(api: Api) -> None:
    device = new_device(api).device.id
    send(api, device, {"t": 4.5})
    dashboard = api("DashboardsService.CreateDashboardWithoutWidgets", name=unique("Climate")).dashboard
    options = {"last_value": {"source": {"device_id": device}, "field": "t"}}
    widget = api("DashboardsService.AddWidgetToDashboard", dashboard_id=dashboard.id, options=options, title="Now").widget
    assert widget.options.WhichOneof("type") == "last_value"
    shown = api("DashboardsService.GetWhatWidgetShows", widget_id=widget.id).widget_data
    assert [one.value.number_value for one in shown.values] == [4.5]
    api("DashboardsService.DeleteDashboard", dashboard_id=dashboard.id)


# ── organisation ──


def test_a_key_has_its_scopes_and_ends(api: Api, served: RunningServer) -> None:
    made = api("KeysService.CreateKey", name=unique("reader"), scopes=["devices:read"]).created_key
    organization = served.orgs["Acme"].organization_id
    reader = api.with_headers({"x-api-key": made.value, "x-organization-id": organization})
    bearer = api.with_headers({"authorization": f"Bearer {made.value}", "x-organization-id": organization})
    for caller in (reader, bearer):
        assert caller("DevicesService.ListDevices", limit=1).data
        refused = caller.refusal("DevicesService.CreateDevice", name="x")
        assert (refused.code, refused.reason) == ("PERMISSION_DENIED", "auth.scope_missing")
    rotated = api("KeysService.RotateKey", key_id=made.key.id, overlap_s=0).created_key
    assert reader.refusal("DevicesService.ListDevices").code == "UNAUTHENTICATED"
    api("KeysService.RevokeKey", key_id=rotated.key.id)
    ended = api.with_headers({"x-api-key": rotated.value, "x-organization-id": organization})
    assert ended.refusal("DevicesService.ListDevices").reason == "auth.key_not_active"


def test_who_has_no_key_or_that_of_another_organisation_gets_nothing(api: Api, served: RunningServer) -> None:
    device = new_device(api).device.id
    nobody = api.with_headers({}).refusal("DevicesService.GetDevice", device_id=device)
    assert (nobody.code, nobody.reason) == ("UNAUTHENTICATED", "auth.credential_missing")
    other = served.orgs["Other"].headers()
    stranger = api.with_headers(other).refusal("DevicesService.GetDevice", device_id=device)
    assert (stranger.code, stranger.reason) == ("NOT_FOUND", "devices.not_found")
    assert stranger.metadata["x-request-id"].startswith("req_")
    mixed = other | {"X-Organization-Id": served.orgs["Acme"].organization_id}
    assert api.with_headers(mixed).refusal("DevicesService.ListDevices").reason == "auth.organization_mismatch"


def test_fields_that_are_wrong_are_named_as_in_the_message(api: Api) -> None:
    refused = api.refusal("DevicesService.CreateDevice", name="", expected_interval_s=-1)
    assert refused.code == "INVALID_ARGUMENT"
    assert {"name", "expected_interval_s"} & set(refused.fields), refused
    device = new_device(api).device.id
    span = {"from_time": at(3600), "to_time": at(0)}
    backwards = api.refusal("TelemetryService.ListReadings", device_id=device, **span)
    assert set(backwards.fields) <= {"from_time", "to_time", "range"}, backwards


def test_members_are_listed_and_invited(api: Api, served: RunningServer) -> None:
    members = api("MembersService.ListMembers").data
    assert served.orgs["Acme"].user_email in [one.email for one in members]
    invitation = api("InvitationsService.CreateInvitation", email=f"{unique('a')}@example.org", role="ROLE_VIEWER").invitation
    assert invitation.id in [one.id for one in api("InvitationsService.ListInvitations").data]
    api("InvitationsService.WithdrawInvitation", invitation_id=invitation.id)


def test_usage_limits_and_the_audit_log(api: Api, rest: httpx.Client) -> None:
    device = new_device(api).device.id
    assert api("UsageService.GetLimits").limits.plan == rest.get("/api/v2/limits").json()["plan"]
    assert awaited(lambda: sum(one.calls for one in api("UsageService.ListUsage", by="BY_ORGANIZATION").data))
    rows = api("AuditService.ListAuditLog", target=f"device:{device}").data
    assert [(one.action, one.target_id) for one in rows] == [("device.create", device)]
    exported = api.many("AuditService.ExportAuditLog", {"format": "FORMAT_NDJSON", "target": f"device:{device}"})
    assert b"device.create" in b"".join(one.content for one in exported)
    assert api("AuditService.VerifyAuditLog").verification.intact


# ── secrets and messages ──


def test_the_vault_keeps_a_secret_and_makes_codes(api: Api) -> None:
    secret = api("SecretsService.CreateSecret", name=unique("smtp"), value="v-one").secret
    api("SecretsService.ReplaceValueOfSecret", secret_id=secret.id, value="v-two")
    read = api("SecretsService.ReadValueOfSecret", secret_id=secret.id).secret_content
    assert (read.version, read.value) == (2, "v-two")
    token = api("TokensService.CreateToken", name=unique("aws"), secret=BASE32).token
    totp = pyotp.TOTP(BASE32)
    expected = {totp.now()}
    code = api("TokensService.GetCurrentCodeOfToken", token=token.id).code
    assert code.code in expected | {totp.now()}
    keys = api("VaultService.GetOrganizationKey").keys
    assert keys.current == len(keys.versions)


def test_an_sms_is_sent_and_listed(api: Api) -> None:
    account = api("InboxesService.CreateSMSAccount", body={"log": {"name": unique("log")}}).account
    number = f"+44770{secrets.randbelow(10**7):07}"
    taken = {"channel": "CHANNEL_SMS", "value": number, "account_id": account.id}
    address = api("InboxesService.TakeAddressIntoUse", **taken).address
    queued = api("InboxesService.SendSMS", from_value=number, to="+447700900456", body="Too warm").queued_message

    def sent() -> Any:
        found = api("InboxesService.ListMessages", address=number, direction="DIRECTION_OUTBOUND").data
        return [one for one in found if one.id == queued.id and one.status != one.STATUS_QUEUED]

    assert awaited(sent)[0].body == "Too warm"
    api("InboxesService.ReleaseAddress", address_id=address.id)


# ── meters, connections ──


def test_a_meter_is_read(api: Api, rest: httpx.Client) -> None:
    device = new_device(api).device.id
    hours = range(0, 73, 6)
    times = [NOON_US - 3 * DAY_S * 1_000_000 + hour * 3_600_000_000 for hour in hours]
    columns = {
        "device_id": device,
        "times_us": times,
        "values": [{"name": "consumption_m3", "numbers": [100 + h for h in hours]}],
    }
    assert api("TelemetryService.SendReadings", columns=[columns]).outcome.accepted == len(times)
    span = {"from_time": at(-DAY_S * 5 // 2), "to_time": at(-DAY_S // 2)}
    found = api("MetersService.GetConsumptionOfMeter", device_id=device, **span, bucket="BUCKET_DAY").device_consumption
    query = {"from": span["from_time"], "to": span["to_time"], "bucket": "day"}
    over_http = rest.get(f"/api/v2/devices/{device}/consumption", params=query).json()
    assert [one.consumption.number_value for one in found.data] == [one["consumption"] for one in over_http["data"]] == [24, 24]


def test_a_connection_is_made_and_paused(api: Api) -> None:
    made = api("ConnectionsService.CreateConnection", body={"chirpstack": {"name": unique("lns")}}).created_connection
    assert made.secret
    identifier = made.connection.id
    api("ConnectionsService.PauseConnection", connection_id=identifier)
    assert identifier in [one.id for one in api("ConnectionsService.ListConnections").data]
    api("ConnectionsService.DeleteConnection", connection_id=identifier)
    assert api.refusal("ConnectionsService.GetConnection", connection_id=identifier).code == "NOT_FOUND"


# ── what calls have around their messages ──


def test_a_person_signs_in_and_calls_with_a_token(api: Api, served: RunningServer) -> None:
    org = served.orgs["Acme"]
    credentials = {"email": org.user_email, "password": org.user_password}
    signed_in = api.with_headers({})("SignInService.SignIn", **credentials).signed_in
    person = api.with_headers({"authorization": f"Bearer {signed_in.access_token}", "x-organization-id": org.organization_id})
    assert person("ProfileService.GetProfile").profile.email == org.user_email
    wrong = api.with_headers({}).refusal("SignInService.SignIn", **credentials | {"password": "not the one of this person"})
    assert (wrong.code, wrong.reason) == ("UNAUTHENTICATED", "auth.sign_in_failed")


def test_a_limit_says_when_to_call_again(api: Api, served: RunningServer) -> None:
    made = api("KeysService.CreateKey", name=unique("slow"), scopes=["devices:read"], calls_per_minute=1).created_key
    headers = {"x-api-key": made.value, "x-organization-id": served.orgs["Acme"].organization_id}
    slow = api.with_headers(headers)
    slow("DevicesService.ListDevices", limit=1)
    assert slow.client.metadata["x-ratelimit-remaining"] == "0"
    refused = slow.refusal("DevicesService.ListDevices", limit=1)
    assert refused.code == "RESOURCE_EXHAUSTED"
    assert refused.retry_after_s > 0
    assert refused.metadata["retry-after"] == str(refused.retry_after_s)


def test_a_change_of_an_older_version_is_refused(api: Api) -> None:
    device = new_device(api).device.id
    api("DevicesService.GetDevice", device_id=device)
    read = api.with_headers({**api.headers, "if-match": api.client.metadata["etag"]})
    read("DevicesService.UpdateDevice", device_id=device, description="first")
    refused = read.refusal("DevicesService.UpdateDevice", device_id=device, description="second")
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "request.precondition_failed")


def test_a_deadline_ends_a_call_that_waits(api: Api) -> None:
    device = new_device(api).device.id
    stream = api.start("StreamsService.Follow", {"devices": [device]}, timeout_s=0.5)
    with pytest.raises(Refused) as caught:
        list(stream)
    assert caught.value.code == "DEADLINE_EXCEEDED"


def test_a_call_that_changes_nothing_can_be_made_by_get(typescript: Path, served: RunningServer) -> None:
    headers = served.orgs["Acme"].headers()
    with typescript_client(typescript, "connect", served.base_url, form="get") as client:
        api = Api(client, headers)
        device = new_device(api).device.id
        assert api("DevicesService.GetDevice", device_id=device).device.id == device
    asked = {"connect": "v1", "encoding": "json", "message": f'{{"deviceId": "{device}"}}'}
    with served.client(served.orgs["Acme"]) as rest:
        assert rest.get("/penstock.v1.DevicesService/GetDevice", params=asked).json()["device"]["id"] == device
        change = rest.get("/penstock.v1.DevicesService/DeleteDevice", params=asked)
        assert change.status_code == 405
        assert rest.get(f"/api/v2/devices/{device}").status_code == 200
