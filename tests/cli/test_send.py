"""`penstock send`: a reading from the command line."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.cli.remote import RemoteFailed
from penstock.cli.send import data_of, time_of, value_of
from tests.cli.commands import create_device, refusal
from tests.support.server import Org, RunningServer, run_cli


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4.8", 4.8),
        ("-1e3", -1000.0),
        ("007", "007"),
        ("true", True),
        ('"12"', "12"),
        ('"', '"'),
        ("", ""),
        ("a=b", "a=b"),
        ("٣", "٣"),
    ],
)
def test_a_value_is_what_it_looks_like(text: str, value: object) -> None:
    assert value_of(text) == value
    assert data_of((f"k={text}",)) == {"k": value}


def test_values_make_an_object_and_times_keep_their_form() -> None:
    assert data_of(("t=1", "v.rms=2", "v.axis.x=3")) == {"t": 1, "v": {"rms": 2, "axis": {"x": 3}}}
    assert data_of(('{"a": {"b": [1]}}',)) == {"a": {"b": [1]}}
    assert (time_of("1777713304"), time_of("2026-05-02T09:15:04Z")) == (1777713304, "2026-05-02T09:15:04Z")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((), "at least one value"),
        (("t",), "must be key=value"),
        (("a..b=1",), "must be key=value"),
        (("a=1", "a=2"), "there twice"),
        (("a=1", "a.b=2"), "inside a value that is not an object"),
        (("{",), "must be an object of JSON"),
        (("{}",), "must be an object of JSON"),
    ],
)
def test_what_is_no_data_is_one_line(values: tuple[str, ...], said: str) -> None:
    with pytest.raises(RemoteFailed, match=said):
        data_of(values)


def test_a_reading_is_sent_from_arguments_or_standard_input(server: RunningServer, acme: Org) -> None:
    environment = {"PENSTOCK_URL": server.base_url, "PENSTOCK_API_KEY": acme.api_key}
    with server.client(acme) as api:
        device, _ = create_device(api, "Sent from the command line")

        def sent(*args: str, entered: bytes | None = None) -> str:
            done = run_cli("send", device, *args, environment=environment, entered=entered)
            assert done.returncode == 0, done.stderr
            return done.stdout

        labels = ("--kind", "k", "--channel", "c")
        assert "was stored" in sent("temperature=4.8", "--time", "1777713304", "--dedupe-key", "d", *labels)
        assert "was stored before" in sent("temperature=4.8", "--time", "1777713304", "--dedupe-key", "d")
        assert "is quarantined" in sent("temperature=1", "--time", "4000000000")
        answer: Any = msgspec.json.decode(sent("--stdin", "--json", entered=b'{"door": "open"}'))
        assert answer["accepted"] == 1
        found = api.get(f"/api/v2/devices/{device}/telemetry?from=1970-01-02T00:00:00Z").json()["data"]
        assert [(one["data"], one["kind"], one["channel"]) for one in found] == [
            ({"door": "open"}, "telemetry", None),
            ({"temperature": 4.8}, "k", "c"),
        ]
    refused = refusal(run_cli("send", "nobody", "a=1", environment=environment))
    assert "was not found" in refused
