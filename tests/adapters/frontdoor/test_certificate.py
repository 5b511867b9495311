"""What is wrong with a pair of files is said in one sentence, at the start and when they are read again."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from penstock.adapters.frontdoor.certificate import CertificateUnusable, ServerCertificate
from penstock.adapters.frontdoor.config import TlsConfig
from penstock.kit.clock import SECOND_US, SystemClock
from tests.support.authority import Authority, Pair


def loaded(pair: Pair) -> ServerCertificate:
    return ServerCertificate(TlsConfig(certificate=str(pair.certificate), key=str(pair.key)), SystemClock())


def no_certificate(pair: Pair, authority: Authority) -> None:
    pair.certificate.unlink()


def no_key(pair: Pair, authority: Authority) -> None:
    pair.key.unlink()


def a_folder(pair: Pair, authority: Authority) -> None:
    pair.key.unlink()
    pair.key.mkdir()


def empty_certificate(pair: Pair, authority: Authority) -> None:
    pair.certificate.write_bytes(b"")


def torn_certificate(pair: Pair, authority: Authority) -> None:
    pair.certificate.write_bytes(pair.certificate.read_bytes()[:300])


def torn_key(pair: Pair, authority: Authority) -> None:
    pair.key.write_bytes(pair.key.read_bytes()[:100])


def certificate_for_key(pair: Pair, authority: Authority) -> None:
    pair.key.write_bytes(pair.certificate.read_bytes())


def other_key(pair: Pair, authority: Authority) -> None:
    pair.key.write_bytes(authority.pair("other").key.read_bytes())


def open_key(pair: Pair, authority: Authority) -> None:
    pair.key.chmod(0o644)


def locked_key(pair: Pair, authority: Authority) -> None:
    command = ["openssl", "ec", "-in", str(pair.key), "-aes256", "-passout", "pass:x", "-out", str(pair.key) + ".locked"]
    subprocess.run(command, check=True, capture_output=True)
    Path(str(pair.key) + ".locked").replace(pair.key)


def run_out(pair: Pair, authority: Authority) -> None:
    now = datetime.now(UTC)
    pair.write(authority.leaf(begins=now - timedelta(days=9), ends=now - timedelta(days=1)))


def not_yet(pair: Pair, authority: Authority) -> None:
    pair.write(authority.leaf(begins=datetime.now(UTC) + timedelta(days=1)))


FAULTS: dict[Callable[[Pair, Authority], None], str] = {
    no_certificate: r"server\.pem: No such file or directory",
    no_key: r"server\.key: No such file or directory",
    a_folder: r"server\.key: Is a directory",
    empty_certificate: r"server\.pem: must contain a certificate in PEM format",
    torn_certificate: r"server\.pem: must contain a certificate in PEM format",
    torn_key: r"server\.key: must contain a private key in PEM format",
    certificate_for_key: r"server\.key: must contain a private key in PEM format",
    other_key: r"server\.key: must be the key of the certificate",
    open_key: r"server\.key: the key must not be accessible to other users of this machine; chmod 600 it",
    locked_key: r"server\.key: the key must not be protected by a password",
    run_out: r"server\.pem: the certificate expired at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    not_yet: r"server\.pem: the certificate is not valid before \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_pair_with_a_fault_is_refused_and_the_fault_named(fault: Callable[[Pair, Authority], None], tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.pair()
    fault(pair, authority)
    with pytest.raises(CertificateUnusable, match=FAULTS[fault] + "$"):
        loaded(pair)


def test_a_pair_without_fault_is_taken(tmp_path: Path) -> None:
    ends = datetime(2037, 1, 2, 3, 4, 5, tzinfo=UTC)
    pair = Authority(tmp_path).pair(ends=ends)
    pair.key.chmod(0o640)
    assert loaded(pair).ends_us == int(ends.timestamp()) * SECOND_US


def test_a_fault_at_reading_again_leaves_the_certificate_as_it_was(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.pair()
    certificate = loaded(pair)
    before = certificate.context
    other_key(pair, authority)
    with capture_logs() as said:
        certificate.reload()
    assert certificate.context is before
    assert [(line["event"], line["log_level"]) for line in said] == [("certificate_not_reloaded", "error")]
    assert said[0]["reason"] == f"{pair.key}: must be the key of the certificate"
    pair.write(authority.leaf())
    with capture_logs() as said:
        certificate.reload()
    assert certificate.context is not before
    assert [line["event"] for line in said] == ["certificate_reloaded"]
