"""What a statement of the bank says: camt.053.001.02 and .08 as values, one for each entry or part of an entry. Pure.

Only what matching needs is read: amount, day, direction and references. Names, accounts and texts of who paid or was paid stay in the file. A
statement whose balances do not follow from its entries is refused as a whole.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from app.domain.errors import OngeldigVerzoek
from app.domain.iban import compact

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACES = tuple(f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{versie}" for versie in ("02", "08"))
BEDRAG = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2})0*)?")
GEBOEKT = "BOOK"
BEGIN, EIND = ("OPBD", "PRCD"), ("CLBD",)
KENMERK_MAX = 35
REGELS_MAX = 100_000
GEEN_KENMERK = frozenset({"", "NOTPROVIDED"})


class AfschriftOngeldig(OngeldigVerzoek):
    """Dit is geen camt.053-afschrift dat wij kunnen lezen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Afschriftregel:
    """An entry, or a part of one; amount in cents, above zero.

    Attributes:
        boekdatum: The day of the bank.
        bedrag_cent: What went on or off the account.
        is_debet: Off it.
        is_geboekt: False of what the bank only announces.
        is_retour: Something that comes back (RtrInf, or a reversal), with the code why.
        end_to_end_id: The reference of who ordered it; empty when the bank gives none.
        batch_kenmerk: The reference of the batch it is of; empty likewise.
        bankreferentie: The bank's own reference.
        vingerafdruk: The same for the same line in another file.
    """

    boekdatum: date
    bedrag_cent: int
    is_debet: bool
    is_geboekt: bool
    is_retour: bool
    retour_code: str
    end_to_end_id: str
    batch_kenmerk: str
    bankreferentie: str
    vingerafdruk: bytes = b""

    @property
    def saldo_cent(self) -> int:
        """What it does to the balance."""
        return -self.bedrag_cent if self.is_debet else self.bedrag_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Afschrift:
    """A statement of one account over a period; balances in cents, negative when overdrawn."""

    kenmerk: str
    volgnummer: str
    iban: str
    van: date
    tot: date
    begin_cent: int
    eind_cent: int
    regels: tuple[Afschriftregel, ...]


def lees_camt(root: _Element) -> tuple[Afschrift, ...]:
    """The statements in a document.

    Raises:
        AfschriftOngeldig: No camt.053 of a version we read, no EUR, or balances that do not follow from the entries.
    """
    namespace = next((each for each in NAMESPACES if root.tag == f"{{{each}}}Document"), None)
    if namespace is None:
        raise AfschriftOngeldig("Dit is geen camt.053 versie 001.02 of 001.08; kies dat formaat bij uw bank.")
    reader = _Lezer(namespace)
    statements = tuple(_lees_afschrift(each, reader) for each in reader.alle(root, "BkToCstmrStmt/Stmt"))
    if not statements:
        raise AfschriftOngeldig("Het bestand bevat geen afschrift (Stmt).")
    return statements


@dataclass(frozen=True, slots=True)
class _Lezer:
    """Finds elements of one namespace by a path of names."""

    namespace: str

    def alle(self, element: _Element, pad: str) -> list[_Element]:
        return element.findall("/".join(f"{{{self.namespace}}}{name}" for name in pad.split("/")))

    def tekst(self, element: _Element, *paden: str) -> str:
        """The text of the first of these paths that has any; cut at the length a reference has."""
        for pad in paden:
            for found in self.alle(element, pad):
                if text := (found.text or "").strip():
                    return text[:KENMERK_MAX]
        return ""

    def datum(self, element: _Element, *paden: str) -> date:
        text = self.tekst(element, *paden)
        try:
            return date.fromisoformat(text[:10])
        except ValueError as error:
            raise AfschriftOngeldig(f"In het afschrift ontbreekt een geldige datum ({paden[0]}).") from error

    def cent(self, element: _Element, pad: str) -> int | None:
        """An amount in cents; None when there is none."""
        found = self.alle(element, pad)
        if not found:
            return None
        if found[0].get("Ccy") != "EUR":
            raise AfschriftOngeldig("Het afschrift heeft bedragen in een andere munt dan de euro.")
        match = BEDRAG.fullmatch((found[0].text or "").strip())
        if match is None:
            raise AfschriftOngeldig("Het afschrift heeft een bedrag dat niet in hele centen is.")
        return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))

    def is_debet(self, element: _Element) -> bool | None:
        """The direction; None when it is not said here."""
        return {"DBIT": True, "CRDT": False}.get(self.tekst(element, "CdtDbtInd"))


