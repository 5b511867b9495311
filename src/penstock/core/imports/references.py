"""How a cell refers to something stored: by its id, or by the name that people have for it. Pure."""

from __future__ import annotations

from penstock.core.devices.models import Identifier, IdentifierKind, normalize_identifier
from penstock.core.imports.cells import Cells
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, I, IdKind, Prefix, decode

IDENTIFIERS = {
    "eui": IdentifierKind.EUI,
    "mac": IdentifierKind.MAC,
    "serial": IdentifierKind.SERIAL,
    "external": IdentifierKind.EXTERNAL,
}
"""The columns of a device's identifiers, in the order in which they decide which device is meant."""


def number_in(kind: IdKind[I], text: str) -> I | None:
    """The id in a cell; None if it is a name."""
    return decode(kind, text)


def device_in(text: str) -> DeviceId | Identifier | None:
    """The id or EUI of a device in a cell; None if it is neither."""
    return number_in(Prefix.DEVICE, text) or find_identifier(IdentifierKind.EUI, text)


def find_identifier(kind: IdentifierKind, text: str) -> Identifier | None:
    """The identifier that a cell is; None if it is not one of this kind."""
    if not text:
        return None
    try:
        return normalize_identifier(Identifier(kind=kind, value=text))
    except InvalidInput:
        return None


def identifiers_in(cells: Cells) -> dict[str, Identifier]:
    """The identifiers of a device by their columns. Those that are malformed are noted as faults."""
    found: dict[str, Identifier] = {}
    for column, kind in IDENTIFIERS.items():
        text = cells.raw(column)
        if not text:
            continue
        try:
            found[column] = normalize_identifier(Identifier(kind=kind, value=text), column)
        except InvalidInput as error:
            cells.fail(column, error.errors[0].detail)
    return found
