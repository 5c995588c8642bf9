"""A passphrase, and bytes that only it opens: scrypt for the key, AES-256-GCM in chunks, of the library cryptography.

    SSVC1 | salt (16) | chunk (1 MiB + 16) | ... | last chunk

Every object has a key of its own (HKDF of the passphrase's key with its salt), so counters never meet. A chunk's nonce
is its number and whether it is the last (STREAM: Hoang, Reyhanitabar, Rogaway, Vizár 2015), and its additional data is
the name of the object: chunks cannot be left out, moved or cut off, nor one object put in the place of another.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from searchsvc.errors import DamagedBackupError

__all__ = ["Cipher"]

_MAGIC = b"SSVC1"
_SALT = 16
_CHUNK = 1 << 20
_TAG = 16
_N = 1 << 16  # 64 MB and a fraction of a second for every try of a passphrase


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Cipher:
    """salt: 16 bytes or more that stand beside the backup."""

    def __init__(self, passphrase: str, salt: bytes) -> None:
        both = Scrypt(salt=salt, length=64, n=_N, r=8, p=1).derive(passphrase.encode())
        self._key, self._naming = both[:32], both[32:]

    def name(self, name: str) -> str:
        """What stands for a name that says something, such as the hash of a known file."""
        return hmac.new(self._naming, name.encode(), hashlib.sha256).hexdigest()

    def encrypted(self, stream: Readable, name: str) -> Iterator[bytes]:
        salt = os.urandom(_SALT)
        yield _MAGIC + salt
        aead, number, block = self._of(salt), 0, stream.read(_CHUNK)
        while True:
            following = stream.read(_CHUNK) if len(block) == _CHUNK else b""
            yield aead.encrypt(_nonce(number, last=not following), block, name.encode())
            if not following:
                return
            number, block = number + 1, following

    def decrypted(self, stream: IO[bytes], name: str) -> Iterator[bytes]:
        """Raises DamagedBackupError when a byte is not what was written."""
        head = stream.read(len(_MAGIC) + _SALT)
        if not head.startswith(_MAGIC):
            raise DamagedBackupError(f"{name} in the backup is not what was written.")
        aead, number, block = self._of(head[len(_MAGIC) :]), 0, stream.read(_CHUNK + _TAG)
        while True:
            following = stream.read(_CHUNK + _TAG) if len(block) == _CHUNK + _TAG else b""
            try:
                yield aead.decrypt(_nonce(number, last=not following), block, name.encode())
            except (InvalidTag, ValueError):
                raise DamagedBackupError(f"{name} in the backup is not what was written, or cut off.") from None
            if not following:
                return
            number, block = number + 1, following

    def _of(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt, b"searchsvc backup").derive(self._key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
