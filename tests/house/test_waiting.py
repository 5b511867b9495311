"""No test depends on the machine's speed: waits are for conditions, ceilings are generous, bounds on time are relative.

`tests/support/waiting.py` and `tests/support/simulated_time.py` say how to wait, `tests/support/pace.py` what to do where a bound
is truly about time. What this cannot see is a test that takes it for granted which of two things comes first.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from pathlib import Path

from tests.support.pace import in_time

from .tree import parsed, python_files, shown

LEAST_CEILING_S = 30
CLOCKS = ("monotonic", "perf_counter")
NAMED = ("timeout", "within_s")
PLACED = ("timeout", "wait_for", "eventually", "awaited", "recv", "join", "wait_for_publish", "wait")
"""Calls whose last argument is how long they wait."""
NO_WAITS = ("clock.wait", "mailbox.wait_for")

CHANCE = "a moment by chance, in which something is killed or asked"
CLIENT = "how slow a client is that the test plays"
NOTHING = "a while in which nothing may happen"
OVER = "a time that must be over; later is as good"
LOAD = "load goes on meanwhile"
LOOKS = "between two looks, of so many that they take half a minute at least"
SLEEPS = {
    "test_no_sms_is_sent_twice": CHANCE,
    "fails_when_cancelled": NOTHING,
    "is_broken_when_cancelled": NOTHING,
    "run_and_stop": LOAD,
    "test_requests_cut_at_every_byte": CLIENT,
    "test_a_network_that_is_cut_again_and_again_loses_and_doubles_nothing": LOAD,
    "test_a_server_that_is_killed_loses_and_doubles_nothing": LOAD,
    "test_a_spool_that_is_full_drops_the_oldest_and_says_how_many": OVER,
    "test_an_old_ticket_is_refused": OVER,
    "test_a_flushed_buffer_waits_then_is_refused_and_comes_in_whole": OVER,
    "test_the_next_reading_verifies": NOTHING,
    "test_not_one_call_succeeds_with_the_old_value_after_the_answer": LOAD,
    "test_numbers_go_on_after_the_newest_readings_were_deleted": LOAD,
    "backups_under_load": LOAD,
    "test_a_kill_in_between_neither_loses_nor_doubles_a_month": CHANCE,
    "survive": CHANCE,
    "nothing_comes": NOTHING,
    "test_nothing_of_another_organisation_is_heard": NOTHING,
    "test_only_live_topics_can_be_subscribed_to": NOTHING,
    "test_pings_keep_a_connection_open": CLIENT,
    "test_a_delayed_will_is_kept_back_when_the_client_returns": NOTHING,
    "test_the_end_of_the_server_is_no_will": NOTHING,
    "test_an_agent_killed_at_any_moment_doubles_nothing_and_keeps_its_order": LOAD,
    "produce": LOAD,
    "test_the_clock_jumps": "what the server does in it is measured as a share of it",
    "test_a_full_disk_refuses_until_there_is_room": OVER,
    "test_a_failed_sync_ends_all_acknowledging": OVER,
    "test_killed_in_the_middle_of_commands_none_is_executed_twice": CHANCE,
    "work_through_a_cut": LOAD,
    "test_a_server_killed_while_agents_work": LOAD,
    "test_nobody_is_half_gone": CHANCE,
    "test_stalled_readers_harm_nobody": LOAD,
    "test_a_token_runs_out": OVER,
    "pass_time": OVER,
    "app": "how slow an application is that the test plays",
    "_watch": OVER,
    "talk": CLIENT,
    "test_a_process_that_is_killed_between_calls_is_not_missed": CHANCE,
    "test_a_process_that_is_killed_under_calls_costs_none_of_them": CHANCE,
    "test_a_call_under_which_processes_end_twice_is_given_up": CHANCE,
    "test_a_caller_that_goes_away_while_it_waits_for_another_process_leaves_no_transaction": CHANCE,
    "test_readers_that_go_away_twice_are_given_back": CHANCE,
    "test_callers_that_go_away_at_any_moment": CHANCE,
    "test_a_duplicate_is_found_in_the_tail_in_the_index_and_across_midnight": OVER,
    "_against_a_list": CHANCE,
    "serving": OVER,
    "__call__": "how slow a server is that the test plays",
    "test_a_command_is_done_when_the_device_acknowledges_it": NOTHING,
    "test_a_device_that_takes_two_at_once_gets_all_in_order": NOTHING,
    "idle": LOOKS,
    "_storm": CHANCE,
    "load_through_jumps": LOAD,
    "load": LOAD,
    "enough": LOAD,
    "deliver": CHANCE,
    "_answer": CHANCE,
    "come_to_rest": LOOKS,
    "until": LOOKS,
    "settle": LOOKS,
    "act": NOTHING,
    "test_a_step_that_left_nothing_is_followed_after_the_interval": NOTHING,
    "test_news_wakes_it_also_when_told_during_a_step": NOTHING,
    "test_failures_and_ends": NOTHING,
}
"""Functions outside `tests/support` that sleep, and what for: never for something to have happened. May only shrink."""

HASTY = {
    "acknowledge": "the event is to come first, and the answer later",
    "main": "a device looks again",
    "test_killed_between_the_servers_taking_it_and_our_knowing": "the end of the wait is of no account",
    "_send_mutants": "a connection to this machine, which may fail",
    "answers_to": "a connection to this machine",
    "test_a_stream_begins_and_can_be_left": "the caller is to give up on a stream that goes on",
    "judge": "an answer that never ends",
    "streamed": "a stream that is silent",
    "make": "a database that another process writes to",
    "test_what_the_front_door_refuses_says_it_too": "a connection to this machine",
    "stream": "a message that waits already",
    "_open": "a message that waits already",
    "running_server": "then it is killed",
}
"""Functions with a wait that gives up in less than half a minute, and why that is enough. May only shrink."""

LEAST = "a least time, however slow the machine is"
PATIENCE = "gives up after a generous while"
RELATIVE = "compared with the machine's own pace, by in_time"
SHOWN = "printed, or put in an order; nothing is judged by it"
TIMED = {
    "test_a_refused_client_that_stays_is_cut": LEAST,
    "test_a_handshake_that_comes_byte_by_byte_is_cut": LEAST,
    "test_a_handshake_that_is_never_finished_is_cut": LEAST,
    "test_a_header_of_10_mb_is_refused_at_once": RELATIVE,
    "test_grace_is_bounded": LEAST,
    "test_it_ends_within_thirty_seconds": RELATIVE,
    "test_not_one_call_succeeds_with_the_old_value_after_the_answer": SHOWN,
    "load": SHOWN,
    "test_a_stream_ends_with_its_session": PATIENCE,
    "_send": SHOWN,
    "backups_under_load": SHOWN,
    "within": RELATIVE,
    "stop": SHOWN,
    "__init__": SHOWN,
    "test_a_key_revoked_beside_the_server_is_refused_within_a_second": RELATIVE,
    "test_loading_is_quick": RELATIVE,
    "test_very_many_generated_calls": SHOWN,
    "test_a_flushed_buffer_waits_then_is_refused_and_comes_in_whole": LEAST,
    "test_there_is_room_at_once_after_a_moment_or_not": LEAST,
    "test_a_device_above_its_pace_is_slowed_and_loses_nothing": LEAST,
    "test_old_readings_are_paced_and_live_ones_of_others_are_not": LEAST,
    "test_a_revoked_key_is_cut_off_within_a_second": RELATIVE,
    "test_silence_beyond_one_and_a_half_keep_alives_ends_the_connection": LEAST,
    "told_of": SHOWN,
    "comes": PATIENCE,
}
"""Functions of the gate (`tests/prove` measures) that look at a clock of this machine, and what for: never to say which of two
things is the quicker. What must cost the same is counted instead (hashes, statements, calls). May only shrink.
"""


@functools.cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Every call of a file with the name of the function that it stands in."""
    found: list[tuple[str, ast.Call]] = []
    waiting: list[tuple[str, ast.AST]] = [("", parsed(path))]
    while waiting:
        name, node = waiting.pop()
        if isinstance(node, ast.Call):
            found.append((name, node))
        for child in ast.iter_child_nodes(node):
            waiting.append((child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else name, child))
    return found


