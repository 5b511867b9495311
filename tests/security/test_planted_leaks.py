"""T4: the matrix can fail. Each statement that is bound to an organisation loses that bond, and the matrix must notice.

Where it does not notice, something else stands between: the mutant is listed with what that is. A mutant that is listed
and noticed after all fails the test too, so that the list stays true.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from penstock.adapters.frontdoor.server import listen, serve, url_of
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite import log
from penstock.adapters.storage.sqlite.connection import statements
from penstock.bootstrap import open_server
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.tenancy.models import Bootstrapped
from penstock.kit.ids import Prefix, encode
from penstock.settings import load_settings
from tests.security.holding import make_holding
from tests.security.matrix import leaks, moves, shared, twins
from tests.security.table import operations, references
from tests.support.server import Org

BOND = re.compile(r"(?:\b\w+\.)?\borg_id = :org_id")
Mutant = tuple[str, int]

_SAME_ROW = "compares with a row that is bound to the organisation already"
_FOUND_BEFORE = "runs only after another statement of the same transaction found the row in the organisation"
_WORKER = "a worker's, which gets organisation and row from the log or the outbox and never from a caller"
_USAGE = "tests/api/v2/test_limits.py asks for it beside another organisation that has more"
_AUDIT = "tests/api/v2/test_audit.py asks by every filter for what another organisation did, and verifies every chain"
_OPERATOR = "changes the plan and is called by nobody else; tests/core/tenancy/test_subscription.py changes one beside another"
_TYPES = "tests/api/v2/test_commands.py has commands of one type in two organisations"
_HOOKS = "tests/workers/test_webhooks.py counts deliveries beside another organisation that has none"
UNNOTICED: dict[str, str] = {
    "count_profiles-0": "decides only about a limit",
    "count_devices_of_profile-0": _FOUND_BEFORE,
    "update_profile-0": _FOUND_BEFORE,
    "delete_profile-0": _FOUND_BEFORE,
    "find_codec_version-0": "whose profile it is of, is compared once more, and that was found in the organisation",
    "list_codec_versions-0": _FOUND_BEFORE,
    "find_last_codec_version-0": _FOUND_BEFORE,
    **{f"find_codec_of_device-{number}": _SAME_ROW for number in range(3)},
    "add_webhook_message-0": _WORKER,
    "add_webhook_attempt-0": _WORKER,
    "due_webhook_messages-0": _WORKER,
    "due_webhook_messages_in_order-0": _WORKER,
    "due_webhook_messages_in_order-1": _WORKER,
    "next_due_webhook_message-0": _WORKER,
    "settle_webhook_message-0": _WORKER,
    "drop_webhook_bodies-0": _WORKER,
    "drop_webhook_bodies-1": _WORKER,
    "drop_webhook_messages-0": _WORKER,
    "drop_webhook_messages-1": _WORKER,
    "gather_webhook_reading-0": _WORKER,
    "list_gathered_webhook_readings-0": _WORKER,
    "drop_gathered_webhook_readings-0": _WORKER,
    "drop_webhook_hours-0": _WORKER,
    "set_webhook_health-0": _WORKER,
    "update_webhook_endpoint-0": _FOUND_BEFORE,
    "delete_webhook_endpoint-0": _FOUND_BEFORE,
    "list_webhook_attempts-0": _FOUND_BEFORE,
    "replay_webhook_message-0": _FOUND_BEFORE,
    "replay_webhook_messages-0": _FOUND_BEFORE,
    "count_webhook_endpoints-0": "decides only about how many there may be",
    "usage_by_project_hour-1": _HOOKS,
    "usage_by_project_day-1": _HOOKS,
    "usage_by_organization_hour-2": _HOOKS,
    "usage_by_organization_day-2": _HOOKS,
    "find_alert_of_rule-0": _WORKER,
    "open_occurrence_for-0": _WORKER,
    "find_occurrence_by_act-0": _WORKER,
    "suppress_occurrence-0": _WORKER,
    "find_chat_channel_by_name-0": _WORKER,
    "sum_sms-0": _WORKER,
    "add_sms_device_hour-0": _WORKER,
    "add_sms_device_day-0": _WORKER,
    "add_sms_project_hour-0": _WORKER,
    "add_sms_project_day-0": _WORKER,
    "add_sms_customer_hour-0": _WORKER,
    "add_sms_customer_day-0": _WORKER,
    "find_mail_window-0": _WORKER,
    "delay_alert_job-0": _WORKER,
    "count_held_mails-0": _WORKER,
    "list_due_held_mails-0": _WORKER,
    "tally_due_held_mails-0": _WORKER,
    "postpone_held_mails-0": _WORKER,
    "remove_due_held_mails-0": _WORKER,
    "list_alerts_of_rule-0": _FOUND_BEFORE,
    "count_watching_alerts-0": "decides only about the plan's limit",
    "count_chat_channels-0": "decides only about how many there may be",
    "update_chat_channel-0": _FOUND_BEFORE,
    "delete_chat_channel-0": _FOUND_BEFORE,
    "find_device-0": _SAME_ROW,
    "list_devices-0": _SAME_ROW,
    "list_devices-2": _SAME_ROW,
    "list_devices-3": _SAME_ROW,
    "delete_identifiers-0": _FOUND_BEFORE,
    "delete_device-0": _FOUND_BEFORE,
    "replace_device_token-0": _FOUND_BEFORE,
    "update_device-0": _FOUND_BEFORE,
    "update_sensor-0": _FOUND_BEFORE,
    "drop_agent_pairing-0": _FOUND_BEFORE,
    "drop_pair_code-0": _FOUND_BEFORE,
    "find_agent_pairing-0": _FOUND_BEFORE,
    "latest_by_arrival-0": "is asked only where latest_by_event found a reading of the organisation",
    "latest_by_arrival-1": "is asked only where latest_by_event found a reading of the organisation",
    "find_device_ref-0": "the directory compares the organisation of what it found once more",
    "find_answer-0": "a key's id stands in the same condition, and belongs to one organisation",
    "forget_answers-0": "removes what is too old for everybody",
    "find_purgeable_of_device-0": _WORKER,
    "find_purgeable_of_device-1": _WORKER,
    "find_purgeable_of_organization-0": _WORKER,
    "add_malformed-0": _WORKER,
    "mark_device_seen-0": _WORKER,
    "purge_quarantined-0": _WORKER,
    "purge_reading-0": _WORKER,
    "remove_outbox_entry-0": _WORKER,
    "touch_key-0": _WORKER,
    "drop_audit_before-0": _WORKER,
    "drop_audit_before-1": _WORKER,
    "drop_audit_before-2": _WORKER,
    "drop_audit_before-3": _WORKER,
    "update_key-0": _FOUND_BEFORE,
    "usage_by_device_hour-0": _USAGE,
    "usage_by_project_hour-0": _USAGE,
    "usage_by_customer_hour-0": _USAGE,
    "usage_by_key_hour-0": _USAGE,
    "usage_by_organization_hour-0": _USAGE,
    "usage_by_organization_hour-1": _USAGE,
    "usage_by_device_day-0": _USAGE,
    "usage_by_project_day-0": _USAGE,
    "usage_by_customer_day-0": _USAGE,
    "usage_by_key_day-0": _USAGE,
    "usage_by_organization_day-0": _USAGE,
    "usage_by_organization_day-1": _USAGE,
    "usage_of_key-0": "runs only after the key was found in the organisation, whose key no other has",
    "list_refusals-0": _USAGE,
    "add_project_hours-0": _WORKER,
    "add_project_days-0": _WORKER,
    "add_customer_hours-0": _WORKER,
    "add_customer_days-0": _WORKER,
    "drop_device_hours-0": _WORKER,
    "drop_project_hours-0": _WORKER,
    "drop_customer_hours-0": _WORKER,
    "drop_call_hours-0": _WORKER,
    "drop_refusals-0": _WORKER,
    "spend_key-0": _FOUND_BEFORE,
    "pause_devices_beyond-0": _OPERATOR,
    "pause_devices_beyond-1": _OPERATOR,
    "list_keys_letting_in-0": _OPERATOR,
    "count_active_keys-0": "decides only about the plan's limit",
    "find_audit_head-0": _AUDIT,
    "find_audit_bounds-0": "narrows a search that is bound itself",
    "list_audit_by_actor-0": _AUDIT,
    "list_audit_by_target-0": _AUDIT,
    "list_audit_by_target-1": "narrows a search that is bound itself",
    "list_audit_by_target-2": "narrows a search that is bound itself",
    "count_owners-0": "tests/api/v2/test_people.py keeps the last owner of an organisation while others have owners",
    "delete_group-0": _FOUND_BEFORE,
    "find_session-0": "whose session it is, is compared once more",
    "leave_group-0": _FOUND_BEFORE,
    "list_group_members-0": _FOUND_BEFORE,
    "rename_group-0": _FOUND_BEFORE,
    "replace_invitation_digest-0": _FOUND_BEFORE,
    "revoke_session-0": _FOUND_BEFORE,
    "rotate_refresh-0": "the token's keyed hash stands in the same condition",
    "set_session_methods-0": "the id is that of the caller's own session",
    "update_invitation-0": _FOUND_BEFORE,
    "update_definition-0": _FOUND_BEFORE,
    "delete_definition-0": _FOUND_BEFORE,
    "save_execution-0": _FOUND_BEFORE,
    "last_execution_handed_out-0": _FOUND_BEFORE,
    "count_event_types-0": _FOUND_BEFORE,
    "update_event_type-0": _FOUND_BEFORE,
    "delete_event_type-0": _FOUND_BEFORE,
    "waiting_executions-0": _FOUND_BEFORE,
    "sent_executions-0": _FOUND_BEFORE,
    "count_executions-0": _FOUND_BEFORE,
    "list_transitions-0": _FOUND_BEFORE,
    "find_command_queue-0": _FOUND_BEFORE,
    "delete_command_queue-0": _FOUND_BEFORE,
    "list_connectivity-0": _FOUND_BEFORE,
    "find_connectivity_changes-0": _WORKER,
    "set_connected-0": _WORKER,
    "set_connectivity-0": _WORKER,
    "list_definitions_of_type-0": _TYPES,
    "list_definitions_of_device-0": _FOUND_BEFORE,
    "find_connection-0": _SAME_ROW,
    "list_connections-0": _SAME_ROW,
    "find_connection_ref-0": "the directory compares the organisation once more; test_connections.py names another's broker",
    "count_connections-0": "decides only about how many there may be",
    "update_connection-0": _FOUND_BEFORE,
    "replace_connection_secret-0": _FOUND_BEFORE,
    "delete_connection-0": _FOUND_BEFORE,
    "add_connection_counts-0": _WORKER,
    "set_device_route-0": _WORKER,
    "set_device_route-1": _WORKER,
    "set_device_route-2": _WORKER,
    "find_device_route-0": "a worker writes down what it finds, and no worker runs here",
    "add_device_event-0": "the device was found by its EUI in the organisation",
    "sum_usage-0": "sums what a worker counted, and no worker runs here",
}


class InProcess:
    """A whole server in a thread of this process, so that its statements can be changed while it runs."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = DataDir(data_dir)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self.orgs: list[Org] = []
        self.base_url = ""

    def __enter__(self) -> InProcess:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._serving.cancel)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        settings = load_settings(environment={"PENSTOCK_WEBHOOKS_MAX_ENDPOINTS": "1000000"})
        async with open_server(self._data_dir, settings) as server:
            for name in ("Theirs", "Mine"):
                made = await server.tenancy.bootstrap(name, f"{name.lower()}@example.org")
                self.orgs.append(_org(made, self._data_dir.path))
            sockets = listen("127.0.0.1", 0)
            self.base_url = url_of(sockets[0])
            self._serving = asyncio.ensure_future(
                serve(
                    server.app,  # type: ignore[arg-type]
                    config=settings.http,
                    on_ready=lambda _: self._ready.set(),
                    shutdown_grace_s=1,
                    sockets=sockets,
                )
            )
            await asyncio.wait([self._serving])


