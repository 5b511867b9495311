"""What the pages of devices show, computed from responses of the API. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from penstock.api.console.shared.formats import moment

MAIN_VALUES = 3
CHART_POINTS = 200
MAX_CHARTS = 6
MAX_TILE = 16
_STEPS_S = (10, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400)
_UNITS_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
MAX_DEPTH = 8
_OF_LORAWAN = (
    ("network", "Network"),
    ("rssi_dbm", "RSSI (dBm)"),
    ("snr_db", "SNR (dB)"),
    ("spreading_factor", "Spreading factor"),
    ("data_rate", "Data rate"),
    ("frequency_hz", "Frequency (Hz)"),
    ("f_port", "Port"),
    ("f_cnt", "Counter"),
)


def flat(data: Any, prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """The values in the data of a reading, by dot path: numbers, texts and booleans, without lists."""
    if not isinstance(data, dict) or depth > MAX_DEPTH:
        return {}
    found: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, (bool, int, float, str)):
            found[prefix + key] = value
    return found


def main_values(reading: Mapping[str, Any] | None, sensors: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The values that a list shows of a device: of declared sensors first, then numbers, without the network's own."""
    values = flat(reading["data"]) if reading else {}
    names = [key for key in sensors if key in values]
    names += [key for key, value in values.items() if key not in sensors and _is_main(key, value)]
    return [tile_of(key, values[key], sensors.get(key)) for key in names[:MAIN_VALUES]]


