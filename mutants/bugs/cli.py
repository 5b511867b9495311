"""Bugs in the command line."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a key can have any name",
        layer="cli",
        old=('if not 0 < len(name) <= MAX_NAME or not name.isprintable():\n        raise SystemExit(f"penstock: --name'),
        new=('if not 0 < len(name) <= MAX_NAME:\n        raise SystemExit(f"penstock: --name'),
        why="A list of keys could send control codes to a terminal.",
        hints=("cli/test_key",),
    ),
    Mutant(
        name="suspending resumes",
        layer="cli",
        old="control.tenancy.set_suspended(name, suspended=True)))",
        new="control.tenancy.set_suspended(name, suspended=False)))",
        why="The operator would believe that the organisation is locked out.",
        hints=("cli/test_org",),
    ),
    Mutant(
        name="doctor succeeds although it found an error",
        layer="cli",
        old=("if worst is Status.FAIL:\n        raise SystemExit(1)"),
        new=("if worst is None:\n        raise SystemExit(1)"),
        why="A script would continue with a damaged directory.",
        hints=("cli/test_doctor",),
    ),
)
