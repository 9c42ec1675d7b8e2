"""Whether what belongs to a contract agrees with it: options, subcontractors, funding and ceilings. Pure; `checking` asks it of every row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from app.domain.periode import overlappen
from app.parties.bekend import Bekend, Regel, is_reversed, overlap, unknown_aanbieder, unknown_contract, unknown_zorgvorm
from app.parties.folder import RegioFout
from app.parties.region import Contractoptie, Financiering, Onderaannemer


def check_optie(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """The contract is known, has a last day, and the option goes on after it."""
    optie: Contractoptie = regel.rij
    yield from unknown_contract(regel, bekend)
    contract = bekend.contracten.get(optie.contract)
    if contract is None:
        return
    if contract.geldig_tot is None:
        yield regel.fout(
            "contract", "Dit contract heeft een open einde en kan niet langer worden; haal de optie weg of geef het een geldig_tot."
        )
    elif optie.tot <= contract.geldig_tot:
        zin = f"Een optie eindigt na de laatste dag van het contract ({contract.geldig_tot}); verbeter de datum of haal de optie weg."
        yield regel.fout("tot", zin)


def check_opties(regels: Iterable[Regel], bekend: Bekend) -> Iterator[RegioFout]:
    """Options of a contract follow each other: one is exercised only after those before it."""
    per_contract: defaultdict[str, list[Regel]] = defaultdict(list)
    for regel in regels:
        if regel.rij.contract in bekend.contracten:
            per_contract[regel.rij.contract].append(regel)
    for lines in per_contract.values():
        lines.sort(key=lambda regel: regel.rij.tot)
        skipped: Regel | None = None
        for regel in lines:
            if regel.rij.uitgeoefend_op is None:
                skipped = skipped or regel
            elif skipped is not None:
                zin = f"De optie van rij {skipped.nummer} gaat hieraan vooraf en is niet uitgeoefend; vul daar de datum in of maak deze cel leeg."
                yield regel.fout("uitgeoefend_op", zin)


def check_kringen(regels: Iterable[Regel]) -> Iterator[RegioFout]:
    """No aanbieder is, by its contractpartner and theirs, its own contractpartner; each ring is reported once, at its first row."""
    per_agb = {regel.rij.agb: regel for regel in regels if regel.rij.contractpartner_agb not in (None, regel.rij.agb)}
    seen: set[str] = set()
    for agb in per_agb:
        path: list[str] = []
        while agb in per_agb and agb not in seen:
            seen.add(agb)
            path.append(agb)
            agb = per_agb[agb].rij.contractpartner_agb
        if agb in path:
            ring = path[path.index(agb) :]
            first = min((per_agb[each] for each in ring), key=lambda regel: regel.nummer)
            zin = f"Deze aanbieders zijn in een kring elkaars contractpartner: {', '.join(ring)}; laat bij één ervan de cel leeg."
            yield first.fout("contractpartner_agb", zin)


def check_onderaannemer(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """Both aanbieders are known and differ, and the contract is one of the main contractor that runs in the period."""
    rij: Onderaannemer = regel.rij
    yield from unknown_aanbieder(regel, "hoofdaannemer_agb", bekend)
    if rij.onderaannemer_agb == rij.hoofdaannemer_agb:
        yield regel.fout("onderaannemer_agb", "Een aanbieder is niet zijn eigen onderaannemer; noem een ander of haal de rij weg.")
    else:
        yield from unknown_aanbieder(regel, "onderaannemer_agb", bekend)
    if rij.declareert == "partner" and bekend.contractpartners.get(rij.onderaannemer_agb) == rij.hoofdaannemer_agb:
        zin = (
            "In aanbieders.csv is dit de contractpartner van deze onderaannemer, die dan zelf declareert; maak die cel leeg of kies eigen."
        )
        yield regel.fout("declareert", zin)
    if not rij.contract:
        return
    yield from unknown_contract(regel, bekend)
    contract = bekend.contracten.get(rij.contract)
    if contract is None:
        return
    if contract.agb != rij.hoofdaannemer_agb:
        yield regel.fout(
            "contract", f"Dit contract is van {contract.agb}, niet van deze hoofdaannemer; verbeter het nummer of de AGB-code."
        )
    einde = bekend.einden[rij.contract]
    apart = not overlappen(rij.geldig_van, rij.geldig_tot, contract.geldig_van, einde)
    if apart and not is_reversed(rij) and not is_reversed(contract):
        tot = einde or "open einde"
        zin = f"Deze periode ligt buiten die van het contract ({contract.geldig_van} tot en met {tot}); verbeter de datums."
        yield regel.fout("geldig_van", zin)


def check_onderaannemers(regels: Iterable[Regel], bekend: Bekend) -> Iterator[RegioFout]:
    """A row for one contract does not say otherwise than the row for all contracts of the same two aanbieders on the same day."""
    per_paar: defaultdict[tuple[str, str], list[Regel]] = defaultdict(list)
    for regel in regels:
        if not is_reversed(regel.rij) and regel.rij.onderaannemer_agb in bekend.aanbieders:
            per_paar[regel.rij.hoofdaannemer_agb, regel.rij.onderaannemer_agb].append(regel)
    for lines in per_paar.values():
        of_all = [regel for regel in lines if not regel.rij.contract]
        for regel in lines:
            for other in of_all if regel.rij.contract else ():
                if other.rij.declareert != regel.rij.declareert and overlap(other.rij, regel.rij):
                    zin = (
                        f"Rij {other.nummer} zegt voor alle contracten in deze periode iets anders; verbeter één van beide of de periodes."
                    )
                    yield regel.fout("declareert", zin)


def check_jaarrij(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """The contract is known and runs in that year, and it delivers the zorgvorm, if one is named."""
    rij = regel.rij
    yield from unknown_contract(regel, bekend)
    yield from unknown_zorgvorm(regel, bekend)
    contract = bekend.contracten.get(rij.contract)
    if contract is None:
        return
    einde = bekend.einden[rij.contract]
    if not is_reversed(contract) and not overlappen(date(rij.jaar, 1, 1), date(rij.jaar, 12, 31), contract.geldig_van, einde):
        tot = einde or "open einde"
        yield regel.fout("jaar", f"Het contract loopt niet in dit jaar ({contract.geldig_van} tot en met {tot}); verbeter het jaar.")
    geleverd = bekend.geleverd.get(rij.contract)
    # A contract without any line may be paid as a whole; what it delivers is then not said.
    if rij.zorgvorm in bekend.zorgvormen and geleverd and rij.zorgvorm not in geleverd:
        zin = f"Dit contract heeft geen tarief voor een product van deze zorgvorm; kies uit {', '.join(sorted(geleverd))} of leeg."
        yield regel.fout("zorgvorm", zin)


def check_financiering(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """As every row of a contract and year; and the amounts fit the form."""
    yield from check_jaarrij(regel, bekend)
    rij: Financiering = regel.rij
    if rij.vorm == "pxq" and (rij.gegarandeerd_cent or rij.variabel_cent):
        kolom = "gegarandeerd_cent" if rij.gegarandeerd_cent else "variabel_cent"
        yield regel.fout(kolom, "Bij pxq wordt betaald wat geleverd is; laat deze cel leeg of kies budget.")
    elif rij.vorm != "pxq" and not rij.gegarandeerd_cent and not (rij.vorm == "budget" and rij.variabel_cent):
        yield regel.fout("gegarandeerd_cent", f"Bij {rij.vorm} hoort een bedrag; vul de centen over het hele jaar in.")
