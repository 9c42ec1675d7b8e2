"""The explanation of a settlement as a PDF: the same lines as the page, to be filed with the council's papers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.adapters.pdf import Alinea, Deel, Kolom, Kop, Tabel, maak_pdf
from app.reports import UitlegPagina
from app.solidarity.uitleg import PotUitleg, Uitleg, UitlegRegel
from app.web.woorden import RUN_STATUSSEN, datum, euro_of_streep, tijdstip

BEDRAG = Kolom("Bedrag", rechts=True, gewicht=1.2)
STAPPEN = (Kolom("Stap", gewicht=4), Kolom("Afspraak", gewicht=1.2), BEDRAG)
POTTEN = (
    Kolom("Pot", gewicht=3),
    Kolom("Eigen kosten", rechts=True, gewicht=1.2),
    Kolom("Bijdrage", rechts=True, gewicht=1.2),
    Kolom("Verevening", rechts=True, gewicht=1.2),
)


def uitleg_pdf(pagina: UitlegPagina) -> bytes:
    """The document of one gemeente in one run."""
    return maak_pdf(
        f"Verevening {pagina.jaar}: {pagina.uitleg.naam}",
        f"{pagina.overeenkomst} · berekening {pagina.run_nr}, {RUN_STATUSSEN[pagina.status].lower()}",
        list(_delen(pagina.uitleg)),
        voet=f"Berekening {pagina.run_nr}, gemaakt op {tijdstip(pagina.gemaakt_op)} door {pagina.gemaakt_door}",
        gemaakt_op=pagina.gemaakt_op,
    )


def _delen(uitleg: Uitleg) -> Iterator[Deel]:
    yield Alinea(
        f"De zorg voor de inwoners van {uitleg.naam} kostte in de zorgvormen van deze berekening {_euro(uitleg.eigen_kosten_cent)}. "
        f"Volgens de afspraken draagt de gemeente {_euro(uitleg.bijdrage_cent)}; zij {te_betalen(uitleg.verevening_cent)}."
    )
    yield Kop("Alle potten")
    yield Tabel(
        POTTEN,
        [(f"{pot.regeling}: {', '.join(pot.zorgvormen)}", *_euros(pot)) for pot in uitleg.potten],
        totaal=("Samen", *map(_euro, (uitleg.eigen_kosten_cent, uitleg.bijdrage_cent, uitleg.verevening_cent))),
    )
    yield Kop("Wat er nog te betalen is")
    yield Tabel(
        (Kolom("Stap", gewicht=5), BEDRAG),
        [
            ("Bijdrage", _euro(uitleg.bijdrage_cent)),
            *((regel.tekst, _euro(regel.bedrag_cent)) for regel in (*uitleg.bij_vertrek, *uitleg.betalingen)),
        ],
        totaal=("Nog te betalen" if uitleg.saldo_cent >= 0 else "Nog te ontvangen", _euro(abs(uitleg.saldo_cent))),
    )
    if uitleg.termijnen:
        yield Tabel((Kolom("Termijn", gewicht=5), BEDRAG), [(regel.tekst, _euro(regel.bedrag_cent)) for regel in uitleg.termijnen])
    for pot in uitleg.potten:
        yield from _pot(pot, uitleg.naam)


def _pot(pot: PotUitleg, naam: str) -> Iterator[Deel]:
    yield Kop(f"{pot.regeling}: {', '.join(pot.zorgvormen)}")
    yield Alinea(f"Van {datum(pot.van)} tot en met {datum(pot.tot_en_met)}, met {pot.leden} gemeente{'' if pot.leden == 1 else 'n'}.")
    yield Tabel(
        STAPPEN,
        [
            ("Eigen kosten", "", _euro(pot.eigen_kosten_cent)),
            *_regels(pot.gedeeld),
            ("Blijft voor eigen rekening", "", _euro(pot.blijft_cent)),
            *_regels(pot.toegedeeld),
        ],
        totaal=("Bijdrage", "", _euro(pot.bijdrage_cent)),
    )
    yield Alinea(f"Bijdrage min eigen kosten: {_euro(pot.verevening_cent)}; de gemeente {te_betalen(pot.verevening_cent)}.")
    for sleutel in pot.sleutels:
        lines = [f"{term.tekst}{f' Bron: {term.bron}.' if term.bron else ''}" for term in sleutel.termen]
        lines += [f"Samen is het aandeel van {naam} {sleutel.tekst}."] if len(lines) > 1 else []
        yield Alinea(f"Hoe {sleutel.naam} is gemaakt. {' '.join(lines)}")


def te_betalen(cent: int) -> str:
    """What the gemeente does with a settlement, as the end of a sentence."""
    if not cent:
        return "betaalt en ontvangt niets"
    return f"betaalt {_euro(cent)}" if cent > 0 else f"ontvangt {_euro(-cent)}"


def _regels(regels: Sequence[UitlegRegel]) -> list[tuple[str, ...]]:
    return [(regel.tekst, regel.artikel or "", _euro(regel.bedrag_cent)) for regel in regels]


def _euros(pot: PotUitleg) -> tuple[str, ...]:
    return tuple(map(_euro, (pot.eigen_kosten_cent, pot.bijdrage_cent, pot.verevening_cent)))


def _euro(cent: int) -> str:
    return euro_of_streep(cent)
