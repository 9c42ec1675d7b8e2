"""Keys, stored bytes and pseudonyms: what is kept can be read with its key and its kenmerk only."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.crypto import Kluis, SleutelOngeldig, read_kluis, write_new_kluis
from tests.builders import ANDERE_BSN, BSN

SLEUTEL_1, SLEUTEL_2, HMAC_SLEUTEL = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
KLUIS = Kluis(huidig=2, hmac_sleutel=HMAC_SLEUTEL, versies={1: SLEUTEL_1, 2: SLEUTEL_2})
OUDE_KLUIS = Kluis(huidig=1, hmac_sleutel=HMAC_SLEUTEL, versies={1: SLEUTEL_1})


@given(st.binary(max_size=2000))
def test_what_is_stored_is_read_back(data: bytes) -> None:
    """Compressed, encrypted, and the same again."""
    versie, stored = KLUIS.bewaar(data, "bericht:1")

    assert versie == 2
    assert KLUIS.lees(versie, stored, "bericht:1") == data


def test_big_berichten_are_compressed() -> None:
    """25 MB of XML is the biggest that may come."""
    data = b"<Prestatie>repeated</Prestatie>" * 800_000

    versie, stored = KLUIS.bewaar(data, "bericht:1")

    assert len(stored) < len(data) / 100
    assert KLUIS.lees(versie, stored, "bericht:1") == data


def test_the_same_bytes_are_stored_differently_each_time() -> None:
    """A fresh nonce: who sees the table cannot see which berichten are equal."""
    stored = {KLUIS.bewaar(b"same", "bericht:1")[1] for _ in range(50)}

    assert len(stored) == 50
    assert not any(b"same" in each for each in stored)


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_changed_bytes_are_not_read(place: int) -> None:
    """In the nonce, in the text, in the tag."""
    versie, stored = KLUIS.bewaar(b"<Bericht/>", "bericht:1")
    changed = bytearray(stored)
    changed[place] ^= 1

    with pytest.raises(SleutelOngeldig, match="bericht:1"):
        KLUIS.lees(versie, bytes(changed), "bericht:1")


def test_bytes_cannot_stand_in_for_those_of_another_bericht() -> None:
    """The kenmerk is bound in."""
    versie, stored = KLUIS.bewaar(b"<Bericht/>", "bericht:1")

    with pytest.raises(SleutelOngeldig):
        KLUIS.lees(versie, stored, "bericht:2")


def test_a_new_key_reads_on_what_the_old_one_stored() -> None:
    """Keys have a version; what is unknown is said by number."""
    versie, stored = OUDE_KLUIS.bewaar(b"old", "bericht:1")
    newer, _ = KLUIS.bewaar(b"new", "bericht:1")

    assert KLUIS.lees(versie, stored, "bericht:1") == b"old"
    with pytest.raises(SleutelOngeldig, match="sleutelversie 2"):
        OUDE_KLUIS.lees(newer, stored, "bericht:1")


def test_a_bsn_is_found_by_its_hmac() -> None:
    """The same for the same key only, and not the plain hash, which could be tried out for all numbers."""
    assert KLUIS.pseudoniem(BSN) == hmac.digest(HMAC_SLEUTEL, BSN.encode(), "sha256")
    assert KLUIS.pseudoniem(BSN) != KLUIS.pseudoniem(ANDERE_BSN)
    assert KLUIS.pseudoniem(BSN) != hashlib.sha256(BSN.encode()).digest()
    assert KLUIS.pseudoniem(BSN) != Kluis(huidig=1, hmac_sleutel=SLEUTEL_1, versies={1: SLEUTEL_1}).pseudoniem(BSN)


def test_no_key_is_shown() -> None:
    """A Kluis may end up in a log line or a traceback."""
    assert f"{KLUIS!r} {KLUIS}" == "Kluis(huidig=2, versies=[1, 2]) Kluis(huidig=2, versies=[1, 2])"


def test_a_new_key_file_is_for_its_owner_only_and_never_replaced(tmp_path: Path) -> None:
    """Replacing the keys would make everything stored unreadable."""
    path = tmp_path / "map" / "sleutels.toml"

    write_new_kluis(path)
    before = path.read_bytes()
    write_new_kluis(path)

    assert path.read_bytes() == before
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert read_kluis(path).huidig == 1


def test_two_key_files_differ(tmp_path: Path) -> None:
    """Keys are random, and those for berichten and for Bsns are not the same."""
    for name in ("een", "twee"):
        write_new_kluis(tmp_path / name)
    een, twee = read_kluis(tmp_path / "een"), read_kluis(tmp_path / "twee")

    assert len({een.hmac_sleutel, twee.hmac_sleutel, een.versies[1], twee.versies[1]}) == 4


GOED = f'huidig = 1\nhmac = "{"ab" * 32}"\n[versies]\n1 = "{"cd" * 32}"\n'


def test_the_form_of_a_key_file(tmp_path: Path) -> None:
    """What the cases below break."""
    path = tmp_path / "sleutels.toml"
    path.write_text(GOED)

    kluis = read_kluis(path)

    assert (kluis.huidig, kluis.hmac_sleutel, kluis.versies) == (1, b"\xab" * 32, {1: b"\xcd" * 32})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("huidig = 1", "huidig = 2"),
        ("huidig = 1", ""),
        ("ab" * 32, "ab" * 31),
        ("ab" * 32, "xy" * 32),
        ("cd" * 32, "cd" * 16),
        ("[versies]", "[anders]"),
        ("1 = ", "een = "),
        ("huidig = 1", "huidig ="),
    ],
)
def test_a_key_file_of_another_form_is_refused_without_showing_a_key(tmp_path: Path, old: str, new: str) -> None:
    """At the start of the process, with what is wrong and no key in the sentence."""
    path = tmp_path / "sleutels.toml"
    path.write_text(GOED.replace(old, new, 1))

    with pytest.raises(SleutelOngeldig) as refused:
        read_kluis(path)

    assert str(path) in str(refused.value)
    assert "abab" not in str(refused.value)
    assert "cdcd" not in str(refused.value)


def test_a_missing_key_file_says_which_setting_names_it(tmp_path: Path) -> None:
    """Nothing is made in its place."""
    with pytest.raises(SleutelOngeldig, match="SOLIDAIR_KEY_FILE"):
        read_kluis(tmp_path / "weg.toml")
    assert list(tmp_path.iterdir()) == []
