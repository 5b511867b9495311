"""Errors about codecs."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class CodecNotFound(PenstockError):
    """The caller's organisation, or this profile, has no codec version with this id."""

    kind, code = Kind.NOT_FOUND, "codecs.not_found"
    message = "codec version {codec_id} was not found"


class NoCodec(PenstockError):
    """The profile has no codec, or the device has no profile."""

    kind, code = Kind.PRECONDITION, "codecs.none"
    message = "no codec is available: {reason}"


class CodecFailed(PenstockError):
    """The codec returned no result; the detail states the reason."""

    kind, code = Kind.PRECONDITION, "codecs.failed"
    message = "the codec returned no result: {reason}"


class CodecLimitReached(PenstockError):
    """The profile has reached the limit of stored codec versions."""

    kind, code = Kind.EXHAUSTED, "codecs.limit_reached"
    message = "a profile can have at most {limit} codec versions"
