"""Names say what a thing is, unfinished work names its issue, and nobody swallows errors or reads the environment."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from .tree import SRC, parsed, python_files, shown

WIDE = {"Exception", "BaseException"}
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common"}
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b(?!\s?\(?#\d+)")
READS_ENVIRONMENT = ("src/penstock/settings.py", "src/penstock/cli/")

# Where anything at all may be caught: {path: reason}. It is an edge, and it logs what it caught. A handler that ends in
# a bare `raise` swallows nothing and needs no entry.
CATCHES_EVERYTHING: dict[str, str] = {
    "src/penstock/adapters/sandbox/worker.py": "whatever a script makes the engine raise is that script's failure, and is told",
    "src/penstock/api/console/shared/application.py": "a bug in a page is logged once and shown as internal",
    "src/penstock/api/grpc/services.py": "a bug behind a call is logged once and is its end with INTERNAL",
    "src/penstock/api/mcp/endpoint.py": "a bug behind the endpoint is logged once and answered as internal",
    "src/penstock/api/shared/application.py": "a bug in a handler is logged once and answered as internal",
    "src/penstock/core/expressions/expression.py": "a panic of the engine is no Exception; it becomes a result with its reason",
    "src/penstock/ingress/http/commands.py": "a raw handler is the edge: a bug is logged once and answered as internal",
    "src/penstock/ingress/http/connections.py": "a raw handler is the edge: a bug is logged once and answered as internal",
    "src/penstock/ingress/http/telemetry.py": "a raw handler is the edge: a bug is logged once and answered as internal",
    "src/penstock/workers/gathered_trail.py": "a bug in a commit is logged once and is the answer to all calls that wait for it",
    "src/penstock/ingress/sms/twilio.py": "a raw handler is the edge: a bug is logged once and answered as internal",
    "src/penstock/adapters/spf/checker.py": "whatever a record makes the evaluation raise, the mail is judged without it",
    "src/penstock/ingress/mail/reception.py": "without an acknowledgement, the sender keeps the mail and delivers it again",
    "src/penstock/workers/sms_sending.py": "after a bug in a provider nobody knows whether the SMS was sent, and it is not again",
    "src/penstock/workers/supervisor.py": "a worker that fails is logged and begins again",
    "src/penstock/workers/webhook_delivery.py": "an endpoint's lane goes on after a bug; who waits for a write hears of it",
}


CATCHES_EVERYTHING |= {
    shown(path): "a raw handler is the edge: a bug is logged once and answered as internal"
    for path in (SRC / "api" / "dialects").glob("*/device_calls.py")
}


def reads_environment(node: ast.AST) -> bool:
    names = {"environ", "environb", "getenv", "getenvb"}
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and bool(names & {alias.name for alias in node.names})
    return isinstance(node, ast.Attribute) and node.attr in names and getattr(node.value, "id", "") == "os"


def catches_everything(node: ast.AST) -> bool:
    """Whether it catches every exception and does not raise it again."""
    if isinstance(node, ast.ExceptHandler):
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
    elif isinstance(node, ast.Call) and "suppress" in ast.unparse(node.func):
        kinds, again = node.args, False
    else:
        return False
    return not again and any(kind is None or getattr(kind, "id", "") in WIDE for kind in kinds)


def lines(tree: ast.Module, found: Callable[[ast.AST], bool]) -> list[int]:
    """The lines whose nodes are of a kind."""
    return sorted(getattr(node, "lineno", 0) for node in ast.walk(tree) if found(node))


def test_no_module_has_an_empty_name() -> None:
    files = python_files("src", "tests", "bench", "agent")
    assert [shown(path) for path in files if EMPTY_NAMES & {path.stem, *Path(shown(path)).parent.parts}] == []


def test_unfinished_work_names_its_issue() -> None:
    found = [
        f"{shown(path)}:{number} {line.strip()}"
        for path in python_files("src", "agent")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_only_settings_and_cli_read_the_environment() -> None:
    files = [path for path in python_files("src") if not shown(path).startswith(READS_ENVIRONMENT)]
    assert [f"{shown(path)}:{line}" for path in files for line in lines(parsed(path), reads_environment)] == []


def test_only_edges_catch_everything() -> None:
    files = [path for path in python_files("src", "agent") if shown(path) not in CATCHES_EVERYTHING]
    assert [f"{shown(path)}:{line}" for path in files for line in lines(parsed(path), catches_everything)] == []


def test_the_list_of_edges_is_current() -> None:
    wide = {shown(path) for path in python_files("src", "agent") if lines(parsed(path), catches_everything)}
    assert set(CATCHES_EVERYTHING) - wide == set()
    assert all(len(reason) > 20 for reason in CATCHES_EVERYTHING.values())


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("try:\n    f()\nexcept Exception:\n    pass", [3]),
        ("try:\n    f()\nexcept:\n    g()", [3]),
        ("try:\n    f()\nexcept (OSError, BaseException) as e:\n    g(e)", [3]),
        ("with contextlib.suppress(Exception):\n    f()", [1]),
        ("try:\n    f()\nexcept BaseException:\n    undo()\n    raise", []),
        ("try:\n    f()\nexcept OSError:\n    g()", []),
    ],
)
def test_a_wide_catch_is_found(source: str, wanted: list[int]) -> None:
    assert lines(ast.parse(source), catches_everything) == wanted


def test_reading_the_environment_is_found() -> None:
    source = "import os\nos.environ['A']\nos.getenv('A')\nfrom os import environ\nos.path.join('a')\nrequest.environ\n"
    assert lines(ast.parse(source), reads_environment) == [2, 3, 4]


def test_an_issue_number_is_recognised() -> None:
    assert not UNFINISHED.search("# TODO(#12): later")
    assert not UNFINISHED.search("# TODO #12 later")
    assert UNFINISHED.search("# TODO: later")
