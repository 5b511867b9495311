"""The organisation of these tests, with the browser of its owner."""

from __future__ import annotations

from tests.support.billed import api, browser, org, site

__all__ = ["api", "browser", "org", "site"]
