"""The demo fleet: recorded measurements of real weather stations, replayed through the real front door.

`dataset` reads the recording that ships in `data/` (for its origin see `data/SOURCE.md`), `ingest` posts one reading as any
device would, `fleet` decides which station posts what and when. No value is invented, and no code here depends on the server:
the demo is a client like any other.
"""

from __future__ import annotations

from penstock.demo.dataset import Location, Reading, Sensor, Station, load
from penstock.demo.fleet import Fleet, FleetDevice, own_client

__all__ = ["Fleet", "FleetDevice", "Location", "Reading", "Sensor", "Station", "load", "own_client"]
