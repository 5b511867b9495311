"""Errors about rules."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class RuleNotFound(PenstockError):
    """No rule with this id exists."""

    kind, code = Kind.NOT_FOUND, "rules.not_found"
    message = "rule {rule_id} was not found"


class RuleExists(PenstockError):
    """The organisation already has a rule with this name."""

    kind, code = Kind.CONFLICT, "rules.exists"
    message = "rule {name} already exists"


class RuleLimitReached(PenstockError):
    """The organisation has reached its limit of rules, or the rule its limit of versions."""

    kind, code = Kind.EXHAUSTED, "rules.limit_reached"
    message = "there can be at most {limit} {what}"


class RuleInTrash(PenstockError):
    """The rule is in the trash; it can only be read and recovered."""

    kind, code = Kind.CONFLICT, "rules.in_trash"
    message = "rule {rule_id} is in the trash; recover it first"


class VersionNotFound(PenstockError):
    """The rule has no version with this id."""

    kind, code = Kind.NOT_FOUND, "rules.version_not_found"
    message = "version {version_id} was not found"


class RunNotFound(PenstockError):
    """No run with this id exists."""

    kind, code = Kind.NOT_FOUND, "rules.run_not_found"
    message = "run {run_id} was not found"


class RehearsalNotFound(PenstockError):
    """No rehearsal with this id exists. Rehearsals do not survive a restart."""

    kind, code = Kind.NOT_FOUND, "rules.rehearsal_not_found"
    message = "rehearsal {rehearsal_id} was not found"


class RehearsalImpossible(PenstockError):
    """The rule's triggers have no stored history, or the range contains too much of it; the detail states which."""

    kind, code = Kind.CONFLICT, "rules.not_rehearsable"
    message = "the rule cannot be rehearsed: {reason}"


class TooManyRehearsals(PenstockError):
    """The organisation has reached its limit of running rehearsals."""

    kind, code = Kind.EXHAUSTED, "rules.rehearsals_limit_reached"
    message = "an organisation can run at most {limit} rehearsals at a time"


class HookNotFound(PenstockError):
    """The hook id or its secret is wrong. The response does not reveal which."""

    kind, code = Kind.NOT_FOUND, "rules.hook_not_found"
    message = "the hook id or its secret is wrong"
