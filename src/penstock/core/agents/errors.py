"""Refusals about agents."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class PairCodeInvalid(PenstockError):
    """The pair code is unknown, used, or too old; which of them is not told."""

    kind, code = Kind.UNAUTHENTICATED, "agents.pair_code_invalid"
    message = "the pair code is not valid"


class AgentTokenInvalid(PenstockError):
    """The agent's token is forged, or its pairing was ended or replaced; which of them is not told."""

    kind, code = Kind.UNAUTHENTICATED, "agents.token_invalid"
    message = "the agent's token is not valid; pair the device anew"
