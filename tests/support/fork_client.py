"""`penstock` for a shell: `python -IS fork_client.py DESCRIPTOR ARGUMENT…`, where a fork server's socket is inherited.

It imports next to nothing, sends what it was given to the fork server, passes SIGTERM on, and ends as the command does.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys


def main(descriptor: int, arguments: list[str]) -> int:
    """Let the fork server run a command. The exit status as a shell shows it."""
    reading, report = os.pipe()
    request = {"arguments": ["penstock", *arguments], "environment": dict(os.environ), "folder": os.getcwd()}
    with socket.socket(fileno=descriptor) as requests:
        socket.send_fds(requests, [json.dumps(request).encode()], [1, 2, report])
    os.close(report)
    with open(reading) as reports:
        command = int(reports.readline())
        signal.signal(signal.SIGTERM, lambda number, _: os.kill(command, number))
        status = int(reports.readline())
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), sys.argv[2:]))