def _is_main(key: str, value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not key.startswith("lorawan.")


def tile_of(key: str, value: Any, sensor: Mapping[str, Any] | None) -> dict[str, Any]:
    """A value with its label, its unit, and how many decimals of it are shown."""
    sensor = sensor or {}
    named = {"key": key, "label": sensor.get("name") or key, "unit": sensor.get("unit", "")}
    return named | {"decimals": sensor.get("decimals"), "value": value}


def decimals_of(sensors: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many decimals are shown, by the key of the sensor, of those that say so."""
    return {sensor["key"]: sensor["decimals"] for sensor in sensors if sensor["decimals"] is not None}


def names_of(sensors: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The names and units of sensors by their keys, for charts."""
    return {one["key"]: {"name": one["name"] or one["key"], "unit": one["unit"] or ""} for one in sensors}


def tiles(
    sensors: Sequence[Mapping[str, Any]], reading: Mapping[str, Any] | None, buckets: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A tile for each sensor: its latest value, and the averages of the last day for its spark line.

    A value that the latest reading does not have is the last one of that day.
    """
    values = flat(reading["data"]) if reading else {}
    known = {sensor["key"]: sensor for sensor in sorted(sensors, key=lambda one: not one.get("declared"))}
    names = [*known, *(key for key in values if key not in known)]
    return [
        tile_of(key, values[key] if key in values else last_of(buckets, key), known.get(key)) | {"spark": spark(buckets, key)}
        for key in names
    ]


def last_of(buckets: Sequence[Mapping[str, Any]], key: str) -> Any:
    """The last value of a field in buckets that have the function `last`; None if it has none."""
    found = (bucket["values"].get(key, {}).get("last") for bucket in reversed(buckets))
    return next((value for value in found if value is not None), None)


def is_long(value: Any) -> bool:
    """Whether a value is a text that is too long for a tile."""
    return isinstance(value, str) and len(value) > MAX_TILE


def charts(tiles: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The charts of a device: one for each unit, with the sensors that have it; those without a unit each have their own."""
    found: dict[str, dict[str, Any]] = {}
    for tile in tiles:
        if not isinstance(tile["value"], (int, float)) or isinstance(tile["value"], bool) or tile["key"].startswith("lorawan."):
            continue
        chart = found.setdefault(tile["unit"] or tile["key"], {"title": tile["label"], "unit": tile["unit"], "keys": []})
        chart["keys"].append(tile["key"])
        if len(chart["keys"]) == 2:
            chart["title"] += f" and {tile['label'][:1].lower()}{tile['label'][1:]}"
        elif len(chart["keys"]) == 3:
            chart["title"] += " and more"
    return list(found.values())[:MAX_CHARTS]


def spark(buckets: Sequence[Mapping[str, Any]], key: str) -> list[float]:
    """The averages of a field, without buckets that have none; empty if there are fewer than two.

    The last bucket is left out: it has just begun, so that its average would look like a jump.
    """
    whole = (bucket["values"].get(key, {}).get("avg") for bucket in buckets[:-1])
    found = [one for one in whole if isinstance(one, (int, float))]
    return [round(one, 6) for one in found] if len(found) > 1 else []


def span_s(query: Mapping[str, str], default: str = "24h") -> float:
    """The length of the range in a page's URL, in seconds; that of the default if it cannot be read."""
    begin, end = moment(query.get("from")), moment(query.get("to"))
    if begin is not None and begin.tzinfo is not None:
        end = end if end is not None and end.tzinfo is not None else datetime.datetime.now(datetime.UTC)
        return max((end - begin).total_seconds(), 1.0)
    text = query.get("range") or default
    return float(text[:-1]) * _UNITS_S[text[-1]] if text[:-1].isdigit() and text[-1] in _UNITS_S else 86_400.0


def bucket_for(seconds: float) -> str:
    """A bucket with which a range has at most some 200 points, such as `5m`."""
    size = next((step for step in _STEPS_S if seconds / step <= CHART_POINTS), _STEPS_S[-1])
    unit = next(unit for unit in ("d", "h", "m", "s") if size % _UNITS_S[unit] == 0)
    return f"{size // _UNITS_S[unit]}{unit}"


def range_of(query: Mapping[str, str], default: str = "24h") -> dict[str, str]:
    """The range in a page's URL, as parameters of the API."""
    if query.get("from"):
        return {name: query[name] for name in ("from", "to") if query.get(name)}
    return {"range": query.get("range") or default}


def table_of(buckets: Sequence[Mapping[str, Any]], fields: Sequence[str], functions: Sequence[str]) -> list[dict[str, Any]]:
    """The buckets as rows, newest first, with a column `field function` for each."""
    rows = []
    for bucket in reversed(buckets):
        values = bucket["values"]
        cells = {f"{field} {name}": values.get(field, {}).get(name) for field in fields for name in functions}
        rows.append({"start": bucket["start"]} | cells)
    return rows


def decoding_of(reading: Mapping[str, Any]) -> str:
    """How the payload of a reading was understood: `malformed`, `not decoded` (only bytes), or empty."""
    if reading["kind"] == "malformed":
        return "malformed"
    data = reading["data"]
    only_bytes = isinstance(data, dict) and set(data) == {"lorawan"} and bool(data["lorawan"].get("data"))
    return "not decoded" if only_bytes else ""


def reception_of(reading: Mapping[str, Any]) -> list[list[Any]]:
    """What the network says about the reception, as pairs of a label and a value; empty for other readings."""
    data = reading["data"]
    about = data.get("lorawan") if isinstance(data, dict) else None
    if not isinstance(about, dict):
        return []
    pairs = [[label, about[name]] for name, label in _OF_LORAWAN if about.get(name) is not None]
    gateways = about.get("gateways")
    names = [str(one.get("gateway_id", "")) for one in gateways if isinstance(one, dict)] if isinstance(gateways, list) else []
    return [*pairs, ["Gateways", ", ".join(names)]] if names else pairs


def summary_of(reading: Mapping[str, Any], most: int = 6) -> str:
    """The first values of a reading in one line."""
    values = flat(reading["data"])
    parts = [f"{key} {_short(value)}" for key, value in list(values.items())[:most]]
    return " · ".join(parts) + (" …" if len(values) > most else "")


def _short(value: Any) -> str:
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def point_of(device: Mapping[str, Any]) -> dict[str, Any] | None:
    """A device on the map; None without a location."""
    location = device.get("location")
    if not location:
        return None
    return {
        "id": device["id"],
        "name": device["name"],
        "latitude": location["latitude"],
        "longitude": location["longitude"],
        "state": device["connectivity"],
        "href": f"/console/devices/{device['id']}",
        "detail": device["type"],
    }


def labels_text(labels: Mapping[str, str]) -> str:
    """Labels as lines of `key=value`."""
    return "\n".join(f"{key}={value}" for key, value in labels.items())


def identifiers_text(identifiers: Iterable[Mapping[str, str]]) -> str:
    """Identifiers as lines of `kind=value`."""
    return "\n".join(f"{one['kind']}={one['value']}" for one in identifiers)


def json_text(value: Any) -> str:
    """A value as indented JSON, for an editor."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def ends_open(executions: Iterable[Mapping[str, Any]]) -> bool:
    """Whether an execution has not ended, so that the page asks again."""
    return any(one["state"] in ("queued", "sent", "received") for one in executions)
