"""Pairs a device again and again, and each time kills the agent one line later. A program of its own: it forks.

Arguments: the server's URL, headers with an API key as JSON, the device's path, and a folder. Prints at how many lines the agent
was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from penstock_agent.cli import main

STEPS = {
    "_provision",
    "exchange",
    "confirm",
    "_call",
    "agent_id",
    "forget_agent_id",
    "write_keys",
    "write_file",
}
"""The functions that take part in pairing. `_set_line` and the like only compute."""


def call(url: str, body: dict[str, str] | None, headers: Mapping[str, str] | None = None) -> Any:
    text = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, text, {"Content-Type": "application/json", **(headers or {})}, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def run(arguments: list[str], kill_at: int) -> int:
    """Run the agent's command in a process of its own, killed at a line counted from 1; 0 kills it never. Its exit status."""
    if (pid := os.fork()) == 0:
        left = kill_at

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if "penstock_agent" not in frame.f_code.co_filename or frame.f_code.co_name not in STEPS:
                return None
            if event in ("line", "return"):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        status = main(arguments)
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def try_all(server: str, headers: Mapping[str, str], device: str, folder: Path) -> int:
    line = 0
    while True:
        line += 1
        file = folder / f"{line}.conf"
        file.write_text("[local]\nsdk_socket =\n")
        code = call(f"{server}{device}/pair-code", None, headers)["pair_code"]
        arguments = ["--config", str(file), "provision", "--server", server, "--code", code]
        if run(arguments, line) != -signal.SIGKILL:
            return line - 1
        run(arguments, 0)
        tokens = [text.partition("=")[2].strip() for text in file.read_text().splitlines() if text.startswith("token =")]
        assert tokens, f"killed at line {line}, the device cannot be paired with its code"
        call(f"{server}/api/v2/agents/confirm", {"token": tokens[0]})


if __name__ == "__main__":
    server, headers, device, folder = sys.argv[1:]
    sys.stdout.write(f"{try_all(server, json.loads(headers), device, Path(folder))}\n")
