"""Bugs in people: signing in, sessions and roles."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a suspended user signs in",
        layer="core",
        old=("if user is None or not right or user.suspended_us is not None or membership is None:\n            self._note"),
        new=("if user is None or not right or membership is None:\n            self._note"),
        why="Whoever was shut out comes back.",
        hints=("people/test_sign_in_routes", "people/test_member_routes", "cli/test_user", "cli/test_org"),
    ),
    Mutant(
        name="any password is right",
        layer="core",
        old="right = await self._passwords.verify(user.password_hash if user else NO_HASH, password)",
        new="right = bool(await self._passwords.verify(user.password_hash if user else NO_HASH, password)) or user is not None",
        why="Everybody signs in as anybody.",
        hints=("people/test_sign_in_routes",),
    ),
    Mutant(
        name="a challenge outlives a changed password",
        layer="core",
        old=("if begun.password != _mark(user):\n            raise ChallengeInvalid()"),
        new="pass",
        why="Who stole the first step could still take the second.",
        hints=("core/people/test_sign_in",),
    ),
    Mutant(
        name="a challenge never runs out",
        layer="core",
        old=("if begun.expires_us <= self._clock.now_us():\n            raise ChallengeInvalid()\n        return begun"),
        new="return begun",
        why="The first step would be good for ever.",
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
        why="Who looks over a shoulder signs in too.",
        hints=("people/test_totp", "people/test_profile_routes"),
    ),
    Mutant(
        name="a code of an hour ago is right",
        layer="core",
        old="DRIFT_STEPS = 1\n",
        new="DRIFT_STEPS = 120\n",
        why="A code that was written down would work.",
        hints=("test_totp",),
    ),
    Mutant(
        name="a member makes an owner",
        layer="core",
        old="if actor.kind is not ActorKind.SYSTEM and not may <= actor.scopes:",
        new="if actor.kind is not ActorKind.SYSTEM and not may & actor.scopes:",
        why="Anybody would become anything.",
        hints=("people/test_roles", "people/test_member_routes"),
    ),
    Mutant(
        name="a key is a person",
        layer="core",
        old=("if actor.kind is not ActorKind.USER:\n        raise SessionRequired()"),
        new=("if actor.kind is ActorKind.DEVICE:\n        raise SessionRequired()"),
        why="A key would change somebody's password.",
        hints=("security/test_scopes",),
    ),
    Mutant(
        name="a viewer may do what members may",
        layer="core",
        old="Role.VIEWER: _READ,",
        new='Role.VIEWER: _READ | {"devices:write"},',
        why="Who may look would change things.",
        hints=("people/test_roles", "people/test_invitation_routes"),
    ),
)
