"""Judging a 305 or 307 against the register: deletions first, then what is new, each seeing what went before (IV008). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.bericht import Client
from app.domain.bevinding import Bevinding
from app.domain.levering import VERWIJDEREN, StartProduct, StopProduct
from app.domain.oordeel import Oordeel, Verdict
from app.domain.snapshot import Kijk, Levering
from app.judging.kijken import kijk_op_client, kijk_op_levering
from app.judging.verdict import reject_classes
from app.standard.rules import evaluate, rules_for
from app.standard.rules.levering import is_same_levering, start_sleutel


def judge_leveringen(kijk: Kijk, client: Client, bericht_nr: int) -> Oordeel:
    """The oordeel on a 305 or 307 that passed controleniveau 2 and the header rules.

    Raises:
        Parkeren: A rule could not be judged.
    """
    view = kijk_op_client(kijk, client.bsn)
    current = list(_known(view))
    added: dict[int, Levering] = {}
    ended: list[tuple[int, int]] = []
    found: dict[str, list[Bevinding]] = {}
    for volgnr, pad, levering in sorted(_parts(client), key=lambda part: part[2].status_aanlevering != VERWIJDEREN):
        bevindingen = _evaluate(kijk_op_levering(view, levering, current), levering, pad)
        if bevindingen:
            found[pad] = bevindingen
        elif levering.status_aanlevering == VERWIJDEREN:
            gone = next(each for each in current if is_same_levering(each, levering))
            current.remove(gone)
            ended.append((gone.bericht_nr, gone.volgnr))
        elif view.client_id is not None:
            added[volgnr] = as_levering(levering, view.client_id, bericht_nr, volgnr)
            current.append(added[volgnr])
    if found:
        return reject_classes(kijk.bericht, found)
    leveringen = tuple(added[volgnr] for volgnr in sorted(added))
    return Oordeel(bericht=kijk.bericht, verdict=Verdict.VERWERKT, leveringen=leveringen, vervallen_leveringen=tuple(ended))


def _known(kijk: Kijk) -> tuple[Levering, ...]:
    """The starts and stops of the client that count before this bericht."""
    return () if kijk.client_id is None else kijk.snapshot.leveringen.get((kijk.gemeente, kijk.client_id), ())


def _parts(client: Client) -> Iterator[tuple[int, str, StartProduct | StopProduct]]:
    """Every start or stop with its place in the bericht, from 1, and its path."""
    for index, start in enumerate(client.start_producten, 1):
        yield index, f"/Bericht/Client/StartProducten/StartProduct[{index}]", start
    for index, stop in enumerate(client.stop_producten, 1):
        yield index, f"/Bericht/Client/StopProducten/StopProduct[{index}]", stop


def _evaluate(kijk: Kijk, levering: StartProduct | StopProduct, pad: str) -> list[Bevinding]:
    """The findings of controleniveau 3 and 4 on one start or stop."""
    bericht = kijk.bericht
    regels = rules_for(bericht.domein, bericht.soort, type(levering), inhoud=False, variant=levering.status_aanlevering)
    return evaluate(regels, levering, kijk, pad)


def as_levering(levering: StartProduct | StopProduct, client_id: int, bericht_nr: int, volgnr: int) -> Levering:
    """A start or stop as the register keeps it."""
    nummer, categorie, code, begindatum = start_sleutel(levering)
    return Levering(
        bericht_nr=bericht_nr,
        volgnr=volgnr,
        client_id=client_id,
        toewijzing_nummer=nummer,
        categorie=categorie,
        code=code,
        begindatum=begindatum,
        reden_beeindiging=levering.reden_beeindiging if isinstance(levering, StopProduct) else None,
        einddatum=levering.einddatum if isinstance(levering, StopProduct) else None,
    )
