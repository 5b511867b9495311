"""The console's own files, and the libraries that it ships. They are compressed once, and browsers keep them for a year.

The version in their paths is a hash of all of them, so that a changed file has a new path, and modules that import one another by
relative paths stay together.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
from http import HTTPStatus
from pathlib import Path

from penstock.api.shared.compression import accepts_gzip, shrinks
from penstock.kit.http import Headers, Receive, Scope, Send

STATIC = Path(__file__).parent.parent / "static"
MEDIA_TYPES = {
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".json": b"application/json",
    ".geojson": b"application/geo+json",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".woff2": b"font/woff2",
}
_ONE_YEAR = b"public, max-age=31536000, immutable"


class StaticFiles:
    """Serves the files in `static/`, from memory after the first time."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[bytes, bytes, bytes | None]] = {}

    @functools.cached_property
    def version(self) -> str:
        """A hash of all files."""
        found = hashlib.sha256()
        for path in sorted(self._names.values()):
            found.update(path.read_bytes())
        return found.hexdigest()[:12]

    @functools.cached_property
    def _names(self) -> dict[str, Path]:
        """The files that are served. Only listed names are read, so a path cannot leave the folder."""
        files = (path for path in self._folder.rglob("*") if path.is_file() and path.suffix in MEDIA_TYPES)
        return {path.relative_to(self._folder).as_posix(): path for path in files}

    def path_of(self, name: str) -> str:
        """The path of a file for pages.

        Raises:
            KeyError: there is no such file.
        """
        if name not in self._names:
            raise KeyError(name)
        return f"/console/static/{self.version}/{name}"

    async def serve(self, name: str, scope: Scope, receive: Receive, send: Send) -> bool:
        """Send a file; False if there is none with this name."""
        found = self._read(name)
        if found is None:
            return False
        body, media_type, packed = found
        headers: Headers = [(b"content-type", media_type), (b"cache-control", _ONE_YEAR), (b"vary", b"accept-encoding")]
        if packed is not None and accepts_gzip(scope):
            body = packed
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        return True

    def _read(self, name: str) -> tuple[bytes, bytes, bytes | None] | None:
        if name not in self._kept:
            path = self._names.get(name)
            if path is None:
                return None
            body, media_type = path.read_bytes(), MEDIA_TYPES[path.suffix]
            self._kept[name] = body, media_type, gzip.compress(body, 9) if shrinks(media_type) else None
        return self._kept[name]
