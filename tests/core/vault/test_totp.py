"""Codes of the second factor: the standard's vectors, and two independent implementations."""

from __future__ import annotations

import base64
import shutil
import subprocess

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.vault import totp

SEEDS = {"SHA1": b"12345678901234567890", "SHA256": b"12345678901234567890123456789012"}
SEEDS["SHA512"] = b"1234567890123456789012345678901234567890123456789012345678901234"
# Source: RFC 6238, appendix B.
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]
SEED = st.binary(min_size=14, max_size=64)
MOMENT = st.integers(0, 4_000_000_000)
ALGORITHM = st.sampled_from(sorted(totp.ALGORITHMS))


@pytest.mark.parametrize(("moment", "sha1", "sha256", "sha512"), VECTORS)
def test_the_vectors_of_the_standard(moment: int, sha1: str, sha256: str, sha512: str) -> None:
    for algorithm, wanted in (("SHA1", sha1), ("SHA256", sha256), ("SHA512", sha512)):
        assert totp.code_at(SEEDS[algorithm], totp.step_at(moment), algorithm, 8) == wanted


def test_a_vector_of_six_digits() -> None:
    seed = base64.b32decode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert totp.code_at(seed, totp.step_at(1777713304)) == "497539"


@given(seed=SEED, moment=MOMENT, algorithm=ALGORITHM, digits=st.sampled_from([6, 8]))
def test_pyotp_says_the_same(seed: bytes, moment: int, algorithm: str, digits: int) -> None:
    uri = totp.otpauth_uri(seed, issuer="Acme & Co", account="ada+x@example.org", algorithm=algorithm, digits=digits)
    other = pyotp.parse_uri(uri)
    assert isinstance(other, pyotp.TOTP)
    assert other.at(moment) == totp.code_at(seed, totp.step_at(moment), algorithm, digits)
    assert (other.name, other.issuer) == ("ada+x@example.org", "Acme & Co")


@pytest.mark.skipif(shutil.which("oathtool") is None, reason="oathtool is not installed here")
@pytest.mark.parametrize("algorithm", sorted(totp.ALGORITHMS))
def test_oathtool_says_the_same(algorithm: str) -> None:
    for moment in (59, 1111111109, 1777713304, 20000000000):
        command = ["oathtool", f"--totp={algorithm}", "--digits=8", f"--now=@{moment}", SEEDS[algorithm].hex()]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        assert totp.code_at(SEEDS[algorithm], totp.step_at(moment), algorithm, 8) == said


@given(seed=SEED, moment=st.integers(100, 4_000_000_000), drift=st.integers(-3, 3))
def test_one_step_of_drift_is_forgiven_and_no_more(seed: bytes, moment: int, drift: int) -> None:
    step = totp.step_at(moment)
    code = totp.code_at(seed, step + drift)
    near = [totp.code_at(seed, step + n) for n in (-1, 0, 1)]
    assert (totp.matching_step(seed, code, moment) is not None) == (code in near)


@given(seed=SEED, moment=st.integers(100, 4_000_000_000))
def test_a_step_that_was_used_is_not_taken_again(seed: bytes, moment: int) -> None:
    code = totp.code_at(seed, totp.step_at(moment))
    step = totp.matching_step(seed, code, moment)
    assert step is not None
    again = totp.matching_step(seed, code, moment, after_step=step)
    assert again is None or again > step


SHOWN = {totp.code_at(SEEDS["SHA1"], totp.step_at(1777713304) + n) for n in (-1, 0, 1)}


@given(text=st.text(max_size=20))
def test_what_is_no_code_is_refused(text: str) -> None:
    assert (totp.matching_step(SEEDS["SHA1"], text, 1777713304) is not None) == (text in SHOWN)


@given(seed=SEED)
def test_a_secret_is_shown_in_base32(seed: bytes) -> None:
    shown = totp.to_base32(seed)
    assert base64.b32decode(shown + "=" * (-len(shown) % 8)) == seed
