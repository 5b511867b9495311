"""The columns of each kind of file: their names, other names for them, and an example. Pure."""

from __future__ import annotations

import msgspec

from penstock.core.imports.models import ImportKind

LABEL = "label."
"""Before the key of a label, as in `label.site`."""
_DEVICE_NAMES = ("device_id", "device_eui", "dev_eui", "deveui", "eui")
_CUSTOMER_NAMES = ("customer_id", "customer_name", "tenant_name", "tenant")
_RESIDENT_NAMES = ("resident_id", "resident_email", "email", "e_mail")


class Column(msgspec.Struct, frozen=True):
    """A column: its name, an example for the template, and other names that are accepted."""

    name: str
    example: str
    aliases: tuple[str, ...] = ()
    is_required: bool = False


COLUMNS: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.DEVICES: (
        Column("eui", "70b3d57ed0061f2a", ("dev_eui", "deveui", "device_eui")),
        Column("name", "Flat 1, cold water"),
        Column("type", "water_meter"),
        Column("description", ""),
        Column("project", "", ("project_id",)),
        Column("profile", "", ("profile_id",)),
        Column("serial", "8ZRI0012345678", ("serial_number",)),
        Column("external", "", ("external_id", "external_key")),
        Column("mac", "", ("macaddress", "mac_address")),
        Column("latitude", "52.5163", ("lat",)),
        Column("longitude", "13.3777", ("lon", "lng")),
        Column("expected_interval_s", "86400"),
    ),
    ImportKind.REGISTERS: (
        Column("device", "70b3d57ed0061f2a", _DEVICE_NAMES, is_required=True),
        Column("register", "volume", ("register_name",)),
        Column("kind", "volume"),
        Column("field", "consumption_m3"),
        Column("field_unit", "m3", ("source_unit",)),
        Column("unit", "m3"),
        Column("factor", "1"),
        Column("decimals", "3"),
        Column("rolls_over_at", ""),
        Column("serial", "8ZRI0012345678", ("serial_number",)),
        Column("from", ""),
        Column("to", ""),
        Column("first_value", ""),
        Column("last_value", ""),
        Column("role", "leaf"),
    ),
    ImportKind.RESIDENTS: (
        Column("customer", "harbour-house", _CUSTOMER_NAMES, is_required=True),
        Column("name", "Erika Example", ("resident_name",), is_required=True),
        Column("email", "erika@example.org", ("e_mail", "mail"), is_required=True),
    ),
    ImportKind.PLACEMENTS: (
        Column("device", "70b3d57ed0061f2a", _DEVICE_NAMES, is_required=True),
        Column("customer", "harbour-house", _CUSTOMER_NAMES),
        Column("resident", "erika@example.org", _RESIDENT_NAMES),
        Column("from", "2026-01-01", ("move_in", "since")),
    ),
}


def column_of(kind: ImportKind, heading: str) -> str | None:
    """The name of the column that a heading means; None if there is no such column. A label is a column of devices."""
    text = heading.strip()
    if kind is ImportKind.DEVICES and text.lower().startswith(LABEL) and len(LABEL) < len(text) <= len(LABEL) + 64:
        return LABEL + text[len(LABEL) :]  # keys of labels are case-sensitive
    plain = text.lower().replace(" ", "_").replace("-", "_")
    return next((one.name for one in COLUMNS[kind] if plain == one.name or plain in one.aliases), None)


def template(kind: ImportKind) -> list[list[str]]:
    """The header of a file and one row as an example."""
    return [[one.name for one in COLUMNS[kind]], [one.example for one in COLUMNS[kind]]]
