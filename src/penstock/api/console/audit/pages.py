"""The audit log: filters, entries, export, and the verification of its chain."""

from __future__ import annotations

from typing import Any

from penstock.api.console.audit.view import summary, target_path
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.moments import utc_text
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit
from penstock.api.shared.in_process import encode_query

PATH, API = f"{ROOT}/audit", "/api/v2/logs"
TIMES = ("from", "to")
FILTERS = ("action", "actor", "target", "outcome", *TIMES)
ACTIONS = (
    ["auth.*", "Signing in"],
    ["apikey.*", "API keys"],
    ["org.*", "Organisation and members"],
    ["device.*", "Devices"],
    ["rule.*", "Rules"],
    ["alert.*", "Alerts"],
    ["command.*", "Commands"],
    ["webhook.*", "Webhooks"],
    ["token.*", "Vault tokens"],
    ["secret.*", "Secrets"],
)
CALLS_OF_VERIFICATION = 10


class AuditPages:
    """The audit log of the organisation."""

    pages = Pages("/audit", nav="audit")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the newest entries that match the filters."""
        times = {name: utc_text(visit.query[name], visit.viewer.zone) for name in TIMES if visit.query.get(name)}
        filters = {name: visit.query.get(name) for name in FILTERS} | {"action": _action(visit.query)} | times
        found = await visit.get(API, query={**filters, "limit": "50", "cursor": visit.query.get("cursor")})
        entries = [_shown(row) for row in found["data"]]
        chosen = encode_query(filters)
        return Page(
            "audit/list.html",
            title="Audit log",
            entries=entries,
            next_cursor=found["next_cursor"],
            actions=ACTIONS,
            export="&" + chosen if chosen else "",
        )

    @pages.post("/verify")
    async def verify(self, visit: Visit) -> Page:
        """Verify the chain, and show the result. A long log is verified in several steps."""
        verified, cursor = visit.form.number("rows"), visit.form.value("cursor")
        rows = verified if isinstance(verified, int) else 0
        found: dict[str, Any] = {}
        try:
            for _ in range(CALLS_OF_VERIFICATION):
                found = await visit.do("GET", f"{API}/verify", query={"cursor": cursor})
                rows += found["rows"]
                cursor = found["next_cursor"] or ""
                if not cursor:
                    break
        except ApiFailed as error:
            return Page("audit/verified.html", title="Verification", status=error.status, problem=error.problem)
        return Page("audit/verified.html", title="Verification", found=found, rows=rows)


def _action(query: dict[str, str]) -> str | None:
    """The filter for the action: the typed one, or the chosen group of actions."""
    return query.get("action") or query.get("group")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    target = row["target_name"] or row["target_id"]
    path = target_path(row["target_type"], row["target_id"])
    return {**row, "id": str(row["seq"]), "target": target, "target_path": path, "summary": summary(row["details"])}
