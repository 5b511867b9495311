"""Bugs in the command line."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a key may be named anything",
        layer="cli",
        old=('if not 0 < len(name) <= MAX_NAME or not name.isprintable():\n        raise SystemExit(f"penstock: --name'),
        new=('if not 0 < len(name) <= MAX_NAME:\n        raise SystemExit(f"penstock: --name'),
        why="A terminal would be taken over by a list of keys.",
        hints=("cli/test_key",),
    ),
    Mutant(
        name="suspending resumes",
        layer="cli",
        old="control.tenancy.set_suspended(name, suspended=True)))",
        new="control.tenancy.set_suspended(name, suspended=False)))",
        why="The operator would believe that somebody is shut out.",
        hints=("cli/test_org",),
    ),
    Mutant(
        name="a doctor who finds something is content",
        layer="cli",
        old=("if worst is Status.FAIL:\n        raise SystemExit(1)"),
        new=("if worst is None:\n        raise SystemExit(1)"),
        why="A script would go on over a broken directory.",
        hints=("cli/test_doctor",),
    ),
)
