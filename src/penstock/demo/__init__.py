"""The demo fleet: recorded measurements of real weather stations, replayed through the real front door.

`dataset` reads the recording that ships in `data/` (what it is and whose: `data/SOURCE.md`), `door` posts one reading
as any device would, `fleet` says which station posts what and when. Nothing here makes values up, and nothing here
knows the server: the demo is a client like any other.
"""

from __future__ import annotations

from penstock.demo.dataset import Location, Reading, Sensor, Station, load
from penstock.demo.fleet import Fleet, FleetDevice, own_client

__all__ = ["Fleet", "FleetDevice", "Location", "Reading", "Sensor", "Station", "load", "own_client"]
