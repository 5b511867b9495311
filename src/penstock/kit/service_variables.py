"""The environment variables that an orchestrator adds for each service, which look like a program's own.

A Kubernetes service named `penstock`, or with a name that starts with it, adds seven or more variables to every container of
its namespace. The service `penstock-http` adds `PENSTOCK_HTTP_PORT`, which is also the name of a setting: only its value tells
the two apart. Docker's links add the same names.

Source: Kubernetes, Concepts, Service, "Environment variables"; moby, links, read 2026-11-30.
"""

from __future__ import annotations

import re

_ADDED = re.compile(
    r"""
    (?: .*_ )?                                           # the rest of the service's name
    (?: SERVICE_HOST | SERVICE_PORT (?: _[A-Z0-9_]+ )?   # its address, its first port, its named ports
      | PORT_\d+_(?: TCP | UDP | SCTP ) (?: _(?: PROTO | PORT | ADDR ) )? )
    """,
    re.VERBOSE,
)
_URL = re.compile(r"(?:tcp|udp|sctp)://\S+")


def is_service_variable(name: str, value: str, prefix: str) -> bool:
    """Whether an orchestrator added a variable, such as `PENSTOCK_PORT=tcp://10.0.0.1:8080`, for a service."""
    rest = name.removeprefix(prefix)
    is_url = rest.split("_")[-1] == "PORT" and _URL.fullmatch(value) is not None
    return is_url or _ADDED.fullmatch(rest) is not None
