"""What is wrong with one value, in one Dutch sentence with what was expected; and which values may not be repeated.

Source of the expectations: the facets of the schema (`structuur`); of the meaning of codes: `codelists`. Digits are 0 to 9 and white space
is space, tab, CR and LF, as XML Schema has it.
"""

from __future__ import annotations

import re

from app.standard import codelists
from app.standard.structuur import Waarde

AFGESCHERMD = "(afgeschermd)"
WAARDE_SHOWN_MAX = 60
CODES_WITH_MEANING_MAX = 14
CODES_LISTED_MAX = 30
WHITE = " \t\r\n"

# Elements whose value says something about a person; those in the second set only inside the element named first.
PRIVATE = frozenset(
    {
        *("Bsn", "Achternaam", "Voorvoegsel", "Voornamen", "Voorletters", "Commentaar"),
        *("Postcode", "Straatnaam", "Plaatsnaam", "Huisnummer", "Huisletter", "HuisnummerToevoeging", "AanduidingWoonadres"),
        *("Telefoonnummer", "Emailadres", "Organisatie"),
    }
)
PRIVATE_INSIDE = frozenset({("Geboortedatum", "Datum"), ("Relatie", "Nummer"), ("Verwijzer", "Naam")})

MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december")
_DATE = re.compile(r"(-?)([0-9]{4,})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)")
_INTEGER = re.compile(r"([+-]?)0*([0-9]*)")
# Written out for the sender: what a pattern of the standard means.
_EXPECTED = {
    "LDT_AgbCode": "een AGB-code van 8 cijfers",
    "LDT_BurgerServicenummer": "9 cijfers",
    "LDT_Gemeente": "een gemeentecode van 4 cijfers",
    "LDT_IdentificatieDeclaratie": "1 tot en met 12 letters (zonder accent) en cijfers",
    "LDT_Telefoonnummer": "1 tot en met 15 cijfers, zonder spaties of streepjes",
    "LDT_Versie": "drie getallen met punten ertussen, zoals 1.0.0",
    "LDT_Voorletters": "1 tot en met 6 letters, zonder punten of spaties",
}


def is_private(naam: str, parent: str) -> bool:
    """True when the value of this element is personal data."""
    return naam in PRIVATE or (parent, naam) in PRIVATE_INSIDE


def masked(naam: str, parent: str, text: str) -> str:
    """The value as a finding may show it: cut off when long, hidden when it is, or may be, personal data."""
    return AFGESCHERMD if is_private(naam, parent) or _looks_like_bsn(text) else _cut(text)


def fault(naam: str, waarde: Waarde, text: str, domein: str, *, private: bool) -> str | None:
    """The sentence about a value that its type does not allow; None when it does.

    Args:
        naam: Of the element, to begin the sentence with.
        waarde: The type.
        text: The value as it stands in the bericht, white space included.
        domein: Whose code lists give the codes their meaning.
        private: Whether the sentence may not repeat the value.
    """
    value = text if waarde.soort == "string" else text.strip(WHITE)
    if _fits(waarde, value):
        return None
    shown = not private and not _looks_like_bsn(value)
    begin = f"{naam} heeft de waarde {_cut(value)}." if shown else f"De waarde van {naam} is niet goed."
    if not value.strip(WHITE):
        what = "is leeg" if not value else "bevat alleen witruimte"
        return f"{naam} {what}. {_sentence(expected(waarde, domein))}"
    if waarde.codes:
        return f"{begin} {_sentence(expected(waarde, domein))}{_hint(waarde, value)}"
    if waarde.lengte_max is not None and len(value) > waarde.lengte_max and waarde.type_naam not in _EXPECTED:
        return f"{naam} is te lang: {len(value)} tekens, hoogstens {waarde.lengte_max}."
    if waarde.soort == "string" and waarde.type_naam not in _EXPECTED and ("\n" in value or "\r" in value):
        return f"{naam} bevat een regeleinde. Zet de waarde op één regel."
    if waarde.soort == "date" and (why := _no_such_day(value)):
        return f"{begin} {why}"
    return f"{begin} {_sentence(expected(waarde, domein))}"


def expected(waarde: Waarde, domein: str) -> str:
    """What a type allows, as the rest of a sentence that begins with "Verwacht is"."""
    if waarde.codes:
        return _codes(waarde, domein)
    if waarde.soort == "date":
        return "een bestaande datum als jjjj-mm-dd, zonder tijdzone"
    if waarde.soort == "time":
        return "een tijd als uu:mm:ss, zonder tijdzone"
    if waarde.type_naam in ("LDT_BerichtCode", "LDT_BerichtVersie", "LDT_BerichtSubversie") and waarde.patronen:
        release = "" if waarde.type_naam == "LDT_BerichtCode" else ": wij verwerken release 3.2"
        return f"{waarde.patronen[-1].pattern.removeprefix('(?:').removesuffix(')')}{release}"
    if waarde.soort == "integer":
        return f"een geheel getal van {waarde.waarde_min} tot en met {waarde.waarde_max}"
    if waarde.type_naam in _EXPECTED:
        return _EXPECTED[waarde.type_naam]
    if waarde.lengte_max is None:
        return "tekst"
    return f"tekst van {max(waarde.lengte_min, 1)} tot en met {waarde.lengte_max} tekens"


