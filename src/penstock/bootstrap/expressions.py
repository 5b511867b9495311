"""Builds the part for expressions: their preview, and the worker that stores the counts of failed evaluations."""

from __future__ import annotations

from penstock.api.system.metrics import Figure
from penstock.api.v2.expressions.routes import ExpressionEndpoints
from penstock.bootstrap.event_shapes import SHAPES, TRIGGERING
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.workers.evaluation_errors import EvaluationErrorsWorker


def expressions_part(services: Services) -> Part:
    """Endpoints, loop and figure for expressions."""
    errors = services.evaluation_errors
    worker = EvaluationErrorsWorker(services.database, errors)
    text = "Evaluations of expressions in alerts, webhooks and rules that failed."
    return Part(
        endpoints=(ExpressionEndpoints(services.telemetry, services.devices, services.clock, SHAPES, TRIGGERING),),
        loops={"evaluation_errors": worker.run},
        figures=(Figure("evaluation_errors", text, lambda: errors.total, counts=True),),
    )
