"""The state of SMS accounts, in memory: connected, or why not, and their last error. It ends with this process."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.clock import Clock
from penstock.kit.ids import SmsAccountId

MAX_REASON = 300


class LinkState(StrEnum):
    """The state of an account. One without a connection of its own is ready."""

    READY = "ready"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    """An attempt failed or the connection was lost; the next attempt follows automatically."""
    STOPPED = "stopped"
    """No attempt is made until the account, or its organisation, changes."""


class AccountState(msgspec.Struct, frozen=True, kw_only=True):
    """The state, its start, and when the next attempt is made. The last error remains after it is over; it contains no secret."""

    state: LinkState = LinkState.READY
    since_us: int | None = None
    retry_us: int | None = None
    last_error: str | None = None
    last_error_us: int | None = None


class AccountStates:
    """States by account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._states: dict[SmsAccountId, AccountState] = {}

    def find(self, account_id: SmsAccountId) -> AccountState:
        """The state of an account."""
        return self._states.get(account_id, AccountState())

    def note(self, account_id: SmsAccountId, state: LinkState, error: str | None = None, retry_us: int | None = None) -> None:
        """Record a change of state, and the error that led to it."""
        now_us, before = self._clock.now_us(), self.find(account_id)
        found = msgspec.structs.replace(before, state=state, retry_us=retry_us)
        if state is not before.state:
            found = msgspec.structs.replace(found, since_us=now_us)
        self._states[account_id] = found
        if error is not None:
            self.fail(account_id, error)

    def fail(self, account_id: SmsAccountId, error: str) -> None:
        """Record an error of an account whose state does not change."""
        before = self.find(account_id)
        self._states[account_id] = msgspec.structs.replace(
            before, last_error=error[:MAX_REASON], last_error_us=self._clock.now_us()
        )

    def forget(self, account_id: SmsAccountId) -> None:
        """The account was deleted."""
        self._states.pop(account_id, None)
