"""nginx with the settings that Penstock ships, in front of a server of the test's own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.authority import Pair
from tests.support.waiting import awaited

SHIPPED = Path(__file__).parents[2] / "deploy" / "proxies" / "nginx.conf"
AROUND = """{user}daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/penstock.conf;
}}
"""


def require_nginx() -> str:
    """The program; skips the test where it is missing."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip("there is no nginx: `make tools`")
    return found


def settings(*, port: int, http_port: int, grpc_port: int, pair: Pair) -> str:
    """The settings as they are shipped, but for addresses and the certificate."""
    text = SHIPPED.read_text()
    changes = {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        "server_name iot.example.org;": "server_name localhost;",
        "server 127.0.0.1:8080;": f"server 127.0.0.1:{http_port};",
        "server 127.0.0.1:9090;": f"server 127.0.0.1:{grpc_port};",
    }
    for shipped, own in changes.items():
        assert text.count(shipped) == 1, shipped
        text = text.replace(shipped, own)
    text = re.sub(r"(ssl_certificate +)[^;]+;", rf"\g<1>{pair.certificate};", text)
    return re.sub(r"(ssl_certificate_key +)[^;]+;", rf"\g<1>{pair.key};", text)


@contextmanager
def running_nginx(folder: Path, *, http_port: int, grpc_port: int, pair: Pair) -> Iterator[int]:
    """The port at which nginx listens."""
    program = require_nginx()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    folder.mkdir()
    (folder / "penstock.conf").write_text(settings(port=port, http_port=http_port, grpc_port=grpc_port, pair=pair))
    user = "user root root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE, text=True)
    try:
        awaited(lambda: process.poll() is not None or _answers(port), what="nginx")
        assert process.poll() is None, process.stderr and process.stderr.read()
        yield port
    finally:
        process.terminate()
        process.communicate()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