def _fits(waarde: Waarde, value: str) -> bool:
    """Whether a value, white space already handled, satisfies every facet."""
    if waarde.codes and value not in waarde.codes:
        return False
    if waarde.soort == "string":
        right = waarde.lengte_min <= len(value) and (waarde.lengte_max is None or len(value) <= waarde.lengte_max)
    elif waarde.soort == "integer":
        right = _integer_fits(waarde, value)
    elif waarde.soort == "date":
        right = (found := _DATE.fullmatch(value)) is not None and _is_day(*found.groups())
    else:
        right = _TIME.fullmatch(value) is not None
    return right and all(pattern.fullmatch(value) for pattern in waarde.patronen)


def _integer_fits(waarde: Waarde, value: str) -> bool:
    """Whether a value is a whole number between the bounds; a number of more than 30 digits lies outside any of them."""
    found = _INTEGER.fullmatch(value)
    if found is None or not value.strip("+-"):
        return False
    sign, digits = found.groups()
    if len(digits) > 30:
        return False
    number = int(f"{sign}{digits or '0'}")
    return (waarde.waarde_min is None or waarde.waarde_min <= number) and (waarde.waarde_max is None or number <= waarde.waarde_max)


def _is_day(sign: str, year: str, month: str, day: str) -> bool:
    """Whether a day exists; years may have more than four digits but no leading zero then, and there is no year 0."""
    if (len(year) > 4 and year[0] == "0") or not year.strip("0") or not 1 <= int(month) <= 12:
        return False
    return 1 <= int(day) <= _days_in(sign, year, int(month))


def _days_in(sign: str, year: str, month: int) -> int:
    """Days in a month of the calendar of XML Schema; the last four digits decide about a leap year."""
    if month != 2:
        return 30 if month in (4, 6, 9, 11) else 31
    number = int(year[-4:]) + (1 if sign else 0)
    return 29 if number % 4 == 0 and (number % 100 != 0 or number % 400 == 0) else 28


def _no_such_day(value: str) -> str | None:
    """Why a well-written date does not exist, None when that is not the fault."""
    found = _DATE.fullmatch(value)
    if found is None or not 1 <= int(found[3]) <= 12 or not found[2].strip("0"):
        return None
    days = _days_in(found[1], found[2], int(found[3]))
    if 1 <= int(found[4]) <= days:
        return None
    return f"Die dag bestaat niet: {MONTHS[int(found[3]) - 1]} {found[2]} heeft {days} dagen."


def _codes(waarde: Waarde, domein: str) -> str:
    """The codes of an enumeration with their meaning, or where to find them when they are many."""
    if len(waarde.codes) <= CODES_WITH_MEANING_MAX:
        return ", ".join(_with_meaning(code, waarde.lijst, domein) for code in waarde.codes)
    if len(waarde.codes) <= CODES_LISTED_MAX:
        return ", ".join(waarde.codes)
    lijst = codelists.lijsten().get(waarde.lijst)
    number = f" {getattr(lijst, domein)} ({lijst.naam})" if lijst else ""
    return f"een code van lijst{number}, met {len(waarde.codes)} codes"


def _with_meaning(code: str, lijst: str, domein: str) -> str:
    """`0 (onbekend)`, or the code alone when the list does not know it."""
    if lijst not in codelists.lijsten():
        return code
    meaning = codelists.meaning(domein, lijst, code)
    return f"{code} ({meaning})" if meaning else code


def _hint(waarde: Waarde, value: str) -> str:
    """The code that was probably meant: a leading zero forgotten, another case, spaces around it."""
    near = next((code for code in (value.strip(), value.strip().zfill(2), value.strip().upper()) if code in waarde.codes), None)
    return f" Bedoeld is {near}?" if near else ""


def _sentence(what: str) -> str:
    """`Toegestaan zijn 1 (ja), 2 (nee).` or `Verwacht is tekst.`"""
    several = re.match(r"[0-9A-Z]{1,4}( \(|,)", what)
    return f"{'Toegestaan zijn' if several else 'Verwacht is'} {what}."


def _cut(text: str) -> str:
    """A value short enough to show."""
    return text if len(text) <= WAARDE_SHOWN_MAX else f"{text[: WAARDE_SHOWN_MAX - 3]}..."


def _looks_like_bsn(text: str) -> bool:
    """True for 9 digits that pass the 11-proef: someone may have put a Bsn in the wrong element."""
    value = text.strip(WHITE)
    if not re.fullmatch(r"[0-9]{9}", value) or value == "000000000":
        return False
    digits = [int(character) for character in value]
    return (sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=False)) - digits[8]) % 11 == 0
