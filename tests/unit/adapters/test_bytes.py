"""The bytes of a bericht before any parser sees them: just within the bounds of OP179 and OP192, and just outside."""

from __future__ import annotations

import codecs

import pytest

from app.adapters.xml import check_bytes

SIZE_MAX = 25_000_000
BERICHT = '<?xml version="1.0" encoding="UTF-8"?>\r\n<a>\u00e9</a>\r\n'.encode()


def filled(size: int) -> bytes:
    """XML of exactly so many bytes."""
    return b"<a>" + b" " * (size - 7) + b"</a>"


def test_op179_accepts_25_mb_to_the_byte() -> None:
    assert check_bytes(filled(SIZE_MAX)) == []


def test_op179_refuses_one_byte_more() -> None:
    (bevinding,) = check_bytes(filled(SIZE_MAX + 1))

    assert bevinding.regel == "OP179"
    assert "25.000.001 bytes" in bevinding.melding


@pytest.mark.parametrize("data", [BERICHT, BERICHT.replace(b"\r\n", b"\n"), b"<a/>"], ids=["cr-lf", "lf", "no-declaration"])
def test_op192_accepts_utf8_without_mark(data: bytes) -> None:
    """A missing carriage return is no reason to refuse: every parser reads both line ends as the same."""
    assert check_bytes(data) == []


@pytest.mark.parametrize(
    "data",
    [codecs.BOM_UTF8 + BERICHT, BERICHT.decode().encode("utf-16"), BERICHT.decode().encode("latin-1"), b"", b" \r\n"],
    ids=["mark", "utf-16", "latin-1", "empty", "white"],
)
def test_op192_refuses_any_other_encoding(data: bytes) -> None:
    (bevinding,) = check_bytes(data)

    assert bevinding.regel == "OP192"