def _lees_afschrift(stmt: _Element, lees: _Lezer) -> Afschrift:
    iban = compact(lees.tekst(stmt, "Acct/Id/IBAN"))
    kenmerk = lees.tekst(stmt, "Id")
    if not iban or not kenmerk:
        raise AfschriftOngeldig("Het afschrift noemt geen IBAN of geen kenmerk.")
    begin_cent, van = _saldo(stmt, BEGIN, lees)
    eind_cent, tot = _saldo(stmt, EIND, lees)
    regels = tuple(_met_vingerafdruk(iban, [regel for ntry in lees.alle(stmt, "Ntry") for regel in _lees_post(ntry, lees)]))
    if len(regels) > REGELS_MAX:
        raise AfschriftOngeldig(f"Het afschrift heeft meer dan {REGELS_MAX} regels; vraag de bank om kortere afschriften.")
    if begin_cent + sum(regel.saldo_cent for regel in regels if regel.is_geboekt) != eind_cent:
        raise AfschriftOngeldig("Beginsaldo en regels van het afschrift geven samen niet het eindsaldo; vraag het opnieuw op bij de bank.")
    return Afschrift(
        kenmerk=kenmerk,
        volgnummer=lees.tekst(stmt, "LglSeqNb", "ElctrncSeqNb"),
        iban=iban,
        van=min(van, tot),
        tot=tot,
        begin_cent=begin_cent,
        eind_cent=eind_cent,
        regels=regels,
    )


def _saldo(stmt: _Element, soorten: tuple[str, ...], lees: _Lezer) -> tuple[int, date]:
    """The balance of one of these kinds and its day."""
    for bal in lees.alle(stmt, "Bal"):
        if lees.tekst(bal, "Tp/CdOrPrtry/Cd") in soorten:
            cents, debet = lees.cent(bal, "Amt"), lees.is_debet(bal)
            if cents is None or debet is None:
                break
            return (-cents if debet else cents), lees.datum(bal, "Dt/Dt", "Dt/DtTm")
    raise AfschriftOngeldig(f"Het afschrift heeft geen saldo {soorten[0]}.")


def _lees_post(ntry: _Element, lees: _Lezer) -> Iterator[Afschriftregel]:
    """The lines of an entry: its parts when it names them and they add up to it, else the entry itself."""
    whole, debet = lees.cent(ntry, "Amt"), lees.is_debet(ntry)
    if whole is None or debet is None:
        raise AfschriftOngeldig("Een post van het afschrift heeft geen bedrag of richting.")
    if whole == 0:
        return
    boekdatum = lees.datum(ntry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    geboekt = lees.tekst(ntry, "Sts/Cd", "Sts") == GEBOEKT
    reversal = lees.tekst(ntry, "RvslInd").lower() in ("true", "1")
    reference = lees.tekst(ntry, "AcctSvcrRef", "NtryRef")
    parts = lees.alle(ntry, "NtryDtls/TxDtls")
    amounts = [_deelbedrag(part, lees, whole if len(parts) == 1 else None) for part in parts]
    signed = [(-1 if lees.is_debet(part) is (not debet) else 1) * (cents or 0) for part, cents in zip(parts, amounts, strict=True)]
    batch = lees.tekst(ntry, "NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId")
    if not parts or None in amounts or sum(signed) != whole:
        yield Afschriftregel(
            boekdatum=boekdatum,
            bedrag_cent=whole,
            is_debet=debet,
            is_geboekt=geboekt,
            is_retour=reversal,
            retour_code="",
            end_to_end_id="",
            batch_kenmerk=batch or _kenmerk_van_batch(parts, lees),
            bankreferentie=reference,
        )
        return
    for part, cents in zip(parts, signed, strict=True):
        if cents:
            end_to_end = lees.tekst(part, "Refs/EndToEndId")
            yield Afschriftregel(
                boekdatum=boekdatum,
                bedrag_cent=abs(cents),
                is_debet=debet if cents > 0 else not debet,
                is_geboekt=geboekt,
                is_retour=reversal or bool(lees.alle(part, "RtrInf")),
                retour_code=lees.tekst(part, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
                end_to_end_id="" if end_to_end in GEEN_KENMERK else end_to_end,
                batch_kenmerk=lees.tekst(part, "Refs/PmtInfId", "Refs/MsgId") or batch,
                bankreferentie=lees.tekst(part, "Refs/AcctSvcrRef") or reference,
            )


def _deelbedrag(part: _Element, lees: _Lezer, anders: int | None) -> int | None:
    """The amount of a part of an entry; version .02 has it deeper than .08."""
    for pad in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        if (cents := lees.cent(part, pad)) is not None:
            return cents
    return anders


def _kenmerk_van_batch(parts: list[_Element], lees: _Lezer) -> str:
    """The one reference of a batch that all parts name; empty when they do not agree."""
    found = {lees.tekst(part, "Refs/PmtInfId", "Refs/MsgId") for part in parts}
    return found.pop() if len(found) == 1 else ""


def _met_vingerafdruk(iban: str, regels: list[Afschriftregel]) -> Iterator[Afschriftregel]:
    """Lines with what they are known by; equal lines of one statement are told apart by their count."""
    seen: Counter[str] = Counter()
    for regel in regels:
        key = "\x1f".join(
            (
                iban,
                regel.boekdatum.isoformat(),
                str(regel.saldo_cent),
                regel.bankreferentie,
                regel.end_to_end_id,
                regel.batch_kenmerk,
                str(regel.is_geboekt),
            )
        )
        seen[key] += 1
        yield replace(regel, vingerafdruk=hashlib.sha256(f"{key}\x1f{seen[key]}".encode()).digest())
