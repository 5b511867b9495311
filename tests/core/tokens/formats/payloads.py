"""Files as other apps write them, made by the `cryptography` package and nothing of Penstock."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from penstock.adapters.passphrases import ThreadedPassphrases
from penstock.adapters.secrets.aes_gcm import AesGcm
from penstock.core.tokens.formats.passphrases import Opener

SEED = base64.b32decode("JBSWY3DPEHPK3PXPGEZDGNBV")
BASE32 = "JBSWY3DPEHPK3PXPGEZDGNBV"


def opener() -> Opener:
    return Opener(ThreadedPassphrases(), AesGcm())


def aegis_entry(**changes: Any) -> dict[str, Any]:
    info = {"secret": BASE32, "algo": "SHA256", "digits": 7, "period": 50} | changes.pop("info", {})
    return {"type": "totp", "uuid": "01234567", "name": "ada", "issuer": "Acme", "icon": None, "info": info} | changes


def aegis_plain(*entries: Any) -> str:
    db = {"version": 1, "entries": list(entries)}
    return json.dumps({"version": 1, "header": {"slots": None, "params": None}, "db": db})


def aegis_encrypted(password: str, *entries: Any, n: int = 2**10) -> str:
    """A vault with a biometric slot, the slot of another password, and the slot of this one."""
    master = os.urandom(32)
    nonce, sealed = _gcm(master, json.dumps({"version": 1, "entries": list(entries)}).encode())
    slots = [{"type": 2, "uuid": "x", "key": "00", "key_params": {"nonce": "00", "tag": "00"}}]
    for word in ("another", password):
        salt = os.urandom(32)
        key = Scrypt(salt=salt, length=32, n=n, r=8, p=1).derive(word.encode())
        slot_nonce, wrapped = _gcm(key, master)
        params = {"nonce": slot_nonce.hex(), "tag": wrapped[-16:].hex()}
        slots.append({"type": 1, "key": wrapped[:-16].hex(), "key_params": params, "n": n, "r": 8, "p": 1, "salt": salt.hex()})
    header = {"slots": slots, "params": {"nonce": nonce.hex(), "tag": sealed[-16:].hex()}}
    return json.dumps({"version": 1, "header": header, "db": base64.b64encode(sealed[:-16]).decode()})


def twofas_service(**changes: Any) -> dict[str, Any]:
    otp = {"account": "ada", "issuer": "Acme", "digits": 6, "period": 30, "algorithm": "SHA1", "tokenType": "TOTP"}
    return {"name": "Acme", "secret": BASE32, "otp": otp | changes.pop("otp", {})} | changes


def twofas_plain(*services: Any) -> str:
    return json.dumps({"services": list(services), "groups": [], "schemaVersion": 4, "appOrigin": "ios"})


def twofas_encrypted(password: str, *services: Any) -> str:
    salt = os.urandom(256)
    key = PBKDF2HMAC(algorithm=SHA256(), length=32, salt=salt, iterations=10_000).derive(password.encode())
    nonce, sealed = _gcm(key, json.dumps(list(services)).encode())
    parts = ":".join(base64.b64encode(part).decode() for part in (sealed, salt, nonce))
    return json.dumps({"services": [], "schemaVersion": 4, "servicesEncrypted": parts, "reference": parts})


def _gcm(key: bytes, content: bytes) -> tuple[bytes, bytes]:
    nonce = os.urandom(12)
    return nonce, AESGCM(key).encrypt(nonce, content, None)


def varint(number: int) -> bytes:
    number &= 2**64 - 1  # negative numbers have ten bytes
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: int | bytes) -> bytes:
    """A field of a protobuf message, written by the rules of its encoding."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def migrated(*values: int | bytes) -> bytes:
    """The parameters of one token: secret, name, issuer, algorithm, digits, type, counter."""
    return b"".join(field(number, value) for number, value in enumerate(values, 1) if value)


def migration(*parameters: bytes, size: int = 1, index: int = 0, batch: int = -1234567) -> str:
    """What is in the QR code of Google Authenticator."""
    message = b"".join(field(1, one) for one in parameters)
    message += field(2, 1) + field(3, size) + field(4, index) + field(5, batch)
    data = base64.b64encode(message).decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return f"otpauth-migration://offline?data={data}"
