"""The variables of one use of expressions: an alert's condition, a webhook's filter, a rule with a type of trigger."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from penstock.core.expressions.engine import Kind, cel, checking, running


class Scope:
    """Variables by their full name, such as `reading.time`.

    `keys` are the only names that a map has, where they are known: `window` contains the declared windows.
    """

    def __init__(self, kinds: Mapping[str, Kind], keys: Mapping[str, AbstractSet[str]] | None = None) -> None:
        self.kinds = dict(kinds)
        self.keys = dict(keys or {})
        self._base: Scope | None = None

    @cached_property
    def environment(self) -> cel.Env:
        """Compiles expressions over these variables."""
        return self._base.environment if self._base is not None else checking(self.kinds)

    @cached_property
    def program_environment(self) -> cel.Env:
        """Runs the expressions that `environment` has checked."""
        return self._base.program_environment if self._base is not None else running(self.kinds)

    def with_keys(self, keys: Mapping[str, AbstractSet[str]]) -> Scope:
        """The same variables with the names of maps."""
        found = Scope(self.kinds, self.keys | dict(keys))
        found._base = self._base or self
        return found

    def known(self, name: str) -> list[str]:
        """The variables that a text may name instead of an unknown one: those of the same noun, if there are any."""
        noun = name.partition(".")[0]
        near = [one for one in self.kinds if one.partition(".")[0] == noun]
        return sorted(near or self.kinds)
