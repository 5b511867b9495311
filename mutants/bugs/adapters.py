"""Bugs in storage, calls to others and the front door."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="the list of devices contains those of all organisations",
        layer="storage",
        old=("FROM devices AS d\nWHERE d.org_id = :org_id AND d.id < :after_id"),
        new=("FROM devices AS d\nWHERE d.id < :after_id"),
        why="Every organisation would see all devices.",
        hints=("test_sql_scope", "security/test_isolation"),
    ),
    Mutant(
        name="a device is deleted by its id alone",
        layer="storage",
        old="DELETE FROM devices WHERE org_id = :org_id AND id = :id;",
        new="DELETE FROM devices WHERE id = :id;",
        why="A caller who guesses an id could delete another organisation's device.",
        hints=("test_sql_scope",),
    ),
    Mutant(
        name="a page starts with the last row of the page before",
        layer="storage",
        old="WHERE d.org_id = :org_id AND d.id < :after_id",
        new="WHERE d.org_id = :org_id AND d.id <= :after_id",
        why="A row would appear on two pages.",
        hints=("api/v2/devices/test_routes", "security/test_isolation"),
    ),
    Mutant(
        name="a full log accepts more",
        layer="storage",
        old=("self.refused += 1\n            self._settled(readings, stored=False)\n            raise LogFull()"),
        new="self.refused += 1",
        why="With a slow disk, the server would run out of memory.",
        hints=("sqlite/test_log",),
    ),
    Mutant(
        name="a failed log acknowledges",
        layer="storage",
        old="self._failed = self._failed or isinstance(error, LogFailed)",
        new="self._failed = self._failed and isinstance(error, LogFailed)",
        why="Readings would be acknowledged without being stored.",
        hints=("sqlite/test_log",),
    ),
    Mutant(
        name="a failed log acknowledges what was queued",
        layer="storage",
        old="if self._failed:\n                raise LogFailed()\n            stored",
        new="stored",
        why="The same, for calls from shortly before.",
        hints=("sqlite/test_log",),
    ),
    Mutant(
        name="a failed log queues what it cannot store",
        layer="storage",
        old="if self._failed:\n            self._settled(readings, stored=False)\n            raise LogFailed()\n        # An empty",
        new="# An empty",
        why="",
        equivalent="The writer rejects it with the same error; the caller awaits the result and receives it slightly later.",
    ),
    Mutant(
        name="the address that was checked is not the one called",
        layer="outbound",
        old=(
            'raise httpcore.ConnectError("the host has no address") from error\n        self._policy.check_addresses(host, addresses)'
        ),
        new='raise httpcore.ConnectError("the host has no address") from error',
        why="A name server that changes its answer would give access to the internal network.",
        hints=("outbound/test_client",),
    ),
    Mutant(
        name="two Host headers",
        layer="frontdoor",
        old=('if seen & HOST:\n        raise Refused(MALFORMED.because("the Host header must not be repeated"))'),
        new=('if seen & HOST and False:\n        raise Refused(MALFORMED.because("the Host header must not be repeated"))'),
        why="Two servers would see two different hosts.",
        hints=("frontdoor/test_framing",),
    ),
    Mutant(
        name="HTTP/1.1 without a host is admitted",
        layer="frontdoor",
        old="if not seen & HOST:",
        new="if not seen & HOST and False:",
        why="A proxy's checks would be bypassed.",
        hints=("frontdoor/test_framing",),
    ),
    Mutant(
        name="chunks in HTTP/1.0",
        layer="frontdoor",
        old=('elif seen & CHUNKED:\n        raise Refused(MALFORMED.because("an HTTP/1.0 request'),
        new=('elif seen & CHUNKED and False:\n        raise Refused(MALFORMED.because("an HTTP/1.0 request'),
        why="Two servers would see two different requests.",
        hints=("frontdoor/test_framing",),
    ),
    Mutant(
        name="a target of another host",
        layer="frontdoor",
        old='(name, host if name == b"host" else value)',
        new="(name, value)",
        why="A proxy that routes by the target and an application that reads the Host header would see two different hosts.",
        hints=("frontdoor/test_protocol",),
    ),
    Mutant(
        name="one address can occupy every connection",
        layer="frontdoor",
        old="if held >= self.config.max_idle_per_address and not self._proxies.trusts(address):",
        new="if held > self.config.max_connections:",
        why="One client would lock out all others.",
        hints=("frontdoor/test_door",),
    ),
    Mutant(
        name="every IPv6 address counts as another client",
        layer="frontdoor",
        old="return str(ipaddress.IPv6Network((ip, 64), strict=False))",
        new="return str(ip)",
        why="One subscriber has 2^64 addresses.",
        hints=("frontdoor/test_door",),
    ),
)
