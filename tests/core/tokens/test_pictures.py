"""The size of a picture."""

from __future__ import annotations

import pytest

from penstock.core.tokens.pictures import MAX_PICTURE_BYTES, check_size
from penstock.kit.errors import InvalidInput


def test_the_size_of_a_picture() -> None:
    check_size(b"x" * MAX_PICTURE_BYTES)
    for picture in (b"", b"x" * (MAX_PICTURE_BYTES + 1)):
        with pytest.raises(InvalidInput, match="picture: must"):
            check_size(picture)
