"""A real browser for tests of pages: Debian's Chromium, driven by Playwright. Where there is none, the tests say so and skip."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.in_process import InProcessServer
from tests.support.vendors import AXE_CORE, FOLDER

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
WIDTHS = {"phone": (390, 844), "desk": (1440, 900)}
THEMES = ("light", "dark")
WORST = ("serious", "critical")
VIOLATION = """document.addEventListener("securitypolicyviolation", (event) => console.warn(
    "policy", event.violatedDirective, event.blockedURI, event.sourceFile, event.target.outerHTML?.slice(0, 200)))"""
"""Says where a page does what its policy forbids, which the browser's own message does not."""
PATIENCE_MS = 60_000
"""How long a condition may take on a busy machine. Nothing waits for longer than until it is met."""


def require_chromium() -> str:
    """The browser's program; skips the test where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium: `make tools`")
    return program


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser, ended at the end."""
    program = require_chromium()
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Tab:
    """A page in a browser of its own, which notes whatever goes wrong in it."""

    def __init__(
        self,
        browser: Any,
        server: InProcessServer,
        *,
        session: str = "",
        width: str = "desk",
        theme: str = "light",
        base_url: str = "",
    ) -> None:
        """`base_url`: where the server is reached, if not directly."""
        base_url = base_url or server.base_url
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        self.context = browser.new_context(
            viewport=size, color_scheme=theme, reduced_motion="reduce", base_url=base_url, accept_downloads=True
        )
        self.context.set_default_timeout(PATIENCE_MS)
        if session:
            self.context.add_cookies([{"name": "penstock_session", "value": session, "url": base_url}])
        self.context.add_init_script(VIOLATION)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.page.on("dialog", self._asked)

    def open(self, path: str) -> None:
        """Open a page and wait until its files and scripts are loaded."""
        self.page.goto(path, wait_until="load")

    def judge(self) -> list[str]:
        """What axe-core finds that is serious or critical. The script comes past the page's policy, as a tool of the browser."""
        if not (FOLDER / AXE_CORE.file).exists():
            pytest.skip("axe-core is not there: `make tools`")
        self.page.evaluate(AXE_CORE.read("axe.min.js"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)")
        return [
            f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:160]}"
            for one in found
            if one["impact"] in WORST
            for node in one["nodes"][:3]
        ]

    def close(self) -> None:
        self.context.close()

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text[:400]} {message.location}")

    def _failed(self, request: Any) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # what is left behind when the page is
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def _asked(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()
