"""Marks requests that the server's own console makes on behalf of a signed-in person.

They pass the same admission as all others. Only their counting differs: a page makes several calls, and looking at pages must not
use up what a plan includes for programs.
"""

from __future__ import annotations

from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.core.limits.policy import CODES_OUT
from penstock.core.limits.surfaces import LimitRule
from penstock.kit.http import Scope

CONSOLE = "console"
_MARK = "penstock.inside"


def marked(scope: Scope) -> Scope:
    """Mark the ASGI scope of a request as the console's. A client cannot do this: the mark is not a header."""
    scope[_MARK] = CONSOLE
    return scope


def is_inside(scope: Scope) -> bool:
    """Whether the console makes a request."""
    return _MARK in scope


def console_rule(config: LimitsConfig) -> LimitRule:
    """How the console's calls are counted: for each person, with the limit of codes as everywhere."""
    calls = Limit("console_minute", LimitScope.GROUP, config.console_calls_per_minute, Window.MINUTE)
    codes = Limit("group_code", LimitScope.GROUP, config.codes_per_minute, Window.MINUTE)
    return LimitRule(surface=CONSOLE, group_of=lambda scope: codes if scope == CODES_OUT else calls)
