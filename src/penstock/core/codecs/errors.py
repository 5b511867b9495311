"""Refusals about codecs."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class CodecNotFound(PenstockError):
    """No version of a codec with this id, or none of this profile, in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "codecs.not_found"
    message = "codec version {codec_id} not found"


class NoCodec(PenstockError):
    """The profile has no codec, or the device no profile."""

    kind, code = Kind.PRECONDITION, "codecs.none"
    message = "there is no codec: {reason}"


class CodecFailed(PenstockError):
    """A codec gave no result; the reason says why."""

    kind, code = Kind.PRECONDITION, "codecs.failed"
    message = "the codec gave no result: {reason}"


class CodecLimitReached(PenstockError):
    """A profile has as many versions of its codec as are kept."""

    kind, code = Kind.EXHAUSTED, "codecs.limit_reached"
    message = "a profile has at most {limit} versions of its codec"