def _org(made: Bootstrapped, data_dir: Path) -> Org:
    return Org(
        organization_id=encode(Prefix.ORGANIZATION, made.organization.id),
        project_id=encode(Prefix.PROJECT, made.project.id),
        user_email=made.user_email,
        user_password=made.user_password,
        api_key=made.key.value,
        data_dir=data_dir,
    )


def mutants() -> dict[str, Mutant]:
    """Every place where a statement names the organisation in a condition."""
    found = [(name, number) for name, text in statements().items() for number, _ in enumerate(BOND.finditer(text))]
    return {f"{name}-{number}": (name, number) for name, number in found}


def without_bond(text: str, number: int) -> str:
    """A statement whose n-th condition on the organisation is always true."""
    match = list(BOND.finditer(text))[number]
    return f"{text[: match.start()]}1 = 1{text[match.end() :]}"


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    with InProcess(tmp_path_factory.mktemp("breakable") / "data") as server:
        yield server


@pytest.fixture
def no_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server without its first line: whichever device is named, the directory takes it for the caller's.

    Statements on sensors and readings are never reached with a foreign id while that line stands.
    """

    def ref(_: DeviceDirectory, org_id: int, device_id: int) -> DeviceRef:
        return DeviceRef(device_id, org_id, 0, DeviceStatus.ACTIVE)

    async def get(directory: DeviceDirectory, org_id: int, device_id: int) -> DeviceRef:
        return ref(directory, org_id, device_id)

    async def latest(memory: LatestReadings, org_id: int, device_id: int) -> object:
        return await memory._store.latest(org_id, device_id)

    monkeypatch.setattr(DeviceDirectory, "known", ref)
    monkeypatch.setattr(DeviceDirectory, "get", get)
    monkeypatch.setattr(LatestReadings, "known", lambda *_: None)
    monkeypatch.setattr(LatestReadings, "get", latest)
    monkeypatch.setattr(LatestReadings, "with_last_seen", lambda _, device: device)


@pytest.fixture(params=["tail", "index"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where readings are while they are asked for: not indexed for long, or indexed at once."""
    monkeypatch.setattr(log, "IDLE_S", 1000.0 if request.param == "tail" else 0.001)
    return str(request.param)