def name_of(node: ast.AST) -> str:
    """`time.sleep` or `eventually`: what a call calls; nothing of another node."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def number(node: ast.expr) -> float | None:
    return float(node.value) if isinstance(node, ast.Constant) and type(node.value) in (int, float) else None


def sleeping(tree: ast.AST) -> list[str]:
    """The functions of a file that sleep, by whatever name; not those that look again in a `while`, and those that only yield."""
    own = _names_of_sleep(tree)
    found: list[str] = []
    waiting: list[tuple[str, bool, ast.AST]] = [("", False, tree)]
    while waiting:
        name, looks_again, node = waiting.pop()
        # A loop that blocks a thread is listed all the same: `eventually` is there for that.
        if name_of(node) in own and not _yields(node) and not (looks_again and name_of(node) not in ("time.sleep", "sleep")):
            found.append(name)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                waiting.append((child.name, False, child))
            else:
                waiting.append((name, looks_again or isinstance(child, ast.While), child))
    return found


def _names_of_sleep(tree: ast.AST) -> set[str]:
    """What a file calls `sleep`: of `time`, `asyncio` or `anyio`, as a module's, imported alone, or under another name."""
    modules = ("time", "asyncio", "anyio")
    names = {f"{module}.sleep" for module in modules}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            names |= {one.asname or one.name for one in node.names if one.name == "sleep"}
        elif isinstance(node, ast.Import):
            names |= {f"{one.asname}.sleep" for one in node.names if one.asname and one.name in modules}
    return names


