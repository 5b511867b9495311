"""What pages of inboxes share, and the script that counts the parts of an SMS."""

from __future__ import annotations

import json
import re

from penstock.api.console.inbox.tabs import label_of
from penstock.api.console.shared.static_files import STATIC
from penstock.core.inboxes.gsm import BASIC, EXTENSION
from penstock.core.inboxes.parts import MAX_PARTS


def test_an_address_in_a_list_says_what_it_is() -> None:
    address = {"value": "+447700900123", "label": "CI", "released_at": None}
    assert label_of(address) == "+447700900123 · CI"
    assert label_of(address | {"label": "", "released_at": "2026-05-02T09:00:00Z"}) == "+447700900123 (released)"


def test_the_script_counts_with_the_alphabet_that_sends() -> None:
    script = (STATIC / "inbox.js").read_text("utf-8")
    texts = {name: json.loads(text) for name, text in re.findall(r'^const (BASIC|EXTENSION) = (".*");$', script, re.MULTILINE)}
    assert texts == {"BASIC": BASIC.replace("\x1b", ""), "EXTENSION": "".join(EXTENSION.values())}
    assert f"MAX_PARTS = {MAX_PARTS};" in script
