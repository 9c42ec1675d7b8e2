"""Accounts: check digits, lengths, and what is shown of one."""

from __future__ import annotations

import pytest

from app.domain.iban import compact, is_bic, is_iban, make_iban, masked


@pytest.mark.parametrize("iban", ["NL91ABNA0417164300", "BE68539007547034", "DE89370400440532013000", "GB29NWBK60161331926819"])
def test_published_examples_are_right(iban: str) -> None:
    """Those of the registry of IBANs; one digit changed or two exchanged makes them wrong."""
    swapped = iban[:-2] + iban[-1] + iban[-2] if iban[-1] != iban[-2] else iban[:-3] + iban[-2] + iban[-3] + iban[-1]

    assert is_iban(iban)
    assert not is_iban(iban[:-1] + str((int(iban[-1]) + 1) % 10))
    assert swapped == iban or not is_iban(swapped)


@pytest.mark.parametrize("text", ["", "NL91", "nl91ABNA0417164300", "NL91 ABNA 0417 1643 00", "NL91ABNA041716430", "NL00ABNA0417164300"])
def test_what_is_no_iban(text: str) -> None:
    assert not is_iban(text)


def test_made_ones_are_right_and_shown_in_part() -> None:
    """Two accounts of one bank with the same last digits still look different."""
    one, other = make_iban("NL", "TEST0000000001"), make_iban("NL", "TEST9900000001")

    assert is_iban(one)
    assert is_iban(other)
    assert masked(one) != masked(other)
    assert one not in masked(one)
    assert compact(" nl91 abna 0417 1643 00 ") == "NL91ABNA0417164300"


def test_form_of_a_bic() -> None:
    assert is_bic("RABONL2U")
    assert is_bic("ABNANL2AXXX")
    assert not is_bic("ABNANL2")
