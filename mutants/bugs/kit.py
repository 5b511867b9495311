"""Bugs in ids, JSON, credentials and pages."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="an id can have any prefix",
        layer="kit",
        old="if head != kind or len(digits) != _LENGTH",
        new="if len(digits) != _LENGTH",
        why="A project's id would be accepted as a device's.",
        hints=("kit/test_ids",),
    ),
    Mutant(
        name="ids of one millisecond repeat",
        layer="kit",
        old="self._last = max(self._last + 1, ms <<",
        new="self._last = max(self._last, ms <<",
        why="Two devices created at the same time would have one id.",
        hints=("test_ids",),
    ),
    Mutant(
        name="a repeated key is accepted",
        layer="kit",
        old="if len(out) != len(pairs):",
        new="if len(out) > len(pairs):",
        why="Two parsers could read one body in two ways.",
        hints=("kit/test_strict_json",),
    ),
    Mutant(
        name="depth is not counted",
        layer="kit",
        old="total += _count_keys(item, room - 1)",
        new="total += _count_keys(item, room)",
        why="A deeply nested body would cause a RecursionError later.",
        hints=("kit/test_strict_json",),
    ),
    Mutant(
        name="a credential's checksum is not checked",
        layer="kit",
        old="return body.isascii() and hmac.compare_digest(_checksum(body), check) if check.isascii() else False",
        new="return body.isascii() and check.isascii()",
        why="Every guess would cost a look-up.",
        hints=("kit/test_secret",),
    ),
    Mutant(
        name="a page shows one row too many",
        layer="kit",
        old="return Page(items=list(found[:limit]),",
        new="return Page(items=list(found[:limit + 1]),",
        why="A row would appear on two pages.",
        hints=("kit/test_paging", "api/v2/devices/test_routes"),
    ),
    Mutant(
        name="a secret prints itself",
        layer="kit",
        old="return f\"Secret('{MASK}')\"",
        new="return f\"Secret('{self._value}')\"",
        why="Keys would appear in logs.",
        hints=("kit/test_secret", "test_secrets_shown"),
    ),
)
