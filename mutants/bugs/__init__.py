"""The list of bugs, by layer. A new one belongs with its layer; a test checks that each can still be planted."""

from __future__ import annotations

from mutants.bugs import adapters, api, cli, core, dialects, happenings, ingress, kit, live, people, workers
from mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *kit.MUTANTS,
    *core.MUTANTS,
    *happenings.MUTANTS,
    *people.MUTANTS,
    *ingress.MUTANTS,
    *api.MUTANTS,
    *live.MUTANTS,
    *dialects.MUTANTS,
    *adapters.MUTANTS,
    *workers.MUTANTS,
    *cli.MUTANTS,
)
