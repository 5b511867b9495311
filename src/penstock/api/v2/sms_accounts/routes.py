"""SMS accounts over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.sms_accounts import examples, wire
from penstock.api.v2.sms_accounts.translate import from_core_account, from_core_check, to_core_account, to_core_patch
from penstock.api.v2.wire import ListOf, Page
from penstock.core.inboxes.account_models import SmsAccount
from penstock.core.inboxes.account_ports import AccountProber
from penstock.core.inboxes.account_states import AccountStates
from penstock.core.inboxes.accounts import SmsAccountService
from penstock.kit.ids import Prefix, SmsAccountId
from penstock.kit.operation import Example

READ, WRITE = "sms:read", "sms:write"


class SmsAccountEndpoints:
    """Create, read, change, check and delete accounts at providers of SMS."""

    routes = Routes("/api/v2/inbox/accounts", surface="v2", tag="Inboxes")

    def __init__(self, accounts: SmsAccountService, states: AccountStates, prober: AccountProber) -> None:
        self._accounts = accounts
        self._states = states
        self._prober = prober

    def _to_wire(self, account: SmsAccount) -> wire.Account:
        return from_core_account(account, self._states.find(account.id))

    @routes.get(scope=READ, example=Example(answer={"data": [examples.ACCOUNT], "next_cursor": None}))
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Account]:
        """List SMS accounts.

        Newest first, with their state. Credentials are in no response.
        """
        page = await self._accounts.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([self._to_wire(one) for one in page.items], page.next_cursor)

    @routes.post(scope=WRITE, status=201, refuses=(429,), example=Example(body=examples.CREATE, answer=examples.ACCOUNT))
    async def create(self, call: Call[None, wire.AccountCreate]) -> wire.Account:
        """Create an SMS account.

        Its credentials are kept in the vault and are in no response. An account of kind `smpp` is connected immediately.
        """
        return self._to_wire(await self._accounts.create(call.actor, to_core_account(call.body)))

    @routes.get("/{account_id}", scope=READ, example=Example(path=examples.PATH, answer=examples.ACCOUNT))
    async def get(self, call: Call[None, None]) -> wire.Account:
        """Get an SMS account."""
        return self._to_wire(await self._accounts.get(call.actor, _account_id(call)))

    @routes.patch(
        "/{account_id}", scope=WRITE, example=Example(path=examples.PATH, body=examples.CHANGE, answer=examples.CHANGED)
    )
    async def update(self, call: Call[None, wire.AccountPatch]) -> wire.Account:
        """Change an SMS account.

        Omitted fields are unchanged, also inside `settings`; null clears a field. If you change the address or the account to
        which a credential is sent, you must send the credential again. The kind cannot be changed.
        """
        return self._to_wire(await self._accounts.update(call.actor, _account_id(call), to_core_patch(call.body)))

    @routes.delete("/{account_id}", scope=WRITE, refuses=(409,), example=Example(path=examples.PATH))
    async def delete(self, call: Call[None, None]) -> None:
        """Delete an SMS account with its credentials.

        Not while numbers use it: the error names them.
        """
        await self._accounts.delete(call.actor, _account_id(call))

    @routes.post("/{account_id}/check", scope=WRITE, refuses=(422,), example=Example(path=examples.PATH, answer=examples.CHECKED))
    async def check(self, call: Call[None, None]) -> wire.AccountCheck:
        """Check an SMS account.

        Asks the provider whether it accepts the credentials. No SMS is sent.
        """
        return from_core_check(await self._accounts.check(call.actor, _account_id(call), self._prober))


def _account_id(call: Call[Any, Any]) -> SmsAccountId:
    return path_id(Prefix.SMS_ACCOUNT, call.path["account_id"])
