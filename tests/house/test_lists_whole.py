"""No answer leaves out part of a list without saying so: a list has pages, is whole, or is refused.

Four ways lead to a silent cut, and each is searched for: the rows of a page without its cursor, a statement with a number as
its limit, a slice with a constant, and a call of a store or a counter with a constant. What is found must be argued here.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from .sql_text import named_queries, without_comments
from .tree import STORAGE, functions, parsed, python_files, shown

EDGES = ("src/penstock/api", "src/penstock/cli", "src/penstock/ingress")
LIMITS = {}
SLICES = {
    "src/penstock/api/console/connections/pages.py": "the last payloads of a few devices; all devices are listed below them",
    "src/penstock/api/console/keys/pages.py": "more keys than a page shows cannot be selected",
    "src/penstock/api/console/keys/view.py": "the first scopes of a key in a list, with the number of the others",
    "src/penstock/api/console/overview/pages.py": "the last changes; the audit log, to which they link, has all",
    "src/penstock/api/console/shared/versions.py": "a form carries no more versions; a thing without one is not checked",
    "src/penstock/api/console/people/agents.py": "the name of a program; the page has the whole text too",
    "src/penstock/api/console/people/profile_pages.py": "what the page itself sent in a hidden field",
    "src/penstock/api/console/webhooks/topic_pages.py": "the receivers that are named; the page has the number of the others",
    "src/penstock/api/console/usage/pages.py": "the busiest subjects, on a page that says so",
    "src/penstock/api/console/devices/device_pages.py": "rows of a table, which says that the CSV file has all",
    "src/penstock/api/console/devices/view.py": "the main values in a row of a list, and first charts; the page has all values",
    "src/penstock/api/console/alerts/pages.py": "the devices of an alert that are named; the page has the number of all",
    "src/penstock/api/dialects/kaito/sms.py": "an id in an error, as it was sent",
    "src/penstock/api/shared/decoding.py": "a malformed id in an error, as it was sent",
    "src/penstock/api/shared/error_text.py": "the first of many invalid fields in a sentence, which has the number of the others",
    "src/penstock/api/shared/not_found.py": "an id in an error, as it was sent",
    "src/penstock/api/v2/billing/files.py": "a name in a PDF is cut to its column; the CSV has it whole",
    "src/penstock/api/v2/devices/bulk_routes.py": "the first of many invalid rows in an error, which has their number",
    "src/penstock/api/v2/tariffs/routes.py": "a malformed day in an error, as it was sent",
    "src/penstock/api/v2/secrets/routes.py": "a malformed version in an error, as it was sent",
    "src/penstock/api/v2/telemetry/routes.py": "the fields of an aggregate: `truncated` and `next_fields_after` tell the others",
}
CALLS = {
    "src/penstock/api/live/tickets.py issue": "removes old tickets, and returns none",
    "src/penstock/core/audit/checking.py _check": "one step; the next continues",
    "src/penstock/core/audit/service.py export": "one page of all",
    "src/penstock/core/audit/service.py verify": "one page of all, and `next_cursor` continues",
    "src/penstock/core/customers/placement.py register_pending": "`has_more` says that others wait",
    "src/penstock/core/inboxes/accounts.py delete": "the error names the first numbers, and says if there are others",
    "src/penstock/core/inboxes/long_texts.py take": "removes old parts, and returns none",
    "src/penstock/core/dashboards/folders.py create": "the limit of folders",
    "src/penstock/core/dashboards/folders.py _check_move": "the limit of folders",
    "src/penstock/core/imports/service.py _tried": "the limit of the plan",
    "src/penstock/core/imports/service.py start": "removes old imports, and returns none",
    "src/penstock/core/imports/service.py try_out": "removes old imports, and returns none",
    "src/penstock/core/invoices/accounts.py _customers": "one page of all",
    "src/penstock/core/invoices/drafting.py load_facts": "the others stay marked, and follow in the next invoice",
    "src/penstock/core/invoices/rechecking.py _step": "one step; the next continues",
    "src/penstock/core/licenses/service.py list_all": "one page of all",
    "src/penstock/core/meters/finding.py _placed": "one page of all",
    "src/penstock/core/notifications/chats.py flush": "the message has the number of all",
    "src/penstock/core/notifications/mails.py flush": "the mail has the number of all",
    "src/penstock/core/people/operator.py list": "one page of all",
    "src/penstock/core/people/sign_in.py recall_places": "a cache at the start, which nobody lists",
    "src/penstock/core/redecodes/service.py start": "removes old re-decodes, and returns none",
    "src/penstock/core/tokens/codes.py _consume": "the path of the seed among the secrets of a token",
    "src/penstock/core/vault/conversion.py _rows": "one step of all",
    "src/penstock/core/vault/secrets.py _add": "all that use a secret",
    "src/penstock/core/vault/secrets.py _used": "`uses` has the number of all",
    "src/penstock/core/vault/secrets.py delete": "the error says that there are others",
    "src/penstock/core/tokens/exports.py _selected": "one more than the limit of a file, which is refused",
    "src/penstock/core/uplinks/service.py _move": "one step of all",
    "src/penstock/kit/field_errors.py errors": "the search inside one value",
    "src/penstock/kit/field_errors.py invalid_input": "the first of many invalid fields of a body that is rejected whole",
    "src/penstock/workers/connectivity.py _write": "one step; the next continues",
    "src/penstock/workers/outbox.py step_apart": "one step of all",
    "src/penstock/workers/rule_rehearsals.py count": "`devices` has the number of all",
}
CUTTING = {"islice", "most_common", "nlargest", "nsmallest"}
_NUMBER = re.compile(r"\blimit\s+(\d+)", re.IGNORECASE)


def pages_without_cursor(path: Path) -> list[str]:
    """The functions that use the rows of a page and forget that there may be more."""
    found = []
    for function in functions(parsed(path)):
        called = {id(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
        rows = [node for node in ast.walk(function) if isinstance(node, ast.Attribute) and node.attr == "items"]
        # The items of a body are not a page.
        rows = [node for node in rows if not ast.unparse(node.value).endswith("call.body")]
        if any(id(node) not in called for node in rows) and "next_cursor" not in ast.unparse(function):
            found.append(f"{shown(path)}:{function.lineno} {function.name}")
    return found


def constant_slices(path: Path) -> list[str]:
    """Slices of a list up to a constant. Those of a text show part of an input in an error, and end in a call or an f-string."""
    found = []
    for node in ast.walk(parsed(path)):
        upper = node.slice.upper if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) else None
        if isinstance(upper, ast.Name) and upper.id.isupper() and isinstance(node, ast.Subscript):
            found.append(shown(path))
    return found


KEEPING = ("tx.outbox.add", "tx.idempotency.keep")
"""What stores keep under a constant: a topic, or the mark of a job."""


def constant_limits(path: Path) -> list[str]:
    """The functions that call a store, or a counter, with a constant; a topic of the outbox, an id and a time are no limits."""
    found = []
    for function in functions(parsed(path)):
        for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
            name = ast.unparse(call.func)
            is_store = name.startswith("tx.") and name not in KEEPING and "workers" not in path.parts
            given = [one for one in call.args if isinstance(one, ast.Name | ast.BinOp)]
            used = {node.id for one in given for node in ast.walk(one) if isinstance(node, ast.Name)}
            limits = {one for one in used if one.isupper() and not one.endswith(("_ID", "_US"))}
            if limits and (is_store or name.rpartition(".")[2] in CUTTING):
                found.append(f"{shown(path)} {function.name}")
    return found


def test_no_page_is_answered_without_its_cursor() -> None:
    assert [one for path in python_files(*EDGES) for one in pages_without_cursor(path)] == []


def test_no_statement_limits_a_list_by_a_number() -> None:
    found = {
        query.name: int(limit[1])
        for path in sorted((STORAGE / "queries").glob("*.sql"))
        for query in named_queries(path.read_text("utf-8"))
        for limit in _NUMBER.finditer(without_comments(query.text))
        if int(limit[1]) > 2  # one row, or whether there is a second
    }
    assert found.keys() <= LIMITS.keys()


def test_every_slice_with_a_constant_is_argued() -> None:
    found = {one for path in python_files("src/penstock/api") for one in constant_slices(path)}
    assert found <= SLICES.keys()


def test_every_call_with_a_constant_is_argued() -> None:
    """Workers read their queues in steps, so of them only what cuts is searched."""
    folders = [f"src/penstock/{name}" for name in ("api", "cli", "core", "ingress", "kit", "workers")]
    assert {one for path in python_files(*folders) for one in constant_limits(path)} == CALLS.keys()


def test_a_cut_is_found(tmp_path: Path) -> None:
    file = tmp_path / "cut.py"
    file.write_text("async def f(page):\n    return page.items[:MAX]\n")
    assert len(pages_without_cursor(file)) == len(constant_slices(file)) == 1
    file = tmp_path / "limit.py"
    file.write_text("async def f(tx):\n    return await tx.devices.list(MOST, '')\n")
    assert len(constant_limits(file)) == 1
    file = tmp_path / "whole.py"
    file.write_text("async def f(page):\n    return page.items, page.next_cursor, dict(page).items()\n")
    assert pages_without_cursor(file) == constant_slices(file) == []
