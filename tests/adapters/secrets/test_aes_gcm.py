"""AES-256-GCM: as another implementation has it, and nothing that was changed opens."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from penstock.adapters.secrets.aes_gcm import NONCE_BYTES, TAG_BYTES, AesGcm

CIPHERS = AesGcm()
KEY = bytes(range(32))


def test_another_implementation_decrypts_it() -> None:
    encrypted = CIPHERS.encrypt(KEY, b"JBSWY3DPEHPK3PXP", "secret 1")
    nonce, content, tag = encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:-TAG_BYTES], encrypted[-TAG_BYTES:]
    decryptor = Cipher(algorithms.AES(KEY), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(b"secret 1")
    assert decryptor.update(content) + decryptor.finalize() == b"JBSWY3DPEHPK3PXP"


def test_nothing_opens_whose_bytes_key_or_bond_were_changed() -> None:
    encrypted = CIPHERS.encrypt(KEY, b"seed", "secret 1")
    assert CIPHERS.decrypt(KEY, encrypted, "secret 1") == b"seed"
    for place in range(len(encrypted)):
        changed = bytearray(encrypted)
        changed[place] ^= 1
        with pytest.raises(ValueError, match="another key"):
            CIPHERS.decrypt(KEY, bytes(changed), "secret 1")
    for key, bond in ((bytes(32), "secret 1"), (KEY, "secret 2"), (KEY, "")):
        with pytest.raises(ValueError, match="another key"):
            CIPHERS.decrypt(key, encrypted, bond)


@pytest.mark.parametrize("length", [0, 1, NONCE_BYTES + TAG_BYTES - 1])
def test_what_is_too_short_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="too short"):
        CIPHERS.decrypt(KEY, bytes(length), "")


def test_an_empty_content_is_encrypted_too() -> None:
    assert CIPHERS.decrypt(KEY, CIPHERS.encrypt(KEY, b"", "x"), "x") == b""


def nonces_of(count: int) -> set[bytes]:
    return {CIPHERS.encrypt(KEY, b"", "")[:NONCE_BYTES] for _ in range(count)}


def test_nonces_are_distinct() -> None:
    assert len(nonces_of(2_000)) == 2_000
    assert len({bytes(CIPHERS.new_key()) for _ in range(100)}) == 100


@pytest.mark.prove
def test_a_million_nonces_of_one_key_are_distinct() -> None:
    assert len(nonces_of(1_000_000)) == 1_000_000
