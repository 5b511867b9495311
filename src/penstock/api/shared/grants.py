"""What the surfaces with grants of tokens share."""

from __future__ import annotations

from penstock.core.tokens.grant_models import PREFIXES, Subject
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import decode


def subject_of(text: str, field: str) -> Subject:
    """The group, user or key with an id.

    Raises:
        InvalidInput: it is the id of something else, or none.
    """
    for kind, prefix in PREFIXES.items():
        number = decode(prefix, text)
        if number is not None:
            return Subject(kind, number)
    raise InvalidInput.field(field, "must be the id of a group, user or key, such as grp_0c2k9fq7w3m1x", "id")


def moment(text: str | None, field: str) -> int | None:
    """A time in microseconds.

    Raises:
        InvalidInput: the text is not a time.
    """
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise InvalidInput.field(field, str(error), "time") from None
