"""Errors about agents."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class PairCodeInvalid(PenstockError):
    """The pair code is unknown, used or expired. The response does not reveal which."""

    kind, code = Kind.UNAUTHENTICATED, "agents.pair_code_invalid"
    message = "the pair code is invalid, used or expired"


class AgentTokenInvalid(PenstockError):
    """The agent's token is forged, or its pairing was ended or replaced. The response does not reveal which."""

    kind, code = Kind.UNAUTHENTICATED, "agents.token_invalid"
    message = "the agent's token is invalid; pair the device again"
