"""Converts projects from core models to wire structs."""

from __future__ import annotations

from penstock.api.v2.organization import wire
from penstock.core.tenancy.models import Project
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


def from_core_project(project: Project) -> wire.Project:
    return wire.Project(
        id=encode(Prefix.PROJECT, project.id),
        name=project.name,
        is_default=project.is_default,
        created_at=format_time(project.created_us),
        alias=project.alias,
        platform=project.platform.value,
    )
