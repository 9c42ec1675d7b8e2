"""What tests of payments share: bank accounts, money owed by an act, statements as a bank writes them. All accounts are fictitious."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.iban import make_iban
from app.domain.partij import Actor, Rol
from app.ledger import Boeking, Rekening, open_handeling
from app.ledger.store import Boekstuk, book
from tests.builders import AGB
from tests.end_to_end.werkbank import ANDERE_AGB, REGIO

GOES, MIDDELBURG = make_iban("NL", "TEST9900000664"), make_iban("NL", "TEST9900000687")
VESTE, ANKER = make_iban("NL", "TEST0042420001"), make_iban("NL", "TEST0042420002")
REKENINGEN = {
    "gemeente:0664": (GOES, "Gemeente Goes"),
    "gemeente:0687": (MIDDELBURG, "Gemeente Middelburg"),
    f"aanbieder:{AGB}": (VESTE, "Stichting De Veste"),
    f"aanbieder:{ANDERE_AGB}": (ANKER, "Zörg & Ånker B.V."),
}
CONTROLLER = Actor(naam="anna", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
TWEEDE = Actor(naam="bram", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
ELDERS = Actor(naam="eva", gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.CONTROLLER}))
DE_VESTE = Actor(naam="veste", partijen=frozenset({f"aanbieder:{AGB}"}), gemeenten=frozenset())
HET_ANKER = Actor(naam="anker", partijen=frozenset({f"aanbieder:{ANDERE_AGB}"}), gemeenten=frozenset())
MEI = date(2026, 5, 1)


def region_met(*partijen: str, **anders: str) -> dict[str, str]:
    """The small region with the accounts of these parties (none named: all of them); `anders` gives an AGB-code another one."""
    lines = ["partij,iban,tenaamstelling"]
    for partij in partijen or REKENINGEN:
        iban, naam = REKENINGEN[partij]
        lines.append(f"{partij},{anders.get(partij.partition(':')[2], iban)},{naam}")
    return {**REGIO, "bankrekeningen.csv": "\n".join(lines) + "\n"}


async def owe(wereld: Wereld, cents: int, agb: str = AGB, gemeente: str = "0664") -> int:
    """An act that owes an aanbieder cents, or takes them back; its number."""
    heen = Rekening("kosten", gemeente), Rekening("crediteur", gemeente, agb)
    return await _act(wereld, "afrekening", heen if cents > 0 else heen[::-1], abs(cents), "ijw", "ambulant")


async def advance(wereld: Wereld, cents: int, agb: str = AGB, gemeente: str = "0664") -> int:
    """An advance that was paid; its number."""
    return await _act(wereld, "voorschot", (Rekening("voorschot", gemeente, agb), Rekening("bank", gemeente)), cents, "", "")


async def _act(wereld: Wereld, soort: str, sides: tuple[Rekening, ...], cents: int, domein: str, zorgvorm: str) -> int:
    async with transaction(wereld.pool) as connection:
        nr = await open_handeling(connection, soort=soort, door="test", op=wereld.nu, reden="test")
        boeking = Boeking(
            bericht_nr=nr,
            regel=1,
            soort=soort,
            volgnr=0,
            debet=sides[0],
            credit=sides[1],
            bedrag_cent=cents,
            domein=domein,
            zorgvorm=zorgvorm,
            zorgmaand=MEI,
            dienst_van=None,
            dienst_tot=None,
            boekdatum=wereld.vandaag,
        )
        await book(connection, Boekstuk.van([boeking]))
    return nr


async def saldi_van(wereld: Wereld, gemeente: str = "0664") -> dict[tuple[str, str], int]:
    """Balances of what payments touch, per soort and aanbieder; zeros are left out."""
    rows = await wereld.pool.fetch(
        """
        select soort, agb, sum(bedrag_cent)::bigint as cent
          from rekening join (select rekening_nr, bedrag_cent from saldo union all select rekening_nr, bedrag_cent from saldo_delta) s
         using (rekening_nr) where gemeente = $1 and soort in ('crediteur', 'voorschot', 'onderweg', 'bank')
         group by 1, 2 having sum(bedrag_cent) <> 0
        """,
        gemeente,
    )
    return {(row["soort"], row["agb"]): row["cent"] for row in rows}


def euros(cents: int) -> str:
    """An amount as a bank writes it."""
    return f"{cents // 100}.{cents % 100:02d}"


def part(end_to_end: str, cents: int, *, versie: str = "08", retour: str = "", richting: str = "") -> str:
    """A part of an entry; version .02 has its amount deeper."""
    amount = f'<Amt Ccy="EUR">{euros(cents)}</Amt>'
    back = f"<RtrInf><Rsn><Cd>{retour}</Cd></Rsn></RtrInf>" if retour else ""
    way = f"<CdtDbtInd>{richting}</CdtDbtInd>" if richting else ""
    refs = f"<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>" if end_to_end else ""
    inner = f"{refs}{amount}{way}" if versie == "08" else f"{refs}<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    return f"<TxDtls>{inner}{back}</TxDtls>"


def entry(
    cents: int,
    *parts: str,
    debet: bool = True,
    batch: str = "",
    ref: str = "",
    versie: str = "08",
    status: str = "BOOK",
    dag: str = "2026-06-04",
) -> str:
    """An entry with its parts."""
    state = f"<Sts><Cd>{status}</Cd></Sts>" if versie == "08" else f"<Sts>{status}</Sts>"
    group = f"<Btch><PmtInfId>{batch}</PmtInfId></Btch>" if batch else ""
    details = f"<NtryDtls>{group}{''.join(parts)}</NtryDtls>" if group or parts else ""
    own = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    way = "DBIT" if debet else "CRDT"
    return (
        f'<Ntry><Amt Ccy="EUR">{euros(cents)}</Amt><CdtDbtInd>{way}</CdtDbtInd>{state}<BookgDt><Dt>{dag}</Dt></BookgDt>{own}'
        f"<BkTxCd><Prtry><Cd>x</Cd></Prtry></BkTxCd>{details}</Ntry>"
    )


def statement(
    *entries: str,
    begin: int = 10_000_000,
    eind: int | None = None,
    iban: str = GOES,
    nr: int = 1,
    versie: str = "08",
    munt: str = "EUR",
    **more: Any,
) -> bytes:
    """A file with one statement whose closing balance follows from its entries unless `eind` says otherwise."""
    closing = begin + sum(_booked(each) for each in entries) if eind is None else eind
    return document([_stmt(entries, begin, closing, iban, nr, munt, more.get("kenmerk", f"ST{nr}"))], versie)


def document(statements: Sequence[str], versie: str = "08") -> bytes:
    """A file of statements."""
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{versie}"
    head = "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-06-05T06:00:00</CreDtTm></GrpHdr>"
    body = f"<BkToCstmrStmt>{head}{''.join(statements)}</BkToCstmrStmt>"
    text = f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{namespace}">{body}</Document>'
    return text.encode()


def _stmt(entries: Iterable[str], begin: int, closing: int, iban: str, nr: int, munt: str, kenmerk: str) -> str:
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{munt}">{euros(abs(cents))}</Amt>'
        f"<CdtDbtInd>{'DBIT' if cents < 0 else 'CRDT'}</CdtDbtInd><Dt><Dt>2026-06-0{nr + 3}</Dt></Dt></Bal>"
        for code, cents in (("OPBD", begin), ("CLBD", closing))
    )
    account = f"<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
    return f"<Stmt><Id>{kenmerk}</Id><ElctrncSeqNb>{nr}</ElctrncSeqNb>{account}{balances}{''.join(entries)}</Stmt>"


def _booked(text: str) -> int:
    """What an entry made by `entry` does to the balance."""
    if "BOOK" not in text:
        return 0
    whole, _, cents = text.partition('"EUR">')[2].partition("<")[0].partition(".")
    return (-1 if "<CdtDbtInd>DBIT</CdtDbtInd><Sts>" in text else 1) * (int(whole) * 100 + int(cents))
