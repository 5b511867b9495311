"""What dialects bring is found, and the native API offers exactly that."""

from __future__ import annotations

from typing import get_args

from penstock.api import dialects
from penstock.api.v2.keys.wire import Style
from penstock.api.v2.webhooks.wire import FormatName
from penstock.bootstrap.dialects import DIALECTS, KEY_STYLES, SURFACES, WEBHOOK_FORMATS, limit_rules
from penstock.core.limits.models import LimitScope
from penstock.settings import load_settings
from tests.house.tree import SRC


def test_every_folder_is_a_dialect() -> None:
    assert list(dialects.__path__) == [str(SRC / "api" / "dialects")]
    folders = {path.parent.name for path in (SRC / "api" / "dialects").glob("*/__init__.py")}
    assert set(DIALECTS) == folders
    assert len(DIALECTS) >= 5


def test_the_native_api_offers_every_format_and_key_style() -> None:
    assert set(get_args(FormatName)) == {form.name for form in WEBHOOK_FORMATS}
    assert set(get_args(Style)) == set(KEY_STYLES.names)


def test_no_two_surfaces_have_a_prefix_in_common() -> None:
    prefixes = [rule.path_prefix for rule in SURFACES]
    assert len(set(prefixes)) == len(prefixes)


def test_limit_rules_read_the_settings() -> None:
    settings = load_settings(environment={"PENSTOCK_LIMITS_KAITO_WRITE_PER_MINUTE": "7"})
    rules = {rule.surface: rule for rule in limit_rules(settings.limits)}
    assert {name for name, rule in rules.items() if rule.needs_api_access} == {"siliconwit"}
    group_of = rules["kaito"].group_of
    assert group_of is not None
    found = {scope: group_of(scope) for scope in ("tokens:code", "audit:read", "webhooks:write", "tokens:seed")}
    assert {one.scope for one in found.values()} == {LimitScope.GROUP}
    assert {scope: (one.name, one.count) for scope, one in found.items()} == {
        "tokens:code": ("group_code", 60),
        "audit:read": ("group_read", 300),
        "webhooks:write": ("group_write", 7),
        "tokens:seed": ("group_write", 7),
    }
