"""Judging a 323 against register and contracts, line by line: credits first, then debits (OP366), each seeing what was granted before
it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from app.domain.bevinding import Bevinding
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie
from app.domain.oordeel import GeoordeeldePrestatie, Oordeel
from app.domain.snapshot import DebetSleutel, EerderePrestatie, Kijk, Tariefregel
from app.judging.kijken import kijk_op_client, visible_toewijzing
from app.judging.verdict import DECLARATIE_PAD, codes_of, reject_classes, verdict_on_lines
from app.standard.rules import evaluate, evaluate_failed, functions_of, holds_all, rules_for
from app.standard.rules.binnen import repeated
from app.standard.rules.prestatie import debet_sleutel
from app.standard.rules.tarief import passende_regel

NIET_BEOORDEELD = ("0233",)
ZORGVORM_ONBEKEND = "onbekend"
NIETS: Mapping[str, int] = {}


def judge_declaratie(kijk: Kijk, declaratie: Declaratie) -> Oordeel:
    """The oordeel on a 323 that passed controleniveau 2 and the header rules.

    Raises:
        Parkeren: A rule could not be judged.
    """
    bericht = kijk.bericht
    regels = rules_for(bericht.domein, bericht.soort, Declaratie, inhoud=False)
    if bevindingen := evaluate(regels, declaratie, kijk, DECLARATIE_PAD):
        return reject_classes(bericht, {DECLARATIE_PAD: bevindingen})
    return _Beoordeling(kijk, declaratie).outcome()


class _Contract(NamedTuple):
    """Who bears a product on a day, what zorgvorm it is and which contract lines there are; the same for many lines of a declaratie."""

    gemeente_drager: str
    zorgvorm: str
    tarieven: tuple[Tariefregel, ...]


class _Lopend:
    """What is granted on each toewijzing so far: the Snapshot, and the lines of this bericht that were judged before. Lives in one call.

    Only toewijzingen with more than one line in the bericht need keeping up. Of the debits only those before the bericht count: within
    it a second one for the same period has been refused already (TR416).
    """

    def __init__(self, kijk: Kijk, declaratie: Declaratie) -> None:
        self._gemeente = kijk.gemeente
        self._snapshot = kijk.snapshot
        self._shared = repeated(prestatie.toewijzing_nummer for client in declaratie.clienten for prestatie in client.prestaties)
        self._changed: dict[int, tuple[dict[str, int], int]] = {}
        self._open_debets: set[DebetSleutel] = set(kijk.snapshot.open_debets.get(kijk.gemeente, ()))

    def of(self, nummer: int) -> tuple[Mapping[str, int], int]:
        """Granted volume per eenheid and granted cents on this toewijzing."""
        found = self._changed.get(nummer)
        if found is not None:
            return found
        key = (self._gemeente, nummer)
        return self._snapshot.verbruik.get(key, NIETS), self._snapshot.besteed.get(key, 0)

    def is_second(self, prestatie: Prestatie) -> bool:
        """Whether a debit with the same key stands, credits of this bericht taken into account (TR389)."""
        return bool(self._open_debets) and debet_sleutel(prestatie) in self._open_debets

    def grant(self, prestatie: Prestatie) -> None:
        """Count a line that is granted: a debit adds, a credit takes away."""
        is_credit, nummer = prestatie.is_credit, prestatie.toewijzing_nummer
        if is_credit:
            self._open_debets.discard(debet_sleutel(prestatie))
        if nummer in self._shared:
            sign, eenheid = -1 if is_credit else 1, prestatie.eenheid
            verbruik, besteed = self.of(nummer)
            total = verbruik.get(eenheid, 0) + sign * prestatie.geleverd_volume
            self._changed[nummer] = ({**verbruik, eenheid: total}, besteed + sign * prestatie.ingediend_bedrag.bedrag)


class _Beoordeling:
    """One declaratie being judged: collects lines and findings, and keeps what was granted so far."""

    def __init__(self, kijk: Kijk, declaratie: Declaratie) -> None:
        self._kijk = kijk
        self._declaratie = declaratie
        self._lopend = _Lopend(kijk, declaratie)
        self._contracten: dict[tuple[str, str, date], _Contract] = {}
        self._lines: list[GeoordeeldePrestatie] = []
        self._bevindingen: list[Bevinding] = []
        self._retourcodes: dict[str, tuple[str, ...]] = {}
        self._niet_beoordeeld: set[str] = set()
        self._toegekend_cent = 0

    def outcome(self) -> Oordeel:
        """Judge every client and line; lines come back in order of the XML."""
        views = [kijk_op_client(self._kijk, client.bsn) for client in self._declaratie.clienten]
        refused = {index for index, client in enumerate(self._declaratie.clienten) if not self._passes(client, views[index], index)}
        self._judge_lines(views, refused, credits=True)
        self._judge_lines(views, refused, credits=False)
        self._lines.sort(key=lambda line: line.regel)
        verdict, niveau = verdict_on_lines(self._lines)
        return Oordeel(
            bericht=self._kijk.bericht,
            verdict=verdict,
            niveau=niveau,
            bevindingen=tuple(self._bevindingen),
            retourcodes=self._retourcodes,
            niet_beoordeeld=frozenset(self._niet_beoordeeld),
            prestaties=tuple(self._lines),
            ingediend_cent=self._declaratie.totaal_ingediend_bedrag.cent,
            toegekend_cent=self._toegekend_cent,
        )

    def _passes(self, client: DeclaratieClient, kijk: Kijk, client_index: int) -> bool:
        """Whether the Client itself holds; if not, none of its lines is judged."""
        bericht, pad = kijk.bericht, client_pad(client_index)
        found = evaluate(rules_for(bericht.domein, bericht.soort, DeclaratieClient, inhoud=False), client, kijk, pad)
        if not found:
            return True
        self._bevindingen += found
        self._retourcodes[pad] = codes_of(found)
        self._niet_beoordeeld.update(prestatie_pad(client_index, index) for index in range(len(client.prestaties)))
        return False

    def _judge_lines(self, views: list[Kijk], refused: set[int], *, credits: bool) -> None:
        """Judge the credits or the debits of every client; those of a refused client are refused unjudged."""
        bericht = self._kijk.bericht
        regels = rules_for(bericht.domein, bericht.soort, Prestatie, inhoud=False, variant="C" if credits else "D")
        functies = functions_of(regels)
        look, grant = (self._look_at_credit, self._grant_credit) if credits else (self._look_at_debit, self._grant_debit)
        lines = self._lines
        for regel, client_index, index, prestatie in _numbered(self._declaratie):
            if prestatie.is_credit is not credits:
                continue
            view = views[client_index]
            if client_index in refused:
                lines.append(_refused(regel, client_index, index, view, NIET_BEOORDEELD))
                continue
            kijk = look(view, prestatie)
            if holds_all(functies, prestatie, kijk):
                lines.append(grant(regel, client_index, index, prestatie, kijk))
                continue
            pad = prestatie_pad(client_index, index)
            found = evaluate_failed(regels, prestatie, kijk, pad)
            self._bevindingen += found
            self._retourcodes[pad] = codes = codes_of(found)
            lines.append(_refused(regel, client_index, index, view, codes))

    def _look_at_debit(self, view: Kijk, prestatie: Prestatie) -> Kijk:
        """The Kijk of a debit: its toewijzing, what is granted on it, and the contract lines of its product."""
        nummer, lopend = prestatie.toewijzing_nummer, self._lopend
        found = visible_toewijzing(view, nummer)
        is_verwijderd = found is not None and found.is_verwijderd
        verbruik, besteed = lopend.of(nummer)
        return Kijk(
            vandaag=view.vandaag,
            van=view.van,
            gemeente=view.gemeente,
            bericht=view.bericht,
            snapshot=view.snapshot,
            binnen=view.binnen,
            client_id=view.client_id,
            bsn=view.bsn,
            toewijzing=None if is_verwijderd else found,
            is_verwijderd=is_verwijderd,
            verbruik=verbruik,
            besteed=besteed,
            is_tweede_debet=lopend.is_second(prestatie),
            tarieven=self._contract(prestatie).tarieven,
            zonder_contract_afwijzen=view.zonder_contract_afwijzen,
        )

    def _look_at_credit(self, view: Kijk, prestatie: Prestatie) -> Kijk:
        """The Kijk of a credit: its toewijzing, deleted or not, and the debit it names."""
        found = visible_toewijzing(view, prestatie.toewijzing_nummer)
        return Kijk(
            vandaag=view.vandaag,
            van=view.van,
            gemeente=view.gemeente,
            bericht=view.bericht,
            snapshot=view.snapshot,
            binnen=view.binnen,
            client_id=view.client_id,
            bsn=view.bsn,
            toewijzing=None if found is None or found.is_verwijderd else found,
            is_verwijderd=found is not None and found.is_verwijderd,
            debet=self._debet(prestatie),
        )

    def _grant_debit(self, regel: int, client_index: int, index: int, prestatie: Prestatie, kijk: Kijk) -> GeoordeeldePrestatie:
        """A debit that no rule refuses: granted, or waiting when there is no contract line at all for its product."""
        contract = self._contract(prestatie)
        tariefregel = passende_regel(prestatie, contract.tarieven)
        is_granted = bool(contract.tarieven)
        if is_granted:
            self._lopend.grant(prestatie)
            self._toegekend_cent += prestatie.ingediend_bedrag.bedrag
        return GeoordeeldePrestatie(
            regel=regel,
            client_index=client_index,
            prestatie_index=index,
            client_id=kijk.client_id,
            toegekend=is_granted,
            zorgvorm=contract.zorgvorm if is_granted else "",
            gemeente_drager=contract.gemeente_drager if is_granted else "",
            tarief_id=tariefregel.tarief_id if tariefregel else None,
            wacht_op_contract=not is_granted,
        )

    def _grant_credit(self, regel: int, client_index: int, index: int, prestatie: Prestatie, kijk: Kijk) -> GeoordeeldePrestatie:
        """A credit that no rule refuses: booked on what its debit was booked on."""
        debet = kijk.debet
        assert debet is not None, "TR323 holds only with the debit"
        self._lopend.grant(prestatie)
        self._toegekend_cent -= prestatie.ingediend_bedrag.bedrag
        return GeoordeeldePrestatie(
            regel=regel,
            client_index=client_index,
            prestatie_index=index,
            client_id=kijk.client_id,
            toegekend=True,
            zorgvorm=debet.zorgvorm,
            gemeente_drager=debet.gemeente_drager,
            tarief_id=debet.tarief_id,
            debet_bericht_nr=debet.bericht_nr,
            debet_regel=debet.regel,
        )

    def _contract(self, prestatie: Prestatie) -> _Contract:
        """Bearing gemeente, zorgvorm and contract lines of the product on the first day of the ProductPeriode (DESIGN section 5)."""
        dag = prestatie.product_periode.begindatum
        key = (prestatie.product_categorie, prestatie.product_code, dag)
        found = self._contracten.get(key)
        if found is None:
            categorie, code, _ = key
            snapshot = self._kijk.snapshot
            drager = snapshot.drager(self._kijk.gemeente, dag)
            zorgvorm = snapshot.zorgvorm(categorie, code, dag) or ZORGVORM_ONBEKEND
            found = self._contracten[key] = _Contract(drager, zorgvorm, snapshot.tarieven.get((drager, categorie, code), ()))
        return found

    def _debet(self, prestatie: Prestatie) -> EerderePrestatie | None:
        """The earlier debit that a credit names."""
        vorig = prestatie.product_referentie.vorig_referentie_nummer
        return None if vorig is None else self._kijk.snapshot.debets.get((self._kijk.gemeente, vorig))


def client_pad(client_index: int) -> str:
    """Path of a Client of the declaratie; `client_index` counts from 0, the path from 1."""
    return f"{DECLARATIE_PAD}/Clienten/Client[{client_index + 1}]"


def prestatie_pad(client_index: int, index: int) -> str:
    """Path of a Prestatie; both indexes count from 0, the path from 1."""
    return f"{client_pad(client_index)}/Prestaties/Prestatie[{index + 1}]"


def _numbered(declaratie: Declaratie) -> Iterator[tuple[int, int, int, Prestatie]]:
    """Every line in order of the XML: its regel from 1, its two indexes from 0, and itself."""
    regel = 0
    for client_index, client in enumerate(declaratie.clienten):
        for index, prestatie in enumerate(client.prestaties):
            regel += 1
            yield regel, client_index, index, prestatie


def _refused(regel: int, client_index: int, index: int, kijk: Kijk, codes: tuple[str, ...]) -> GeoordeeldePrestatie:
    """A line that is not granted."""
    return GeoordeeldePrestatie(
        regel=regel, client_index=client_index, prestatie_index=index, client_id=kijk.client_id, toegekend=False, retour_codes=codes
    )
