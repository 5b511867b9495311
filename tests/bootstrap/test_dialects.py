"""What dialects bring is found, and the native API offers exactly that."""

from __future__ import annotations

from penstock.api import dialects
from penstock.bootstrap.dialects import CHOICES, DIALECTS, SURFACES, limit_rules
from penstock.core.tenancy.key_styles import OWN_STYLE
from penstock.settings import LIMITS_OF_DIALECTS, load_settings
from tests.house.tree import SRC


def test_every_folder_is_a_dialect() -> None:
    assert list(dialects.__path__) == [str(SRC / "api" / "dialects")]
    folders = {path.parent.name for path in (SRC / "api" / "dialects").glob("*/__init__.py")}
    assert set(DIALECTS) == folders


def test_the_native_api_offers_every_format_and_key_style() -> None:
    assert set(CHOICES["webhook_format"]) == {"standard"} | {
        form.name for surface in DIALECTS.values() for form in surface.webhook_formats
    }
    assert set(CHOICES["key_style"]) == {OWN_STYLE} | {
        style.name for surface in DIALECTS.values() for style in surface.key_styles
    }


def test_no_two_surfaces_have_a_prefix_in_common() -> None:
    prefixes = [rule.path_prefix for rule in SURFACES]
    assert len(set(prefixes)) == len(prefixes)


def test_each_limit_of_a_dialect_is_a_setting() -> None:
    """Whatever rule it makes of its settings, the settings of a dialect are numbers that can be set like all others."""
    raised = {f"PENSTOCK_LIMITS_{name.upper()}": "7" for name in LIMITS_OF_DIALECTS}
    limits = load_settings(environment=raised).limits
    assert {getattr(limits, name) for name in LIMITS_OF_DIALECTS} <= {7}
    rules = [rule.surface for rule in limit_rules(limits)]
    assert rules == [name for name, surface in DIALECTS.items() if surface.limit_rule is not None]
