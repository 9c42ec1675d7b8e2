"""Judging a 323 against register and contracts, line by line: credits first, then debits (OP366), each seeing what was granted before
it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from app.domain.bevinding import Bevinding
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie
from app.domain.oordeel import GeoordeeldePrestatie, Oordeel
from app.domain.snapshot import DebetSleutel, EerderePrestatie, Kijk
from app.judging.kijken import kijk_op_client, turn_to_client, visible_toewijzing
from app.judging.verdict import DECLARATIE_PAD, codes_of, reject_classes, verdict_on_lines
from app.standard.rules import Regel, Toetsing, evaluate, findings_of, rules_for
from app.standard.rules.binnen import repeated
from app.standard.rules.prestatie import CREDIT, DEBET, debet_sleutel
from app.standard.rules.tarief import Tarieflijst, passende_regel

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
    tarieven: Tarieflijst


class _Lopend:
    """What is granted on each toewijzing so far: the Snapshot, and the lines of this bericht that were judged before. Lives in one call.

    Only toewijzingen with more than one line in the bericht need keeping up. Of the debits only those before the bericht count: within
    it a second one for the same period has been refused already (TR416).
    """

    def __init__(self, kijk: Kijk, declaratie: Declaratie) -> None:
        self._gemeente = kijk.gemeente
        self._verbruik, self._besteed = kijk.snapshot.verbruik, kijk.snapshot.besteed
        self._shared = repeated([prestatie.toewijzing_nummer for client in declaratie.clienten for prestatie in client.prestaties])
        self._changed: dict[int, tuple[Mapping[str, int], int]] = {}
        self._open_debets: set[DebetSleutel] = set(kijk.snapshot.open_debets.get(kijk.gemeente, ()))

    def of(self, nummer: int) -> tuple[Mapping[str, int], int]:
        """Granted volume per eenheid and granted cents on this toewijzing."""
        found = self._changed.get(nummer)
        if found is not None:
            return found
        key = (self._gemeente, nummer)
        return self._verbruik.get(key, NIETS), self._besteed.get(key, 0)

    def is_second(self, prestatie: Prestatie) -> bool:
        """Whether a debit with the same key stands, credits of this bericht taken into account (TR389)."""
        return bool(self._open_debets) and debet_sleutel(prestatie) in self._open_debets

    def grant_debit(self, prestatie: Prestatie) -> None:
        """Count a debit that is granted."""
        if prestatie.toewijzing_nummer in self._shared:
            self._add(prestatie, 1)

    def grant_credit(self, prestatie: Prestatie) -> None:
        """Count a credit that is granted: it takes its debit away."""
        self._open_debets.discard(debet_sleutel(prestatie))
        if prestatie.toewijzing_nummer in self._shared:
            self._add(prestatie, -1)

    def _add(self, prestatie: Prestatie, sign: int) -> None:
        nummer, eenheid = prestatie.toewijzing_nummer, prestatie.eenheid
        verbruik, besteed = self.of(nummer)
        total = verbruik.get(eenheid, 0) + sign * prestatie.geleverd_volume
        self._changed[nummer] = ({**verbruik, eenheid: total}, besteed + sign * prestatie.ingediend_bedrag.bedrag)


_Regel = tuple[int, int, int, Prestatie]
"""A line to judge: its number from 1 in order of the XML, its two indexes from 0, and itself."""


class _Beoordeling:
    """One declaratie being judged: collects lines and findings, and keeps what was granted so far.

    It has one Kijk, which it turns to each Client and line in turn: every field that a rule about that part may look at is set, whatever it
    was for the line before. Making a Kijk for each of 28 000 lines would take as long as five rules.
    """

    def __init__(self, kijk: Kijk, declaratie: Declaratie) -> None:
        self._kijk = kijk_op_client(kijk, "")
        self._declaratie = declaratie
        self._lopend = _Lopend(kijk, declaratie)
        self._clienten: list[tuple[str, int | None]] = []
        self._contracten: dict[tuple[str, str, date], _Contract] = {}
        self._lines: list[GeoordeeldePrestatie] = []
        self._bevindingen: list[Bevinding] = []
        self._retourcodes: dict[str, tuple[str, ...]] = {}
        self._niet_beoordeeld: set[str] = set()
        self._toegekend_cent = 0

    def outcome(self) -> Oordeel:
        """Judge every client and line; lines come back in order of the XML."""
        credits, debits = self._split()
        self._judge_credits(credits)
        self._judge_debits(debits)
        self._lines.sort(key=itemgetter(0))
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

    def _passes(self, toetsing: Toetsing, client: DeclaratieClient, client_index: int) -> bool:
        """Whether the Client itself holds; if not, none of its lines is judged."""
        failed = toetsing.failed(client, self._kijk)
        if not failed:
            return True
        pad = client_pad(client_index)
        found = findings_of(failed, client, self._kijk, pad)
        self._bevindingen += found
        self._retourcodes[pad] = codes_of(found)
        self._niet_beoordeeld.update(prestatie_pad(client_index, index) for index in range(len(client.prestaties)))
        return False

    def _split(self) -> tuple[list[_Regel], list[_Regel]]:
        """Judge every Client, and give the credits and the debits to judge; the lines of a refused client are refused unjudged."""
        kijk = self._kijk
        toetsing = Toetsing(rules_for(kijk.bericht.domein, kijk.bericht.soort, DeclaratieClient, inhoud=False))
        credits: list[_Regel] = []
        debits: list[_Regel] = []
        regel = 0
        for client_index, client in enumerate(self._declaratie.clienten):
            turn_to_client(kijk, client.bsn)
            self._clienten.append((client.bsn, kijk.client_id))
            passes = self._passes(toetsing, client, client_index)
            for index, prestatie in enumerate(client.prestaties):
                regel += 1
                line = (regel, client_index, index, prestatie)
                if not passes:
                    self._lines.append(_refused(line, kijk, NIET_BEOORDEELD))
                elif prestatie.is_credit:
                    credits.append(line)
                else:
                    debits.append(line)
        return credits, debits

    def _judge_credits(self, credits: Iterable[_Regel]) -> None:
        """Judge each credit against the debit it names; one that no rule refuses is booked on what its debit was booked on."""
        kijk = self._kijk
        toetsing = Toetsing(rules_for(kijk.bericht.domein, kijk.bericht.soort, Prestatie, inhoud=False, variant=CREDIT))
        for line in credits:
            regel, client_index, index, prestatie = line
            kijk.bsn, kijk.client_id = self._clienten[client_index]
            self._look_at_credit(prestatie)
            if failed := toetsing.failed(prestatie, kijk):
                self._refuse(line, failed)
                continue
            debet = kijk.debet
            assert debet is not None, "TR323 holds only with the debit"
            self._lopend.grant_credit(prestatie)
            self._toegekend_cent -= prestatie.ingediend_bedrag.bedrag
            self._lines.append(
                GeoordeeldePrestatie(
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
                    debet_volgnr=debet.volgnr,
                )
            )

    def _judge_debits(self, debits: Iterable[_Regel]) -> None:
        """Judge each debit; one that no rule refuses is granted, or waits when there is no contract line at all for its product."""
        kijk = self._kijk
        toetsing = Toetsing(rules_for(kijk.bericht.domein, kijk.bericht.soort, Prestatie, inhoud=False, variant=DEBET))
        for line in debits:
            regel, client_index, index, prestatie = line
            kijk.bsn, kijk.client_id = self._clienten[client_index]
            contract = self._contract(prestatie)
            self._look_at_debit(prestatie, contract)
            if failed := toetsing.failed(prestatie, kijk):
                self._refuse(line, failed)
            elif contract.tarieven:
                self._lopend.grant_debit(prestatie)
                self._toegekend_cent += prestatie.ingediend_bedrag.bedrag
                tariefregel = passende_regel(prestatie, contract.tarieven)
                tarief_id = None if tariefregel is None else tariefregel.tarief_id
                # By position: by name takes twice as long.
                self._lines.append(
                    GeoordeeldePrestatie(
                        regel, client_index, index, kijk.client_id, True, (), contract.zorgvorm, contract.gemeente_drager, tarief_id
                    )
                )
            else:
                self._lines.append(GeoordeeldePrestatie(regel, client_index, index, kijk.client_id, False, wacht_op_contract=True))

    def _refuse(self, line: _Regel, failed: Iterable[Regel]) -> None:
        """A line that is refused, with its findings."""
        _, client_index, index, prestatie = line
        pad = prestatie_pad(client_index, index)
        found = findings_of(failed, prestatie, self._kijk, pad)
        self._bevindingen += found
        self._retourcodes[pad] = codes = codes_of(found)
        self._lines.append(_refused(line, self._kijk, codes))

    def _look_at_debit(self, prestatie: Prestatie, contract: _Contract) -> None:
        """Turn the Kijk to a debit: its toewijzing, what is granted on it, and the contract lines of its product."""
        kijk, nummer, lopend = self._kijk, prestatie.toewijzing_nummer, self._lopend
        _look_at_toewijzing(kijk, nummer)
        kijk.debet = None
        kijk.verbruik, kijk.besteed = lopend.of(nummer)
        kijk.is_tweede_debet = lopend.is_second(prestatie)
        kijk.tarieven = contract.tarieven

    def _look_at_credit(self, prestatie: Prestatie) -> None:
        """Turn the Kijk to a credit: its toewijzing, deleted or not, and the debit it names."""
        kijk = self._kijk
        _look_at_toewijzing(kijk, prestatie.toewijzing_nummer)
        kijk.debet = self._debet(prestatie)

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
            found = self._contracten[key] = _Contract(drager, zorgvorm, Tarieflijst(snapshot.tarieven.get((drager, categorie, code), ())))
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


def _look_at_toewijzing(kijk: Kijk, nummer: int) -> None:
    """Turn the Kijk to a toewijzing; one that is deleted shows only that it is."""
    found = visible_toewijzing(kijk, nummer)
    kijk.is_verwijderd = is_verwijderd = found is not None and found.is_verwijderd
    kijk.toewijzing = None if is_verwijderd else found


def _refused(line: _Regel, kijk: Kijk, codes: tuple[str, ...]) -> GeoordeeldePrestatie:
    """A line that is not granted."""
    regel, client_index, index, _ = line
    return GeoordeeldePrestatie(regel, client_index, index, kijk.client_id, False, codes)