def noticed(server: InProcess, *, only_foreign: bool = False) -> str | None:
    """The first leak that the matrix finds."""
    theirs_org, mine_org = server.orgs
    with httpx.Client(base_url=server.base_url, timeout=30) as client:
        fresh = True
        for operation in operations():
            if fresh:
                theirs, mine = make_holding(client, theirs_org, "theirs"), make_holding(client, mine_org, "mine")
            found = next(leaks(client, operation, mine, theirs, only_foreign=only_foreign), None)
            if found:
                return found
            fresh = bool(references(operation.body))  # it may have taken the other's identifier for a device of its own
        found = next(moves(client, mine, lambda: make_holding(client, theirs_org, "theirs")), None)
        return found if found or only_foreign else next(twins(client, mine, theirs), None)


@pytest.mark.prove
def test_nothing_is_noticed_where_nothing_is_broken(breakable: InProcess) -> None:
    assert noticed(breakable) is None


@pytest.mark.prove
@pytest.mark.usefixtures("no_first_line", "place")
def test_the_second_line_holds_by_itself(breakable: InProcess) -> None:
    assert noticed(breakable, only_foreign=True) is None


def test_the_list_of_unnoticed_is_current() -> None:
    assert UNNOTICED.keys() - mutants().keys() == set()
    assert len(mutants()) > 40