def _yields(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(node.args) and number(node.args[0]) == 0


def is_timing(node: ast.AST) -> bool:
    module, _, clock = name_of(node).rpartition(".")
    return module in ("time", "") and clock in (*CLOCKS, "process_time", "thread_time")


def is_hasty(node: ast.AST) -> bool:
    """Whether a call gives up sooner than a slow machine may need; a wait of no time at all is none."""
    if not isinstance(node, ast.Call):
        return False
    seconds = [number(word.value) for word in node.keywords if word.arg in NAMED]
    if name_of(node).rpartition(".")[2] in PLACED and name_of(node) not in NO_WAITS and node.args:
        seconds.append(number(node.args[-1]))
    return any(found is not None and 0 < found < LEAST_CEILING_S for found in seconds)


def elapsed_in(tree: ast.AST) -> set[str]:
    """The names that hold time that went by."""
    assigned = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
    holding = (node for node in assigned if any(is_elapsed(part, set()) for part in ast.walk(node.value)))
    return {target.id for node in holding for target in node.targets if isinstance(target, ast.Name)}


def is_elapsed(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in names
    is_difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    return is_difference and name_of(node.left).rpartition(".")[2] in CLOCKS  # type: ignore[union-attr]


def is_absolute(node: ast.AST, names: set[str]) -> bool:
    """Whether time that went by has to be less than a number, however slow the machine is."""
    if not isinstance(node, ast.Compare):
        return False
    pairs = zip([node.left, *node.comparators], node.ops, node.comparators, strict=False)
    return any(
        isinstance(operator, ast.Lt | ast.LtE) and is_elapsed(left, names) and number(right) is not None
        for left, operator, right in pairs
    )


def functions_with(kind: Callable[[ast.AST], bool], *but: str) -> dict[str, str]:
    """Names of functions with such a call, and where each stands."""
    files = [path for path in python_files("tests") if not shown(path).startswith(but)]
    return {name: shown(path) for path in files for name, node in calls(path) if kind(node)}


def test_nothing_sleeps_for_something_to_have_happened() -> None:
    files = [path for path in python_files("tests") if not shown(path).startswith("tests/support/")]
    found = {name: shown(path) for path in files for name in sleeping(parsed(path))}
    assert {name: place for name, place in found.items() if name not in SLEEPS} == {}
    assert SLEEPS.keys() - found == set(), "the list may only shrink: these have gone"


def test_nothing_is_judged_by_a_clock() -> None:
    found = functions_with(is_timing, "tests/support/", "tests/prove/")
    assert {name: place for name, place in found.items() if name not in TIMED} == {}
    assert TIMED.keys() - found == set(), "the list may only shrink: these have gone"


def test_waits_are_generous() -> None:
    found = functions_with(is_hasty)
    assert {name: place for name, place in found.items() if name not in HASTY} == {}
    assert HASTY.keys() - found == set(), "the list may only shrink: these have gone"


def test_no_bound_on_time_is_absolute() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"  # type: ignore[attr-defined]
        for path in python_files("tests")
        if any(clock in path.read_text("utf-8") for clock in CLOCKS)
        for names in [elapsed_in(parsed(path))]
        for node in ast.walk(parsed(path))
        if is_absolute(node, names)
    ]
    assert found == []


def test_what_it_finds() -> None:
    def found(text: str) -> tuple[bool, bool, bool]:
        tree = ast.parse(text)
        nodes = list(ast.walk(tree))
        return bool(sleeping(tree)), any(map(is_hasty, nodes)), any(is_absolute(node, elapsed_in(tree)) for node in nodes)

    assert found("time.sleep(1)") == (True, False, False)
    for sleeper in (
        "from time import sleep\nsleep(1)",
        "from asyncio import sleep as rest\nrest(1)",
        "import time as t\nt.sleep(1)",
    ):
        assert found(sleeper) == found("asyncio.sleep(0.05)") == (True, False, False)
    assert found("asyncio.sleep(0)") == found("while not look():\n    asyncio.sleep(0.05)") == (False, False, False)
    assert found("while not look():\n    time.sleep(0.05)") == (True, False, False)
    assert found("asyncio.timeout(5)") == found("eventually(look, within_s=5)") == found("live.recv(5)") == (False, True, False)
    assert found("process.wait(timeout=60)") == found("eventually(look)") == found("live.recv(0)") == (False, False, False)
    assert found("assert time.monotonic() - began < 1") == (False, False, True)
    assert found("took = time.perf_counter() - began\nassert 0 < took <= 1.5") == (False, False, True)
    assert found("assert in_time(time.monotonic() - began, 1)") == found("assert 1 < x - y < 2") == (False, False, False)


def test_a_bound_that_is_relative_still_bounds() -> None:
    assert in_time(1, 1)
    assert not in_time(1_000_000, 1)
