"""A data directory with two organisations and their devices, made once and copied for every test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.server import Org, bootstrap_org

from .servers import started

DEVICES = 4


@dataclass(frozen=True)
class Device:
    """A device with its access token."""

    id: str
    token: str


@dataclass(frozen=True)
class Site:
    """A data directory, and who may do what in it."""

    data_dir: Path
    orgs: dict[str, Org]
    devices: dict[str, list[Device]]

    @property
    def org(self) -> Org:
        return self.orgs["Acme"]

    @property
    def device(self) -> Device:
        return self.devices["Acme"][0]

    def copied(self, data_dir: Path) -> Site:
        """The same site elsewhere."""
        shutil.copytree(self.data_dir, data_dir, dirs_exist_ok=True)
        return replace(self, data_dir=data_dir)


def make_site(data_dir: Path) -> Site:
    """Make a site with the real commands and the real server."""
    orgs = {name: bootstrap_org(data_dir, name) for name in ("Acme", "Other")}
    devices: dict[str, list[Device]] = {}
    with started(data_dir) as server:
        for name, org in orgs.items():
            with server.client(org) as client:
                answers = [client.post("/api/v2/devices", json={"name": f"{name} {n}"}) for n in range(DEVICES)]
            assert {answer.status_code for answer in answers} == {201}
            devices[name] = [Device(made["device"]["id"], made["access_token"]) for made in (answer.json() for answer in answers)]
    return Site(data_dir, orgs, devices)
