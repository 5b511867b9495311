"""The installed dialects: the packages below `penstock.api.dialects`. They are listed nowhere else.

Each package lists what it adds as `SURFACE` in its module `surface`; its endpoints are built by `dialect_endpoints.py`, and its
settings are in its `default.toml`. If a package was deleted, the server starts without it.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from penstock.api import dialects
from penstock.api.shared.dialect import Surface
from penstock.api.shared.surface import SurfaceRules
from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.surfaces import LimitRule
from penstock.core.tenancy.key_styles import KeyStyles
from penstock.core.uplinks.models import NetworkMessage
from penstock.core.webhooks.formats import WebhookFormats
from penstock.core.webhooks.standard import StandardFormat


def _surface(name: str) -> Surface:
    surface = import_module(f"{dialects.__name__}.{name}.surface").SURFACE
    assert isinstance(surface, Surface)
    return surface


DIALECTS = {name: _surface(name) for name in sorted(one.name for one in pkgutil.iter_modules(dialects.__path__) if one.ispkg)}
"""What each dialect adds, by the name of its package."""
SURFACES = (
    SurfaceRules(surface="v2", path_prefix="/api/v2", organization_required=True, strict_query=True),
    *(rule for surface in DIALECTS.values() for rule in surface.rules),
    SurfaceRules(surface="system", path_prefix="/", headers=()),
)
WEBHOOK_FORMATS = WebhookFormats([StandardFormat(), *(form for surface in DIALECTS.values() for form in surface.webhook_formats)])
KEY_STYLES = KeyStyles(style for surface in DIALECTS.values() for style in surface.key_styles)
PROJECT_COMMANDS = tuple(command for surface in DIALECTS.values() for command in surface.project_commands)
"""The commands of every new project."""
CHOICES = {"webhook_format": tuple(form.name for form in WEBHOOK_FORMATS), "key_style": KEY_STYLES.names}
"""The names that the native API accepts, by the name of the choice in its wire types."""


def derived_values(message: NetworkMessage) -> dict[str, object]:
    """The values that dialects' endpoints for uplinks add to those of a codec."""
    found: dict[str, object] = {}
    for surface in DIALECTS.values():
        if surface.derived_values is not None:
            found |= surface.derived_values(message)
    return found


def limit_rules(config: LimitsConfig) -> list[LimitRule]:
    """How calls of each dialect are counted, according to the settings."""
    return [surface.limit_rule(config) for surface in DIALECTS.values() if surface.limit_rule is not None]
