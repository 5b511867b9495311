"""The figures, in the order of the table. Each module measures one figure and returns its rows."""

from __future__ import annotations

from collections.abc import Callable

from bench.context import Bench
from bench.figures import (
    agents,
    aggregate,
    alert_webhooks,
    alerts,
    batch,
    clients,
    codecs,
    codes,
    connections,
    console,
    disk,
    history,
    import_,
    ingest,
    invoices,
    keys,
    latest,
    live,
    memory,
    meters,
    mqtt,
    overload,
    protection,
    readers,
    redecodes,
    rpc,
    rules,
    sms,
    startup,
    vault,
    webhooks,
)
from bench.table import Row

Measure = Callable[[Bench], list[Row]]

FIGURES: dict[str, Measure] = {
    "ingest": ingest.measure,
    "mqtt": mqtt.measure,
    "connections": connections.measure,
    "agents": agents.measure,
    "batch": batch.measure,
    "import": import_.measure,
    "codecs": codecs.measure,
    "redecodes": redecodes.measure,
    "alerts": alerts.measure,
    "keys": keys.measure,
    "console": console.measure,
    "protection": protection.measure,
    "latest": latest.measure,
    "rpc": rpc.measure,
    "clients": clients.measure,
    "codes": codes.measure,
    "history": history.measure,
    "aggregate": aggregate.measure,
    "meters": meters.measure,
    "invoices": invoices.measure,
    "live": live.measure,
    "readers": readers.measure,
    "webhooks": webhooks.measure,
    "alert_webhooks": alert_webhooks.measure,
    "rules": rules.measure,
    "vault": vault.measure,
    "sms": sms.measure,
    "memory": memory.measure,
    "overload": overload.measure,
    "startup": startup.measure,
    "disk": disk.measure,
}
