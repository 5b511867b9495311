"""Who counts as one visitor."""

from __future__ import annotations

from penstock.core.signup.service import site_of


def test_who_counts_as_one_visitor() -> None:
    assert site_of("192.0.2.7") == "192.0.2.7"
    assert site_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert site_of("2001:db8:1:2:3::4") == site_of("2001:db8:1:2::") == "2001:db8:1:2::/64"
    assert site_of("") == ""
