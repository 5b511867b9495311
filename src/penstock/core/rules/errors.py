"""Refusals about rules."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class RuleNotFound(PenstockError):
    """No rule with this id."""

    kind, code = Kind.NOT_FOUND, "rules.not_found"
    message = "rule {rule_id} not found"


class RuleExists(PenstockError):
    """The organisation has a rule of this name already."""

    kind, code = Kind.CONFLICT, "rules.exists"
    message = "there is a rule {name} already"


class RuleLimitReached(PenstockError):
    """The organisation has as many rules, or the rule as many versions, as there may be."""

    kind, code = Kind.EXHAUSTED, "rules.limit_reached"
    message = "there are at most {limit} {what}"


class RuleInTrash(PenstockError):
    """The rule is in the trash: it can be looked at and recovered, and nothing else."""

    kind, code = Kind.CONFLICT, "rules.in_trash"
    message = "rule {rule_id} is in the trash; recover it first"


class VersionNotFound(PenstockError):
    """The rule has no version with this id."""

    kind, code = Kind.NOT_FOUND, "rules.version_not_found"
    message = "version {version_id} not found"


class RunNotFound(PenstockError):
    """No run with this id."""

    kind, code = Kind.NOT_FOUND, "rules.run_not_found"
    message = "run {run_id} not found"


class RehearsalNotFound(PenstockError):
    """No rehearsal with this id: unknown, or of before the last restart."""

    kind, code = Kind.NOT_FOUND, "rules.rehearsal_not_found"
    message = "rehearsal {rehearsal_id} not found"


class RehearsalImpossible(PenstockError):
    """What triggers the rule is not kept as history."""

    kind, code = Kind.CONFLICT, "rules.not_rehearsable"
    message = "this rule cannot be rehearsed: {reason}"


class TooManyRehearsals(PenstockError):
    """As many rehearsals of the organisation are under way as may be."""

    kind, code = Kind.EXHAUSTED, "rules.rehearsals_limit_reached"
    message = "{limit} rehearsals are under way already"


class HookNotFound(PenstockError):
    """No hook with this id and secret; which of them is wrong is not told."""

    kind, code = Kind.NOT_FOUND, "rules.hook_not_found"
    message = "no hook with this id and secret"
