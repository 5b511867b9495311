"""The pages of runs and rehearsals of rules."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

from penstock.api.console.rules.pages import HOME, RULE
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.formats import moment
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

RUNS, RUN = "/api/v2/rule-executions", "/api/v2/rule-executions/{run_id}"
REHEARSAL = "/api/v2/rehearsals/{rehearsal_id}"
RULES_NAMED = "200"
SPANS = {"1h": 1 / 24, "24h": 1, "7d": 7, "30d": 30}
"""The ranges that are offered for a rehearsal, in days."""
FILTERS = ("outcome", "device_id", "from", "to", "cursor", "limit")


class RuleRunPages:
    """Runs of rules, and rehearsals."""

    pages = Pages("/rules", nav="rules")

    @pages.get("/runs")
    async def show_all(self, visit: Visit) -> Page:
        """List the runs of all rules."""
        query = {name: visit.query.get(name) for name in (*FILTERS, "rule_id")}
        runs, rules = await asyncio.gather(visit.get(RUNS, query=query), visit.get("/api/v2/rules", query={"limit": RULES_NAMED}))
        names = {one["id"]: one["name"] for one in rules["data"]}
        return Page("rules/all_runs.html", title="Rules", runs=runs, names=names)

    @pages.get("/{rule_id}/runs")
    async def show_of_rule(self, visit: Visit) -> Page:
        """List the runs of a rule."""
        query = {name: visit.query.get(name) for name in FILTERS}
        rule, runs = await asyncio.gather(
            visit.get(RULE, path=visit.params),
            visit.get(f"{RULE}/executions", path=visit.params, query=query),
        )
        return Page("rules/runs.html", title=rule["name"], rule=rule, runs=runs)

    @pages.get("/runs/{run_id}")
    async def show_run(self, visit: Visit) -> Page:
        """Show a run: its cause, its input, and the results of its actions."""
        run = await visit.get(RUN, path=visit.params)
        rule = await visit.find(RULE, path={"rule_id": run["rule_id"]})
        return Page("rules/run.html", title="Run", run=run, rule=rule)

    @pages.get("/{rule_id}/rehearse")
    async def show_rehearsal(self, visit: Visit) -> Page:
        """Show the form for a rehearsal, and the progress and the result of the one in the query."""
        rehearsal_id = visit.query.get("rehearsal", "")
        rule, versions, found = await asyncio.gather(
            visit.get(RULE, path=visit.params),
            visit.get(f"{RULE}/versions", path=visit.params),
            _find(visit, rehearsal_id),
        )
        return Page(
            "rules/rehearse.html",
            title=rule["name"],
            rule=rule,
            version_options=[[one["id"], one["name"]] for one in versions["data"]],
            rehearsal=found,
            lost=bool(rehearsal_id and not found),
            bars=_bars(found["by_time"]) if found else [],
            spans=list(SPANS),
            field=_field_of(rule["newest"]["definition"]),
        )

    @pages.post("/{rule_id}/rehearse")
    async def rehearse(self, visit: Visit) -> Redirect:
        """Start a rehearsal."""
        location = f"{HOME}/{visit.params['rule_id']}/rehearse"
        end = moment(visit.form.value("to")) or datetime.datetime.now(datetime.UTC)
        span_name = visit.form.value("span") if visit.form.value("span") in SPANS else "7d"
        start = moment(visit.form.value("from")) or end - datetime.timedelta(days=SPANS[span_name])
        span = {"from": _text(start), "to": _text(end)}
        try:
            found = await visit.do("POST", f"{RULE}/rehearse", path=visit.params, body=span | visit.form.body("version_id"))
        except ApiFailed as error:
            return visit.refused(location, error)
        typed = visit.form.value("from") or visit.form.value("to")
        return visit.done(f"{location}?rehearsal={found['id']}" + ("" if typed else f"&span={span_name}"))

    @pages.post("/{rule_id}/rehearsals/{rehearsal_id}/cancel")
    async def cancel(self, visit: Visit) -> Redirect:
        """Cancel a rehearsal."""
        location = f"{HOME}/{visit.params['rule_id']}/rehearse"
        try:
            await visit.do("DELETE", REHEARSAL, path={"rehearsal_id": visit.params["rehearsal_id"]})
        except ApiFailed as error:
            return visit.refused(location, error)
        return visit.done(location, "Rehearsal cancelled")


async def _find(visit: Visit, rehearsal_id: str) -> Any:
    return await visit.find(REHEARSAL, path={"rehearsal_id": rehearsal_id}) if rehearsal_id else None


def _bars(by_time: list[int]) -> list[dict[str, Any]]:
    """The parts of a rehearsal's range on a line of 1,000 units. Shape: [{x, height, count}], without empty ones."""
    most, width = max(by_time, default=0) or 1, 1_000 / max(len(by_time), 1)
    return [
        {"x": round(at * width, 1), "height": round(4 + 36 * count / most, 1), "count": count}
        for at, count in enumerate(by_time)
        if count
    ]


def _field_of(definition: dict[str, Any]) -> str:
    """The sensor whose values are worth drawing: the first that triggers the rule, or that of its first window."""
    sensors = definition["trigger"].get("sensors") or [one["sensor"] for one in definition["windows"]]
    return sensors[0] if sensors else ""


def _text(time: datetime.datetime) -> str:
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
