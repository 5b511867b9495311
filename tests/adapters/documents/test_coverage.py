"""Which characters can be printed."""

from __future__ import annotations

from penstock.adapters.documents.coverage import COVERED, printable
from tests.adapters.documents.covered import written


def test_the_list_is_what_the_fonts_have() -> None:
    assert COVERED.read_text("ascii") == written()


def test_what_no_font_has_is_replaced() -> None:
    for name in (
        "Ünal & Söhne",
        "Ελλάδα",
        "Жилкооп",
        "Đường Láng",
        "شركة المياه",
        "חברת מים",
        "जल निगम",
        "การประปา",
        "水务公司",
        "수도",
        "東京かなカナ",
    ):
        assert printable(name) == name
    assert printable("line\nline") == "line\nline"
    assert printable("a\x07b\tc\ud800") == "a�b�c�"
    assert printable("pump \U0001f600\U0001f600 \ue123") == "pump �� �"


def test_no_text_turns_around_the_words_that_follow() -> None:
    assert printable("Flat \u202egnp\u2066, 12\r\nx") == "Flat gnp, 12\nx"
