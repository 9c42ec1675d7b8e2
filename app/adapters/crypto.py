"""Keys, encryption of stored bytes, and the pseudonym of a Bsn.

Raw bytes are compressed (zstd), then encrypted (AES-256-GCM) under a key with a version; the bericht_nr is bound in as associated data, so a
stored message cannot be swapped for another. A Bsn is found by HMAC-SHA-256 and stored encrypted beside it. Keys come from a key file (TOML):

    huidig = 1
    hmac = "<64 hex digits>"
    [versies]
    1 = "<64 hex digits>"
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32
PLAIN_BYTES_MAX = 64_000_000


class SleutelOngeldig(Exception):
    """The key file is missing or not of the form above, or a stored value cannot be read with its keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kluis:
    """The keys of one installation; `repr` shows no key."""

    huidig: int
    hmac_sleutel: bytes
    versies: dict[int, bytes]

    def __repr__(self) -> str:
        return f"Kluis(huidig={self.huidig}, versies={sorted(self.versies)})"

    def bewaar(self, data: bytes, kenmerk: str) -> tuple[int, bytes]:
        """Compress and encrypt; `kenmerk` says what the bytes belong to. Returns key version and stored form (nonce + ciphertext)."""
        nonce = os.urandom(NONCE_BYTES)
        packed = zstandard.ZstdCompressor(level=1).compress(data)
        return self.huidig, nonce + AESGCM(self.versies[self.huidig]).encrypt(nonce, packed, kenmerk.encode())

    def lees(self, versie: int, opgeslagen: bytes, kenmerk: str) -> bytes:
        """The bytes that `bewaar` stored under this `kenmerk`.

        Raises:
            SleutelOngeldig: Unknown key version, another `kenmerk`, or changed bytes.
        """
        if versie not in self.versies:
            raise SleutelOngeldig(f"sleutelversie {versie} staat niet in het sleutelbestand")
        nonce, cipher = opgeslagen[:NONCE_BYTES], opgeslagen[NONCE_BYTES:]
        try:
            packed = AESGCM(self.versies[versie]).decrypt(nonce, cipher, kenmerk.encode())
        except InvalidTag as error:
            raise SleutelOngeldig(f"{kenmerk} is niet leesbaar met sleutelversie {versie}") from error
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=PLAIN_BYTES_MAX)

    def pseudoniem(self, bsn: str) -> bytes:
        """HMAC-SHA-256 of a Bsn: the key under which `client` finds it."""
        return hmac.digest(self.hmac_sleutel, bsn.encode(), hashlib.sha256)


def read_kluis(path: Path) -> Kluis:
    """The keys in a file.

    Raises:
        SleutelOngeldig: The file is missing or not of the form in the module docstring.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        versies = {int(versie): bytes.fromhex(sleutel) for versie, sleutel in content["versies"].items()}
        kluis = Kluis(huidig=int(content["huidig"]), hmac_sleutel=bytes.fromhex(content["hmac"]), versies=versies)
    except FileNotFoundError as error:
        raise SleutelOngeldig(f"het sleutelbestand {path} bestaat niet; SOLIDAIR_KEY_FILE wijst het aan") from error
    except (tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError) as error:
        raise SleutelOngeldig(f"het sleutelbestand {path} heeft niet de vorm huidig, hmac, [versies]") from error
    if (
        kluis.huidig not in versies
        or len(kluis.hmac_sleutel) != KEY_BYTES
        or any(len(sleutel) != KEY_BYTES for sleutel in versies.values())
    ):
        raise SleutelOngeldig(f"het sleutelbestand {path} heeft sleutels van 64 hexadecimale cijfers nodig, en huidig moet er een van zijn")
    return kluis


def write_new_kluis(path: Path) -> None:
    """Make a key file with fresh keys, mode 0600; only `solidair demo` and tests do this. An existing file is left alone."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f'huidig = 1\nhmac = "{secrets.token_hex(KEY_BYTES)}"\n\n[versies]\n1 = "{secrets.token_hex(KEY_BYTES)}"\n'
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
