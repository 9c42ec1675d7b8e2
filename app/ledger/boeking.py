"""What moves money, and what of it follows from a judged declaratie. Pure.

A boeking moves one positive amount from one rekening to another, so it balances by construction. Its key (bericht_nr, regel, soort, volgnr)
follows from its source, so the same source cannot be booked twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from app.domain.oordeel import GeoordeeldePrestatie, Oordeel
from app.domain.periode import maand_van

REGELSET = "3.2/1"
"""Version of our rules that judged what is booked; raised when a rule changes its meaning."""
PRESTATIE_REGELS_MAX = 1 << 20

KOSTEN = "kosten"
CREDITEUR = "crediteur"
VERPLICHTING = "verplichting"
SOORT_PRESTATIE = "prestatie"
SOORT_CREDIT = "prestatie_credit"
EERSTE: Mapping[int, int] = {}
"""Of lines that are judged for the first time: no volgnr but 0."""


class Rekening(NamedTuple):
    """An account: its soort and whose it is. `crediteur` has both gemeente and agb, `kosten` a gemeente, `kas` of the region neither."""

    soort: str
    gemeente: str = ""
    agb: str = ""


class Boeking(NamedTuple):
    """One transfer. `zorgmaand` and `boekdatum` are days; the month of care is named by its first day. Amounts in cents.

    A tuple in the order of the columns of `boeking`, because a declaratie of 25 MB makes tens of thousands of them.
    """

    bericht_nr: int
    regel: int
    soort: str
    volgnr: int
    debet: Rekening
    credit: Rekening
    bedrag_cent: int
    domein: str
    zorgvorm: str
    zorgmaand: date
    dienst_van: date | None
    dienst_tot: date | None
    boekdatum: date
    client_id: int | None = None
    prestatie_nr: int | None = None
    tarief_id: int | None = None
    regelset: str = REGELSET
    storno_van: str | None = None

    @property
    def sleutel(self) -> str:
        """The key as text, for `storno_van`."""
        return sleutel_van(self.bericht_nr, self.regel, self.soort, self.volgnr)


def sleutel_van(bericht_nr: int, regel: int, soort: str, volgnr: int) -> str:
    """The key of a transfer as text."""
    return f"{bericht_nr}:{regel}:{soort}:{volgnr}"


def prestatie_nr(bericht_nr: int, regel: int) -> int:
    """The number of a prestatie, made of its source; a bericht has far fewer lines than fit (25 MB hold 45 000)."""
    return bericht_nr * PRESTATIE_REGELS_MAX + regel


def boekingen_van(
    oordeel: Oordeel, *, bericht_nr: int, agb: str, boekdatum: date, volgnrs: Mapping[int, int] = EERSTE
) -> Iterator[Boeking]:
    """The transfers of the granted lines of a 323.

    A granted debit moves its amount from crediteur(aanbieder, gemeente) to kosten(gemeente): debet kosten, credit crediteur. A granted credit is
    the reverse and names the booking it undoes; it keeps zorgvorm and gemeente of then. Lines of zero cents move nothing.
    Source: DESIGN section 6; the zorgmaand is the month of the first day of the ProductPeriode.
    Args:
        volgnrs: Per line the volgnr of its transfer, for lines that were judged before; 0 where it says nothing.
    """
    declaratie = oordeel.bericht.declaratie
    if declaratie is None:
        return
    domein = oordeel.bericht.domein
    rekeningen: dict[str, tuple[Rekening, Rekening]] = {}
    for line in oordeel.prestaties:
        prestatie = declaratie.clienten[line.client_index].prestaties[line.prestatie_index]
        bedrag = prestatie.ingediend_bedrag.bedrag
        if not line.toegekend or bedrag == 0:
            continue
        periode = prestatie.product_periode
        drager = line.gemeente_drager
        if drager not in rekeningen:
            rekeningen[drager] = Rekening(KOSTEN, drager), Rekening(CREDITEUR, drager, agb)
        kosten, crediteur = rekeningen[drager]
        credit = prestatie.is_credit
        yield Boeking(
            bericht_nr=bericht_nr,
            regel=line.regel,
            soort=SOORT_CREDIT if credit else SOORT_PRESTATIE,
            volgnr=volgnrs.get(line.regel, 0),
            debet=crediteur if credit else kosten,
            credit=kosten if credit else crediteur,
            bedrag_cent=bedrag,
            domein=domein,
            zorgvorm=line.zorgvorm,
            zorgmaand=maand_van(periode.begindatum),
            dienst_van=periode.begindatum,
            dienst_tot=periode.einddatum,
            boekdatum=boekdatum,
            client_id=line.client_id,
            prestatie_nr=prestatie_nr(bericht_nr, line.regel),
            tarief_id=line.tarief_id,
            storno_van=_storno_of_debit(line) if credit else None,
        )


def _storno_of_debit(line: GeoordeeldePrestatie) -> str:
    """The key of the transfer that a granted credit undoes."""
    assert line.debet_bericht_nr is not None
    assert line.debet_regel is not None
    return sleutel_van(line.debet_bericht_nr, line.debet_regel, SOORT_PRESTATIE, line.debet_volgnr)


def storneer(boeking: Boeking, *, volgnr: int, boekdatum: date) -> Boeking:
    """The transfer that undoes an earlier one of the same source: the reverse, dated `boekdatum`, in the same zorgmaand.

    Both have the same soort, so the sum of a source counts what has been undone with a minus: `storno_van` names its own source.
    """
    return boeking._replace(
        volgnr=volgnr, debet=boeking.credit, credit=boeking.debet, boekdatum=boekdatum, storno_van=boeking.sleutel, regelset=REGELSET
    )


SaldoSleutel = tuple[Rekening, str, str, date, date]
"""rekening, domein, zorgvorm, zorgmaand, boekmaand."""
SaldoClientSleutel = tuple[int, str, str, int]
"""client_id, gemeente, zorgvorm, zorgjaar."""
SaldoVerplichtingSleutel = tuple[str, str, str, date]
"""domein, gemeente that bears the care, zorgvorm, zorgmaand; of one aanbieder."""


def saldo_deltas(boekingen: Iterable[Boeking]) -> dict[SaldoSleutel, int]:
    """What the transfers do to the balances, debit positive, summed per key."""
    moved: dict[tuple[Rekening, Rekening, str, str, date, date], int] = {}
    for b in boekingen:
        between = (b.debet, b.credit, b.domein, b.zorgvorm, b.zorgmaand, b.boekdatum)
        moved[between] = moved.get(between, 0) + b.bedrag_cent
    deltas: dict[SaldoSleutel, int] = {}
    for (debet, credit, domein, zorgvorm, zorgmaand, boekdatum), cents in moved.items():
        rest = (domein, zorgvorm, zorgmaand, maand_van(boekdatum))
        deltas[debet, *rest] = deltas.get((debet, *rest), 0) + cents
        deltas[credit, *rest] = deltas.get((credit, *rest), 0) - cents
    return deltas


def saldo_client_deltas(boekingen: Iterable[Boeking]) -> dict[SaldoClientSleutel, int]:
    """Cost per client, gemeente, zorgvorm and year of care, summed per key."""
    deltas: dict[SaldoClientSleutel, int] = {}
    for b in boekingen:
        if b.client_id is None:
            continue
        for rekening, sign in ((b.debet, 1), (b.credit, -1)):
            if rekening.soort == KOSTEN:
                key = (b.client_id, rekening.gemeente, b.zorgvorm, b.zorgmaand.year)
                deltas[key] = deltas.get(key, 0) + sign * b.bedrag_cent
    return deltas


def saldo_verplichting_deltas(saldi: Mapping[SaldoSleutel, int]) -> dict[SaldoVerplichtingSleutel, int]:
    """What balances say about commitments, whatever the month of booking; places where nothing is left of it are left out."""
    deltas: dict[SaldoVerplichtingSleutel, int] = {}
    for (rekening, domein, zorgvorm, zorgmaand, _), cents in saldi.items():
        if rekening.soort == VERPLICHTING:
            key = (domein, rekening.gemeente, zorgvorm, zorgmaand)
            deltas[key] = deltas.get(key, 0) + cents
    return {key: cents for key, cents in deltas.items() if cents}
