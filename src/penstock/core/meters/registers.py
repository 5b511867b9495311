"""The models of registers, under the name that the calculations of meters use."""

from __future__ import annotations

from penstock.core.registers.models import BEGINNING_US as BEGINNING_US
from penstock.core.registers.models import DEFAULT_REGISTERS as DEFAULT_REGISTERS
from penstock.core.registers.models import MAX_COUNTER as MAX_COUNTER
from penstock.core.registers.models import MAX_REGISTERS as MAX_REGISTERS
from penstock.core.registers.models import NANO as NANO
from penstock.core.registers.models import QUANTITY_OF as QUANTITY_OF
from penstock.core.registers.models import WATER_SOURCES as WATER_SOURCES
from penstock.core.registers.models import Checks as Checks
from penstock.core.registers.models import Estimation as Estimation
from penstock.core.registers.models import Quantity as Quantity
from penstock.core.registers.models import Register as Register
from penstock.core.registers.models import RegisterKind as RegisterKind
from penstock.core.registers.models import Source as Source
