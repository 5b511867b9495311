"""Bugs in people: signing in, sessions and roles."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a suspended user signs in",
        layer="core",
        old=("if user is None or not right or user.suspended_us is not None or membership is None:\n            self._note"),
        new=("if user is None or not right or membership is None:\n            self._note"),
        why="A user who was locked out could return.",
        hints=("people/test_sign_in_routes", "people/test_member_routes", "cli/test_user", "cli/test_org"),
    ),
    Mutant(
        name="any password is right",
        layer="core",
        old="right = await self._passwords.verify(user.password_hash if user else NO_HASH, password)",
        new="right = bool(await self._passwords.verify(user.password_hash if user else NO_HASH, password)) or user is not None",
        why="Anyone could sign in as any user.",
        hints=("people/test_sign_in_routes",),
    ),
    Mutant(
        name="a challenge outlives a changed password",
        layer="core",
        old=("if begun.password != _mark(user):\n            raise ChallengeInvalid()"),
        new="pass",
        why="An attacker who completed the first step could still complete the second.",
        hints=("core/people/test_sign_in",),
    ),
    Mutant(
        name="a challenge never expires",
        layer="core",
        old=("if begun.expires_us <= self._clock.now_us():\n            raise ChallengeInvalid()\n        return begun"),
        new="return begun",
        why="The first step would remain valid for ever.",
        hints=("core/people/test_sign_in",),
    ),
    Mutant(
        name="a stolen refresh token ends nothing",
        layer="core",
        old=("if stolen is not None:\n            await self._end_stolen(stolen, client)"),
        new=("if stolen is not None:\n            raise RefreshInvalid()"),
        why="The thief would keep the session.",
        hints=("people/test_sign_in_routes",),
    ),
    Mutant(
        name="a code of the second factor works twice",
        layer="core",
        old="if right and step > after_step:",
        new="if right:",
        why="A person who sees the code could sign in too.",
        hints=("vault/test_totp", "people/test_profile_routes"),
    ),
    Mutant(
        name="a code from an hour ago is accepted",
        layer="core",
        old="DRIFT_STEPS = 1\n",
        new="DRIFT_STEPS = 120\n",
        why="A code that was written down would work.",
        hints=("test_totp",),
    ),
    Mutant(
        name="a member can make another member owner",
        layer="core",
        old="if actor.kind is not ActorKind.SYSTEM and not may <= actor.scopes:",
        new="if actor.kind is not ActorKind.SYSTEM and not may & actor.scopes:",
        why="Any member could gain any role.",
        hints=("people/test_roles", "people/test_member_routes"),
    ),
    Mutant(
        name="a key is accepted as a user",
        layer="core",
        old=("if actor.kind is not ActorKind.USER:\n        raise SessionRequired()"),
        new=("if actor.kind is ActorKind.DEVICE:\n        raise SessionRequired()"),
        why="A key could change a user's password.",
        hints=("security/test_scopes",),
    ),
    Mutant(
        name="a viewer has the permissions of a member",
        layer="core",
        old="Role.VIEWER: _READ,",
        new='Role.VIEWER: _READ | {"devices:write"},',
        why="A user with read access could change things.",
        hints=("people/test_roles", "people/test_invitation_routes"),
    ),
)
