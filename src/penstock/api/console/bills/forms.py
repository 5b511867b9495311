"""Turns the forms of bills into the bodies that the API expects."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.forms import Form

PARTY = (
    "name",
    "postal_code",
    "city",
    "country",
    "vat_id",
    "registration",
    "number",
    "email",
    "phone",
    "iban",
    "bic",
    "footer",
)
ITEM_FIELDS = ("kind", "name", "unit", "up_to", "price", "vat_rate")
ITEM_ROWS, CHARGE_ROWS = 200, 20
FREE_ROWS = 4


def party_body(form: Form) -> dict[str, Any]:
    """A seller or buyer, whose address is one line each."""
    return form.body(*PARTY) | {"address": form.lines("address")}


def party_form(party: dict[str, Any]) -> Form:
    """The form of a party, with the lines of its address in one text."""
    return Form.showing(party | {"address": "\n".join(party["address"])})


def version_body(form: Form) -> dict[str, Any]:
    """The prices of a tariff from a day on.

    A row of the table of prices is one tier. One without a kind continues the row above it.
    """
    body = form.body("from", "to") | {"items": _items(form)[0]}
    charges = [_charge(form, f"standing-{row}-") for row in range(CHARGE_ROWS) if form.value(f"standing-{row}-amount").strip()]
    body["standing"] = charges
    if form.value("minimum-amount").strip():
        body["minimum"] = _charge(form, "minimum-")
    return body


def version_names(form: Form) -> dict[str, str]:
    """The names that the API has for the fields of the form, so that errors appear next to them."""
    names = _items(form)[1]
    rows = [row for row in range(CHARGE_ROWS) if form.value(f"standing-{row}-amount").strip()]
    for at, row in enumerate(rows):
        names |= {f"standing-{row}-{name}": f"standing[{at}].{name}" for name in ("amount", "per", "name", "vat_rate")}
    return names | {f"minimum-{name}": f"minimum.{name}" for name in ("amount", "per", "name", "vat_rate")}


def version_form(version: dict[str, Any]) -> Form:
    """The form of a tariff's version."""
    values: dict[str, Any] = {"from": version["from"], "to": version["to"]}
    row = 0
    for item in version["items"]:
        for at, tier in enumerate(item["tiers"]):
            first = {name: item[name] for name in ("kind", "name", "unit", "vat_rate")} if at == 0 else {}
            values |= {f"items-{row}-{name}": value for name, value in (first | tier).items()}
            row += 1
    for row, charge in enumerate(version["standing"]):
        values |= {f"standing-{row}-{name}": value for name, value in charge.items()}
    values |= {f"minimum-{name}": value for name, value in (version["minimum"] or {}).items()}
    return Form.showing(values)


def rows_of(form: Form, prefix: str, column: str, most: int) -> int:
    """How many rows of a table to show: those with a value in a column, and some free ones."""
    used = [row for row in range(most) if form.value(f"{prefix}-{row}-{column}")]
    return min(max(used, default=-1) + 1 + FREE_ROWS, most)


def _items(form: Form) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The items, and the API's names of their fields."""
    items: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for row in range(ITEM_ROWS):
        texts = {
            name: form.value(f"items-{row}-{name}").strip() for name in ("kind", "name", "unit", "up_to", "price", "vat_rate")
        }
        if not texts["price"] and not texts["kind"]:
            continue
        if texts["kind"] or not items:
            head = {name: texts[name] for name in ("kind", "name", "unit", "vat_rate") if texts[name]}
            names |= {f"items-{row}-{name}": f"items[{len(items)}].{name}" for name in ("kind", "name", "unit", "vat_rate")}
            items.append(head | {"tiers": []})
        tiers, place = items[-1]["tiers"], f"items[{len(items) - 1}].tiers[{len(items[-1]['tiers'])}]"
        names |= {f"items-{row}-{name}": f"{place}.{name}" for name in ("up_to", "price")}
        tiers.append({name: texts[name] for name in ("up_to", "price") if texts[name]})
    return items, names


def _charge(form: Form, prefix: str) -> dict[str, Any]:
    found = {name: form.value(prefix + name).strip() for name in ("amount", "per", "name", "vat_rate")}
    return {name: value for name, value in found.items() if value}
