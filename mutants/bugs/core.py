"""Bugs in the domain: the audit log, keys, limits and commands."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a forged first row passes",
        layer="core",
        old="elif seq == 1 and prev_hash != FIRST_HASH:",
        new="elif False:",
        why="An attacker who rewrites the whole audit log could choose where it starts.",
        hints=("audit/test_chain",),
    ),
    Mutant(
        name="a row that does not continue passes",
        layer="core",
        old="elif verdict.rows and seq == verdict.last_seq + 1 and prev_hash != verdict.last_hash:",
        new="elif False:",
        why="A row could be replaced by one with a newly computed hash.",
        hints=("audit/test_chain",),
    ),
    Mutant(
        name="a suspended organisation is admitted",
        layer="core",
        old=("if organization.suspended_us is not None:\n            raise OrganizationSuspended()"),
        new=("if organization.suspended_us is not None and organization.id == 0:\n            raise OrganizationSuspended()"),
        why="An organisation that does not pay could continue.",
        hints=("test_org",),
    ),
    Mutant(
        name="another organisation's id is accepted",
        layer="core",
        old="if decode(Prefix.ORGANIZATION, text) != actor.org_id:",
        new="if decode(Prefix.ORGANIZATION, text) is None:",
        why="A caller would not notice a wrong configuration.",
        hints=("security/test_scopes",),
    ),
    Mutant(
        name="a key works from anywhere",
        layer="core",
        old="if not found.allows(address):",
        new="if not found.allows(address) and not address:",
        why="A stolen key would work from everywhere.",
        hints=("api/v2/keys/test_routes",),
    ),
    Mutant(
        name="invalid credentials are not limited",
        layer="core",
        old="except CredentialInvalid:\n            self._failed_credentials.record_failed_credential(address)\n            raise",
        new="except CredentialInvalid:\n            raise",
        why="Credentials could be guessed at any speed.",
        hints=("core/tenancy/test_admission", "api/v2/usage/test_routes"),
    ),
    Mutant(
        name="a used single-use key works again",
        layer="core",
        old="judged = self._judge(Known(key, self._role_scopes), address)",
        new="judged = Known(key, self._role_scopes).actor",
        why="A single-use key would be used twice.",
        hints=("core/tenancy/test_keys", "api/v2/keys/test_routes"),
    ),
    Mutant(
        name="a limit admits one call too many",
        layer="core",
        old="if used > limit.count:\n                self._revert",
        new="if used > limit.count + 1:\n                self._revert",
        why="A plan's limit would differ from the documented one.",
        hints=("test_limiter",),
    ),
    Mutant(
        name="minutes are forgotten too early",
        layer="core",
        old="slots, last = self.slots, slot - SLOTS\n",
        new="slots, last = self.slots, slot - SLOTS + 8\n",
        why="More calls than the limit would be admitted within 60 seconds.",
        hints=("test_limiter",),
    ),
    Mutant(
        name="a finished command finishes again",
        layer="core",
        old="(State.RECEIVED, Move.FINISH): State.DONE,",
        new=("(State.RECEIVED, Move.FINISH): State.DONE,\n    (State.FAILED, Move.FINISH): State.DONE,"),
        why="A failure would become a success.",
        hints=("commands/test_states",),
    ),
    Mutant(
        name="a command that is not repeatable is sent again",
        layer="core",
        old="if move is Move.LOSE and not execution.repeatable:",
        new="if False:",
        why="A valve would be opened twice.",
        hints=("commands/test_states", "commands/test_queue"),
    ),
    Mutant(
        name="one more unknown key is remembered",
        layer="core",
        old=("if key is None:\n            if len(self._unknown) >= MAX_UNKNOWN:\n                self._unknown.clear()"),
        new=("if key is None:\n            if len(self._unknown) > MAX_UNKNOWN:\n                self._unknown.clear()"),
        why="",
        equivalent="The cache of unknown keys holds one more entry before it is cleared; no response depends on it.",
    ),
)
