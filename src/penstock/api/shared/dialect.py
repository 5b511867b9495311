"""What a dialect adds to the server, apart from its endpoints. Each package exports it as `SURFACE` in its module `surface`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from penstock.api.shared.surface import SurfaceRules
from penstock.core.commands.models import NewDefinition
from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.surfaces import LimitRule
from penstock.core.tenancy.key_styles import KeyStyle
from penstock.core.uplinks.models import NetworkMessage
from penstock.core.webhooks.formats import WebhookFormat


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """A dialect. An omitted field means that the dialect behaves like the native surface.

    `project_commands` are created in every new project. `limit_rule` creates the rule for calls of this surface from the
    settings section `limits`, of which it can read more than the core does. `derived_values` returns what its endpoint for
    uplinks adds to the values of a codec.
    """

    rules: tuple[SurfaceRules, ...] = ()
    webhook_formats: tuple[WebhookFormat, ...] = ()
    key_styles: tuple[KeyStyle, ...] = ()
    project_commands: tuple[NewDefinition, ...] = ()
    limit_rule: Callable[[LimitsConfig], LimitRule] | None = None
    derived_values: Callable[[NetworkMessage], Mapping[str, object]] | None = None
