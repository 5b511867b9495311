"""Delivery receipts of SMPP: as optional parameters, or as a text such as `id:77 sub:001 dlvrd:001 … stat:DELIVRD err:000 text:`.

Pure. Sources: SMPP 3.4, 5.3.2.26, 5.3.2.35 and Appendix B.
"""

from __future__ import annotations

import re

from penstock.adapters.sms.pdus import MESSAGE_STATE, RECEIPTED_ID, Delivered
from penstock.core.inboxes.account_models import ReceiptIds
from penstock.core.inboxes.models import DeliveryReport, Status

KINDS = (0x04, 0x20)
"""A receipt, and a notification on the way to one."""
_KIND = 0x3C
_FIELD = re.compile(r"(?:^|\s)(id|stat|err):(\S*)", re.IGNORECASE | re.ASCII)
_TEXT = re.compile(r"\stext:", re.IGNORECASE | re.ASCII)
_STATES = {
    1: ("ENROUTE", Status.SENT),
    2: ("DELIVERED", Status.DELIVERED),
    3: ("EXPIRED", Status.FAILED),
    4: ("DELETED", Status.FAILED),
    5: ("UNDELIVERABLE", Status.FAILED),
    6: ("ACCEPTED", Status.SENT),
    7: ("UNKNOWN", Status.SENT),
    8: ("REJECTED", Status.FAILED),
}
_WORDS = {
    "ENROUTE": Status.SENT,
    "ACCEPTD": Status.SENT,
    "BUFFRED": Status.SENT,
    "UNKNOWN": Status.SENT,
    "DELIVRD": Status.DELIVERED,
    "EXPIRED": Status.FAILED,
    "DELETED": Status.FAILED,
    "UNDELIV": Status.FAILED,
    "REJECTD": Status.FAILED,
    "FAILED": Status.FAILED,
}


def is_receipt(delivered: Delivered) -> bool:
    """Whether a deliver_sm reports the state of a submitted message, and is none itself."""
    return delivered.esm_class & _KIND in KINDS or {RECEIPTED_ID, MESSAGE_STATE} <= delivered.options.keys()


def id_of_response(given: str, receipt_ids: ReceiptIds) -> str:
    """The id of a submitted message as it is stored: as its receipts are read."""
    return given if receipt_ids == "same" else _number(given, 16 if receipt_ids == "decimal" else 10)


def _number(text: str, base: int) -> str:
    """A number in decimal; what is none stays as it is."""
    try:
        return str(int(text, base))
    except ValueError:
        return text


def read_receipt(delivered: Delivered, now_us: int, receipt_ids: ReceiptIds = "same") -> DeliveryReport | None:
    """The report in a receipt; None if it names no message or no known state. Optional parameters count before the text."""
    text = _TEXT.split(delivered.content.decode("latin-1"), maxsplit=1)[0]
    # The first of each name counts.
    fields = {name.lower(): value for name, value in reversed(_FIELD.findall(text))}
    provider_id = delivered.options.get(RECEIPTED_ID, b"").split(b"\0", 1)[0].decode("latin-1") or fields.get("id", "")
    state = delivered.options.get(MESSAGE_STATE, b"")
    if len(state) == 1 and state[0] in _STATES:
        word, status = _STATES[state[0]]
    else:
        word = fields.get("stat", "").upper()[:20]
        if word not in _WORDS:
            return None
        status = _WORDS[word]
    if not provider_id or len(provider_id) > 64:
        return None
    if receipt_ids != "same":
        provider_id = _number(provider_id, 10 if receipt_ids == "decimal" else 16)
    error = fields.get("err", "").strip()[:10]
    reason = "" if status is not Status.FAILED else word if not error.strip("0") else f"{word}, error {error}"
    return DeliveryReport(provider_id=provider_id, status=status, error=reason, at_us=now_us)
