"""What a device counts: its role, and its registers or those of its profile."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.core.meters.models import MeterRole
from penstock.core.registers.models import DEFAULT_REGISTERS, Register


class SettingsSource(StrEnum):
    """Where the registers of a meter are from."""

    DEVICE = "device"
    PROFILE = "profile"
    DEFAULT = "default"


class MeterSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a meter.

    `own` are the registers of the device itself, None if it has none; `of_profile` are those of its profile.
    """

    role: MeterRole = MeterRole.LEAF
    own: tuple[Register, ...] | None = None
    of_profile: tuple[Register, ...] = ()

    @property
    def registers(self) -> tuple[Register, ...]:
        """The registers that count: the device's own, else its profile's, else the default ones."""
        return self.own or self.of_profile or DEFAULT_REGISTERS

    @property
    def source(self) -> SettingsSource:
        """Whose registers count."""
        if self.own:
            return SettingsSource.DEVICE
        return SettingsSource.PROFILE if self.of_profile else SettingsSource.DEFAULT

    def names(self) -> list[str]:
        """The names of the registers, in their order."""
        return list(dict.fromkeys(one.name for one in self.registers))

    def versions_of(self, name: str) -> tuple[Register, ...]:
        """The versions of a register by time; empty if there is no such register."""
        return tuple(sorted((one for one in self.registers if one.name == name), key=lambda one: one.from_us))
