"""`penstock serve`: run the server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import uvloop
from cyclopts import Parameter

from penstock.bootstrap import DataDir, run_server
from penstock.bootstrap.signals import ignore_signals
from penstock.cli.companions import Companion, hint_companion
from penstock.cli.logs import Level, configure_logs
from penstock.cli.options import ConfigOption, DataDirOption, layers_for


def serve(
    *,
    data_dir: DataDirOption = Path("data"),
    http: Annotated[str | None, Parameter(help="HOST:PORT to listen on; port 0 selects any free one.")] = None,
    mqtt: Annotated[str | None, Parameter(help="HOST:PORT to listen on for MQTT; port 0 selects any free one.")] = None,
    grpc: Annotated[str | None, Parameter(help="HOST:PORT to listen on for gRPC; port 0 selects any free one.")] = None,
    metrics: Annotated[
        str | None, Parameter(help="HOST:PORT of a separate listener for /metrics; port 0 selects any free one.")
    ] = None,
    demo: Annotated[
        bool, Parameter(help="Create the organisation Demo and replay a fleet of weather stations.", negative="")
    ] = False,
    log_level: Annotated[Level, Parameter(help="The minimum level that is logged. Keys and tokens are never logged.")] = "info",
    config: ConfigOption = None,
) -> None:
    """Run the server until it is stopped.

    Prints one line with its addresses when it accepts traffic. If the default MQTT port is in use and no setting names it, the
    server starts without it and says so.
    """
    ignore_signals()
    configure_logs(log_level)
    addresses = _flags("http", http) | _flags("mqtt", mqtt) | _listening("grpc", grpc) | _listening("metrics", metrics)
    loaded = layers_for(data_dir, config, addresses)
    settings = loaded.settings
    uvloop.run(
        run_server(
            DataDir(data_dir),
            settings,
            on_ready=_print_ready,
            named=loaded.named,
            companion=_demo(data_dir, settings.http.tls.certificate) if demo else hint_companion(data_dir),
        )
    )


def _print_ready(addresses: list[str], missing: list[str]) -> None:
    lines = [f"penstock is listening on {' '.join(addresses)}", *(f"WARNING: {reason}" for reason in missing)]
    print("\n".join(lines), flush=True)


def _demo(data_dir: Path, certificate: str) -> Companion:
    from penstock.cli.demo import demo_companion  # here, because importing its HTTP client takes 0.1 s

    return demo_companion(data_dir, certificate)


def _listening(section: str, address: str | None) -> dict[str, Any]:
    """The settings of a listener that there is only if it is asked for."""
    return _flags(section, address) | ({} if address is None else {f"{section}.listen": True})


def _flags(section: str, address: str | None) -> dict[str, Any]:
    if address is None:
        return {}
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise SystemExit(f"penstock: --{section} must be HOST:PORT, such as 127.0.0.1:8080")
    # IPv6 addresses are in brackets on the command line, and without them in the settings.
    return {f"{section}.host": host.strip("[]"), f"{section}.port": int(port)}