FIRST_LINE = ["find_device-1", "find_device_ids_by_value-0", "find_device_id_by_identifier-0", "list_devices-1"]
FIRST_LINE += ["find_project-0", "find_default_project-0", "list_projects-0", "list_keys-0", "count_devices-0"]
SOON = {"find_device-1", "find_project-0", "list_projects-0", "list_keys-0", "count_devices-0"}
"""Those that the first operations of the table give away; the rest have their turn in the long catalogue."""
OF_PEOPLE = ["delete_member-0", "leave_groups-0", "list_groups_of-0", "list_keys_of_maker-0", "revoke_keys_of_maker-0"]
OF_PEOPLE += ["list_open_sessions-0", "revoke_sessions_of-0", "list_sessions-0", "set_member_role-0"]
OF_PEOPLE += ["find_member_by_email-0", "find_pending_invitation-0"]
"""Those that act on people, who may belong to several organisations."""
SECOND_LINE = [mutant for mutant in mutants() if mutant not in {*UNNOTICED, *FIRST_LINE, *OF_PEOPLE}]
INDEXED = ["history_ascending-0", "history_descending-0", "latest_by_event-0", "scan_indexed-0"]
"""Those that read what is indexed; the others see what was just stored."""


@pytest.mark.parametrize("mutant", [one if one in SOON else pytest.param(one, marks=pytest.mark.prove) for one in FIRST_LINE])
def test_a_lost_bond_is_noticed(mutant: str, breakable: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    name, number = mutants()[mutant]
    monkeypatch.setitem(statements(), name, without_bond(statements()[name], number))
    assert noticed(breakable) is not None


@pytest.mark.parametrize("mutant", OF_PEOPLE)
def test_a_lost_bond_on_people_is_noticed(mutant: str, breakable: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    name, number = mutants()[mutant]
    theirs_org, mine_org = breakable.orgs
    monkeypatch.setitem(statements(), name, without_bond(statements()[name], number))
    with httpx.Client(base_url=breakable.base_url, timeout=30) as client:
        theirs, mine = make_holding(client, theirs_org, "theirs"), make_holding(client, mine_org, "mine")
        assert list(shared(client, mine, theirs)) != []


@pytest.mark.prove
@pytest.mark.usefixtures("no_first_line", "place")
@pytest.mark.parametrize(
    ("mutant", "place"), [(one, "index" if one in INDEXED else "tail") for one in SECOND_LINE], indirect=["place"]
)
def test_a_lost_bond_behind_the_first_line_is_noticed(mutant: str, breakable: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    name, number = mutants()[mutant]
    monkeypatch.setitem(statements(), name, without_bond(statements()[name], number))
    assert noticed(breakable, only_foreign=True) is not None
