"""Builds the service for sensor templates."""

from __future__ import annotations

from penstock.bootstrap.services import Services
from penstock.core.sensor_templates.service import SensorTemplateService


def build_sensor_templates(services: Services) -> SensorTemplateService:
    """Build the service for sensor templates."""
    return SensorTemplateService(database=services.database, trail=services.trail, ids=services.ids, clock=services.clock)
