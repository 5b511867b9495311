"""What is changed is read in the transaction that changes it: a change by somebody else in between would be lost without a trace.

The functions of the core that read in a snapshot and write in a transaction are listed, each with why nothing is lost. Those of
the API that read a thing through a service and then update it are not wanted at all: the update takes what the caller sent.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.house.tree import ROOT, parsed, python_files

SNAPSHOTS, TRANSACTIONS = {"snapshot", "system_snapshot"}, {"transaction", "system"}
READ, WRITE = ("get", "find", "list", "settings"), ("update", "set_", "save", "replace", "put")
NOTHING_LOST = {
    "people/browser_sessions.py BrowserSessions.access_token": "the statement touches only a session that was not revoked",
    "people/browser_sessions.py BrowserSessions._new_token": "the statement touches only a session that was not revoked",
    "inboxes/accounts.py SmsAccountService.check": "the transaction only adds to the audit log",
    "inboxes/intake.py Intake.received_mail": "the address is read again",
    "inboxes/messages.py MessageService.get": "the transaction only adds to the audit log",
    "inboxes/messages.py MessageService.list": "the transaction only adds to the audit log",
    "inboxes/messages.py MessageService.find_next": "the transaction only adds to the audit log",
    "inboxes/provisioning.py ProvisioningService.give_back": "the release reads the address again",
    "inboxes/sending.py SendingService.send_for_job": "the number is read again",
    "alerts/snoozes.py SnoozeService.snooze_event": "alert and device of an occurrence never change; both are read again",
    "agents/service.py AgentService.confirm": "the statement drops only the code of the token that was sent",
    "agents/service.py AgentService.introduce": "the statements change only the pairing with the token that was sent",
    "agents/tokens.py AgentTokens.prepare": "of two first keys the transaction keeps one",
    "codecs/versions.py CodecService.save": "the profile is read again",
    "commands/queue.py CommandQueue.begin": "the snapshot only finds nothing; what waits is read again",
    "commands/queue.py CommandQueue.claim": "the snapshot only finds nothing; what waits is read again",
    "commands/queue.py CommandQueue.lose": "the snapshot only finds nothing; what was sent is read again",
    "commands/queue.py CommandQueue.poll": "the snapshot only finds nothing; what waits is read again",
    "dashboards/shared.py SharedDashboards.open": "the transaction only counts a use",
    "imports/service.py ImportService.try_out": "a dry run stores what it found, which is as of that time",
    "meters/archive.py MeterArchivist.keep": "the statement stores an archive only where there is none",
    "meters/editing.py MeterEditing.create": "the registers are read again; what a device reported does not disappear",
    "notifications/channels.py ChannelService.update": "the channel is read again; earlier values are only checked and shown",
    "notifications/chats.py ChatNotifier.flush": "only what was due then is removed; what arrived since stays",
    "people/invitations.py InvitationService.accept": "the invitation is read again",
    "people/passwords.py PasswordService.change": "the user is read again, and the password must still be the one that was sent",
    "people/second_factor.py SecondFactorService.remove": "the factor is read again",
    "people/sessions.py SessionService.end_stolen": "a session ends once, whatever else changes",
    "people/sessions.py SessionService.refresh": "the statement replaces only the token that was sent",
    "people/sessions.py SessionService.sign_out": "a session ends once, whatever else changes",
    "people/sign_in.py SignInService.by_link": "user and membership are read again",
    "people/sign_in.py SignInService.second_step": "user and membership are read again; a code is used once",
    "people/sign_in.py SignInService.sign_in": "user and membership are read again",
    "people/signing.py SigningKeys.rotate": "the keys are read again",
    "invoices/closing.py PeriodCloser._begin": "the run is read again",
    "invoices/closing.py PeriodCloser.advance": "run and billed periods are read again; the rest is corrected later",
    "invoices/rechecking.py InvoiceRechecks._step": "marks are added, and one too many does no harm",
    "invoices/rechecking.py InvoiceRechecks.update": "the same, step by step",
    "invoices/run_service.py InvoiceRunService.start_due": "each schedule is read again",
    "rules/versions.py VersionService.call_hook": "a call is added; the rule is not changed",
    "subscriptions/service.py SubscriptionService.end_due": "each organisation is read again",
    "tokens/codes.py CodeService._consumed": "the token and the version of its seed are read again",
    "uplinks/service.py UplinkService.ingest_kept": "what was read is removed; what came since stays",
    "uplinks/service.py UplinkService._move": "what was read is removed; what came since stays",
    "vault/conversion.py SecretConversion.run": "an old column is emptied only if it did not change",
    "vault/secrets.py SecretService.restore_version": "a version never changes; the secret is read again",
}


def opened(function: ast.AST) -> set[str]:
    """How a function opens the database."""
    openings = [item.context_expr for node in ast.walk(function) if isinstance(node, ast.AsyncWith) for item in node.items]
    return {one.func.attr for one in openings if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)}


def calls_on(function: ast.AST, *, self_only: bool) -> set[str]:
    """The methods that a function calls on itself, or else on something that it holds."""
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    if self_only:
        return {one.attr for one in called if isinstance(one.value, ast.Name) and one.value.id == "self"}
    return {one.attr for one in called if isinstance(one.value, ast.Attribute)}


def methods_of(tree: ast.Module) -> Iterator[tuple[str, dict[str, ast.AST]]]:
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        found: dict[str, ast.AST] = {one.name: one for one in kind.body if isinstance(one, ast.AsyncFunctionDef)}
        yield kind.name, found


def reading_before_writing(tree: ast.Module) -> Iterator[str]:
    """Methods that open a snapshot and a transaction, themselves or through methods of their own class."""
    for kind, methods in methods_of(tree):
        for name, method in methods.items():
            parts: Iterable[ast.AST] = [method, *(methods[one] for one in calls_on(method, self_only=True) & methods.keys())]
            kinds = set().union(*map(opened, parts))
            if kinds & SNAPSHOTS and kinds & TRANSACTIONS:
                yield f"{kind}.{name}"


def reading_to_update(tree: ast.Module) -> Iterator[str]:
    """Methods that read through a service and update through one."""
    for kind, methods in methods_of(tree):
        for name, method in methods.items():
            called = calls_on(method, self_only=False)
            if any(one.startswith(READ) for one in called) and any(one.startswith(WRITE) for one in called):
                yield f"{kind}.{name}"


def test_what_is_changed_is_read_in_its_transaction() -> None:
    core = ROOT / "src" / "penstock" / "core"
    found = {
        f"{path.relative_to(core).as_posix()} {name}"
        for path in python_files("src/penstock/core")
        for name in reading_before_writing(parsed(path))
    }
    assert found == set(NOTHING_LOST)


def test_the_api_updates_with_what_was_sent() -> None:
    api = python_files("src/penstock/api")
    found = [f"{path.relative_to(ROOT).as_posix()} {name}" for path in api for name in reading_to_update(parsed(path))]
    assert found == []


def test_a_lost_update_is_noticed() -> None:
    apart = ast.parse(
        "class A:\n"
        "    async def change(self):\n"
        "        found = await self._get()\n"
        "        async with self._database.system() as tx:\n"
        "            await tx.things.update(found)\n"
        "    async def _get(self):\n"
        "        async with self._database.system_snapshot() as tx:\n"
        "            return await tx.things.find(1)\n"
    )
    assert list(reading_before_writing(apart)) == ["A.change"]
    patched = (
        "class B:\n"
        "    async def patch(self, call):\n"
        "        old = await self._things.get(1)\n"
        "        await self._things.update(old)\n"
    )
    assert list(reading_to_update(ast.parse(patched))) == ["B.patch"]
