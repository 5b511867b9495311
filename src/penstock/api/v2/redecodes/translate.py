"""Converts re-decodes between wire structs and core models."""

from __future__ import annotations

from penstock.api.shared.decoding import body_id
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.redecodes import wire
from penstock.core.redecodes.models import Redecode, RedecodeFilter, RedecodeState, Selection
from penstock.kit.clock import MAX_US, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import I, IdKind, Prefix, encode

FIRST_US = 0


def to_core_selection(body: wire.RedecodeCreate) -> Selection:
    """The selected uplinks.

    Raises:
        InvalidInput: not exactly one of the ids is set, one is malformed, or the range is empty.
    """
    given = [name for name in ("device_id", "profile_id", "project_id") if getattr(body, name) is not None]
    if not given:
        raise InvalidInput.field("device_id", "device_id, profile_id or project_id is required", "required")
    if len(given) > 1:
        raise InvalidInput.field(given[1], f"{given[0]} and {given[1]} must not both be set")
    from_us = FIRST_US if body.from_ is None else parse_moment(body.from_, "from")
    to_us = MAX_US if body.to is None else parse_moment(body.to, "to")
    if to_us <= from_us:
        raise InvalidInput.field("to", "must be after from")
    return Selection(
        device_id=_number(Prefix.DEVICE, body.device_id, "device_id"),
        profile_id=_number(Prefix.PROFILE, body.profile_id, "profile_id"),
        project_id=_number(Prefix.PROJECT, body.project_id, "project_id"),
        from_us=from_us,
        to_us=to_us,
        only_failed=body.only_failed,
    )


def to_core_filter(query: wire.RedecodeQuery) -> RedecodeFilter:
    return RedecodeFilter(
        state=None if query.state is None else RedecodeState(query.state),
        device_id=_number(Prefix.DEVICE, query.device_id, "device_id"),
        profile_id=_number(Prefix.PROFILE, query.profile_id, "profile_id"),
    )


def from_core_redecode(redecode: Redecode) -> wire.Redecode:
    return wire.Redecode(
        id=encode(Prefix.REDECODE, redecode.id),
        device_id=_text(Prefix.DEVICE, redecode.device_id),
        profile_id=_text(Prefix.PROFILE, redecode.profile_id),
        project_id=_text(Prefix.PROJECT, redecode.project_id),
        from_=None if redecode.from_us == FIRST_US else format_time(redecode.from_us),
        to=None if redecode.to_us == MAX_US else format_time(redecode.to_us),
        only_failed=redecode.only_failed,
        state=redecode.state.value,
        reason=redecode.reason,
        total=redecode.total,
        done=redecode.done,
        changed=redecode.changed,
        failed=redecode.failed,
        skipped=redecode.skipped,
        author=redecode.author,
        created_at=format_time(redecode.created_us),
        started_at=None if redecode.started_us is None else format_time(redecode.started_us),
        finished_at=None if redecode.finished_us is None else format_time(redecode.finished_us),
    )


def _number(kind: IdKind[I], text: str | None, field: str) -> I | None:
    return None if text is None else body_id(kind, text, field)


def _text(kind: IdKind[I], number: I | None) -> str | None:
    return None if number is None else encode(kind, number)
