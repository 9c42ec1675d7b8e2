"""The final settlement of one aanbieder over one zorgjaar: its amounts per gemeente and client, why they differ, and what is booked. Pure.

What was allocated and what was granted are bridged to the cent by the causes that add up (`TELT`); the other causes explain without being part of
that bridge. Whatever is paid is counted in the year whose care it pays: a payment names the berichten it is for, and an advance is used up oldest
year first. Amounts are cents.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.ledger.gebeurtenissen import (
    AFREKENING,
    AFREKENING_TERUG,
    GARANTIE_AANVULLING,
    GARANTIE_TERMIJN,
    LUMPSUM_TERMIJN,
    SUBSIDIE_TERMIJN,
    VOORSCHOT_VERREKEND,
)
from app.ledger.rekeningschema import CREDITEUR, VOORSCHOT
from app.ledger.verplichting import ONBEKEND
from app.settlement.afrekening_waarden import (
    GEEN_CLIENT,
    INHOUD,
    PER_CLIENT,
    PRODUCTIE,
    TELT,
    TERMIJNEN,
    Boekregel,
    Geboekt,
    Invoer,
    Maat,
    Maten,
    Oorzaak,
    Oorzaakregel,
    SluitNiet,
    Toewijzingsregel,
    Uitkomst,
)


def bereken(invoer: Invoer) -> Uitkomst:
    """The afrekening of the year.

    Raises:
        SluitNiet: Register and books differ, or payments do not add up to the balances; then nothing may be settled.
    """
    clienten = _per_client(invoer.toewijzingen)
    gemeenten = _per_gemeente(invoer, clienten)
    oorzaken = [*_oorzaken_van_clienten(invoer), *_oorzaken_van_termijnen(invoer)]
    boekplan = _boekplan(invoer, gemeenten)
    found = Uitkomst(
        gemeenten={code: gemeenten[code] for code in sorted(gemeenten) if any(gemeenten[code].values())},
        clienten={key: clienten[key] for key in sorted(clienten)},
        oorzaken=sorted(oorzaken),
        boekplan=boekplan,
        geboekt=_geboekt_van_jaar(invoer),
        verschillen=tuple(sorted(invoer.verschillen)),
    )
    _check_sluit(invoer, found)
    return found


def _per_client(regels: Iterable[Toewijzingsregel]) -> dict[tuple[str, int], dict[Maat, int]]:
    found: dict[tuple[str, int], dict[Maat, int]] = {}
    for each in regels:
        maten = found.setdefault((each.gemeente, each.client_id), dict.fromkeys(PER_CLIENT, 0))
        maten[Maat.TOEGEWEZEN] += each.toegewezen_cent
        maten[Maat.INGEDIEND] += each.ingediend_cent
        maten[Maat.AFGEWEZEN] += each.afgewezen_cent
        maten[Maat.NIET_OPNIEUW] += each.niet_opnieuw_cent
        maten[Maat.TOEGEKEND] += each.toegekend_cent
        maten[Maat.GECREDITEERD] += each.gecrediteerd_cent
    return found


def _per_gemeente(invoer: Invoer, clienten: Mapping[tuple[str, int], Maten]) -> dict[str, dict[Maat, int]]:
    """Sums of the clients, and the money of the year."""
    found: dict[str, dict[Maat, int]] = defaultdict(lambda: dict.fromkeys(Maat, 0))
    for (gemeente, _), amounts in clienten.items():
        for maat, cents in amounts.items():
            found[gemeente][maat] += cents
    for each in invoer.verschillen:
        found[each.gemeente]
    for gemeente, stand in geldstand(invoer).items():
        if invoer.jaar in stand:
            found[gemeente].update(stand[invoer.jaar])
    return found


def geldstand(invoer: Invoer) -> dict[str, dict[int, dict[Maat, int]]]:
    """Per gemeente and year of care: what was owed, settled, paid, and what is open; the sums over all years are the balances."""
    found: dict[str, dict[int, dict[Maat, int]]] = defaultdict(lambda: defaultdict(lambda: dict.fromkeys(_GELD, 0)))
    for each in invoer.geboekt:
        if not (each.rekening == CREDITEUR and each.betaling):
            _tel(found[each.gemeente][each.jaar], each)
    for (gemeente, jaar), (paid, settled) in _betaald_per_jaar(invoer).items():
        found[gemeente][jaar][Maat.BETAALD] += paid
        found[gemeente][jaar][Maat.VERREKEND] += settled
    for gemeente, years in found.items():
        for maten in years.values():
            maten[Maat.OPEN] = maten[Maat.VERSCHULDIGD] + maten[Maat.TERUGBETAALD] - maten[Maat.VERREKEND] - maten[Maat.BETAALD]
        _gebruik_voorschotten(invoer, gemeente, years)
    return found


_GELD = (
    Maat.TERMIJNEN, Maat.GARANTIE, Maat.AANVULLING, Maat.VERSCHIL, Maat.VERSCHULDIGD, Maat.VERREKEND, Maat.BETAALD, Maat.TERUGBETAALD, Maat.OPEN,
    Maat.VOORSCHOT, Maat.VOORSCHOT_OPEN,
)  # fmt: skip
_KOP = {
    GARANTIE_TERMIJN: Maat.GARANTIE,
    GARANTIE_AANVULLING: Maat.AANVULLING,
    AFREKENING: Maat.VERSCHIL,
    LUMPSUM_TERMIJN: Maat.TERMIJNEN,
    SUBSIDIE_TERMIJN: Maat.TERMIJNEN,
}


def _tel(maten: dict[Maat, int], each: Geboekt) -> None:
    if each.rekening == VOORSCHOT:
        if each.soort not in (VOORSCHOT_VERREKEND, AFREKENING_TERUG):
            maten[Maat.VOORSCHOT] += each.bedrag_cent
    elif each.soort == VOORSCHOT_VERREKEND:
        maten[Maat.VERREKEND] += each.bedrag_cent
    elif each.soort == AFREKENING_TERUG:
        maten[Maat.TERUGBETAALD] -= each.bedrag_cent
    else:
        maten[Maat.VERSCHULDIGD] -= each.bedrag_cent
        if each.soort in _KOP:
            maten[_KOP[each.soort]] -= each.bedrag_cent


def _betaald_per_jaar(invoer: Invoer) -> dict[tuple[str, int], tuple[int, int]]:
    """Per gemeente and year of care what payments paid and what they set off; of a line the oldest care is set off first."""
    resten: dict[tuple[str, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for each in invoer.geboekt:
        if each.rekening == CREDITEUR and not each.betaling:
            resten[each.gemeente, each.bericht_nr][each.jaar] -= each.bedrag_cent
    lines: dict[tuple[str, int, int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for post in sorted(invoer.posten):
        key = post.gemeente, post.run_nr, post.regel, post.verrekend_cent
        for jaar, cents in _over_jaren(post.bedrag_cent, resten[post.gemeente, post.bericht_nr], invoer.jaar).items():
            lines[key][jaar] += cents
    found: dict[tuple[str, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (gemeente, _, _, rest), per_year in lines.items():
        for jaar in sorted(per_year):
            settled = min(rest, max(per_year[jaar], 0))
            rest -= settled
            paid, before = found[gemeente, jaar]
            found[gemeente, jaar] = paid + per_year[jaar] - settled, before + settled
    return found


def _over_jaren(cents: int, resten: dict[int, int], anders: int) -> dict[int, int]:
    """A payment over the years of what it pays, oldest first; what is left of each is kept in `resten`."""
    if cents == sum(resten.values()):
        given = dict(resten)
    else:
        given, left = {}, cents
        for jaar in sorted(resten):
            given[jaar] = min(left, max(resten[jaar], 0)) if cents > 0 else max(left, min(resten[jaar], 0))
            left -= given[jaar]
        last = max(resten, default=anders)
        given[last] = given.get(last, 0) + left
    for jaar, taken in given.items():
        resten[jaar] = resten.get(jaar, 0) - taken
    return given


def _gebruik_voorschotten(invoer: Invoer, gemeente: str, years: dict[int, dict[Maat, int]]) -> None:
    """What is left of the advance of each year: an afrekening uses its own, payments use the oldest first."""
    left = {jaar: maten[Maat.VOORSCHOT] for jaar, maten in years.items()}
    rest = 0
    for each in invoer.geboekt:
        if each.gemeente == gemeente and each.rekening == VOORSCHOT and each.soort in (VOORSCHOT_VERREKEND, AFREKENING_TERUG):
            if each.eigen:
                left[each.jaar] += each.bedrag_cent
            else:
                rest -= each.bedrag_cent
    for jaar in sorted(left):
        used = min(rest, max(left[jaar], 0))
        left[jaar] -= used
        rest -= used
    if rest:
        left[max(left)] -= rest
    for jaar, cents in left.items():
        years[jaar][Maat.VOORSCHOT_OPEN] = cents


def _oorzaken_van_clienten(invoer: Invoer) -> list[Oorzaakregel]:
    """Causes that stand on a toewijzing, added up per client."""
    found: dict[tuple[str, int, Oorzaak, str], tuple[int, int]] = defaultdict(lambda: (0, 0))

    def add(gemeente: str, client_id: int, oorzaak: Oorzaak, cents: int, aantal: int = 1, detail: str = "") -> None:
        if cents:
            before = found[gemeente, client_id, oorzaak, detail]
            found[gemeente, client_id, oorzaak, detail] = before[0] + aantal, before[1] + cents

    for each in invoer.toewijzingen:
        claimed = each.toegekend_cent - each.gecrediteerd_cent + each.niet_opnieuw_cent
        rest = each.toegewezen_cent - claimed
        where = each.gemeente, each.client_id
        add(*where, Oorzaak.ZONDER_DECLARATIE if claimed == 0 and rest > 0 else _richting(rest), rest)
        add(*where, Oorzaak.ZONDER_START, each.zonder_start_cent, each.zonder_start)
        add(*where, Oorzaak.TARIEF, each.tarief_cent, each.gecorrigeerd)
    for row in invoer.afwijzingen:
        add(row.gemeente, row.client_id, Oorzaak.AFGEWEZEN, row.bedrag_cent, row.aantal, row.retourcode)
    for late in invoer.laat:
        add(late.gemeente, late.client_id, Oorzaak.LAAT, late.laat_cent)
    return [Oorzaakregel(*key, *amounts) for key, amounts in found.items()]


def _richting(rest: int) -> Oorzaak:
    return Oorzaak.MINDER_GEDECLAREERD if rest > 0 else Oorzaak.MEER_DAN_TOEGEWEZEN


def _oorzaken_van_termijnen(invoer: Invoer) -> list[Oorzaakregel]:
    """Terms against production per zorgvorm (production less terms), and what of a guarantee was not earned."""
    found: list[Oorzaakregel] = []
    booked = _per_zorgvorm(invoer)
    for (gemeente, domein, zorgvorm), cents in sorted(_som(booked, TERMIJNEN).items()):
        earned = productie(booked, gemeente, domein, zorgvorm, TERMIJNEN)
        if earned != cents:
            found.append(Oorzaakregel(gemeente, GEEN_CLIENT, Oorzaak.TERMIJNEN, f"{domein}/{zorgvorm}", 1, earned - cents))
    found += [
        Oorzaakregel(each.gemeente, GEEN_CLIENT, Oorzaak.GARANTIE, f"{each.domein}/{each.zorgvorm}", 1, each.bedrag_cent)
        for each in _niet_verdiend(booked)
        if each.bedrag_cent
    ]
    return found


Zorgplek = tuple[str, str, str]
"""gemeente, domein, zorgvorm."""


def _per_zorgvorm(invoer: Invoer) -> dict[str, dict[Zorgplek, int]]:
    """What the aanbieder was owed for care of the year, per soort and zorgvorm."""
    found: dict[str, dict[Zorgplek, int]] = defaultdict(lambda: defaultdict(int))
    for each in invoer.geboekt:
        if each.rekening == CREDITEUR and each.jaar == invoer.jaar and not each.betaling:
            found[each.soort][each.gemeente, each.domein, each.zorgvorm] -= each.bedrag_cent
    return found


def _som(booked: Mapping[str, Mapping[Zorgplek, int]], soorten: Iterable[str]) -> dict[Zorgplek, int]:
    found: dict[Zorgplek, int] = defaultdict(int)
    for soort in soorten:
        for plek, cents in booked.get(soort, {}).items():
            found[plek] += cents
    return found


def productie(booked: Mapping[str, Mapping[Zorgplek, int]], gemeente: str, domein: str, zorgvorm: str, soorten: Iterable[str]) -> int:
    """What was granted for a zorgvorm that these soorten pay; `onbekend` is all care that they do not pay by name."""
    named = _som(booked, soorten)
    return sum(
        cents
        for (code, dom, vorm), cents in _som(booked, PRODUCTIE).items()
        if (code, dom) == (gemeente, domein) and (vorm == zorgvorm or (zorgvorm == ONBEKEND and (code, dom, vorm) not in named))
    )


def _niet_verdiend(booked: Mapping[str, Mapping[Zorgplek, int]]) -> list[Boekregel]:
    """Per guarantee what was not earned by granted prestaties, never below zero."""
    return [
        Boekregel(*plek[:1], GARANTIE_AANVULLING, *plek[1:], max(0, cents - max(0, productie(booked, *plek, (GARANTIE_TERMIJN,)))))
        for plek, cents in sorted(_som(booked, (GARANTIE_TERMIJN,)).items())
    ]


def _boekplan(invoer: Invoer, gemeenten: dict[str, dict[Maat, int]]) -> list[Boekregel]:
    """What fixing it books; what then is to pay and to receive is set in `gemeenten`."""
    booked = _per_zorgvorm(invoer)
    before = _som(booked, (GARANTIE_AANVULLING,))
    plan = [
        each._replace(bedrag_cent=each.bedrag_cent - before.get((each.gemeente, each.domein, each.zorgvorm), 0))
        for each in _niet_verdiend(booked)
    ]
    plan += [Boekregel(each.gemeente, AFREKENING, each.domein, each.zorgvorm, each.bedrag_cent) for each in sorted(invoer.verschillen)]
    for gemeente, maten in sorted(gemeenten.items()):
        owed = maten[Maat.OPEN] + sum(each.bedrag_cent for each in plan if each.gemeente == gemeente)
        advance = maten[Maat.VOORSCHOT_OPEN]
        settled = min(max(owed, 0), max(advance, 0))
        plan.append(Boekregel(gemeente, VOORSCHOT_VERREKEND, "", "", settled))
        maten[Maat.TE_BETALEN] = max(owed - settled, 0)
        maten[Maat.TE_ONTVANGEN] = max(advance - settled, 0) + max(settled - owed, 0)
    return sorted(each for each in plan if each.bedrag_cent)


def _geboekt_van_jaar(invoer: Invoer) -> list[Boekregel]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for each in invoer.geboekt:
        if each.jaar == invoer.jaar:
            found[each.gemeente, f"{each.rekening}:{each.soort}"] += each.bedrag_cent
    return [Boekregel(*key, "", "", cents) for key, cents in sorted(found.items()) if cents]


def _check_sluit(invoer: Invoer, uitkomst: Uitkomst) -> None:
    """Register and books agree per client, causes bridge allocated and granted, and all years together are the balances."""
    netto = {(each.gemeente, each.client_id): each.netto_cent for each in invoer.laat if each.netto_cent}
    register = {key: cents for key, maten in uitkomst.clienten.items() if (cents := maten[Maat.TOEGEKEND] - maten[Maat.GECREDITEERD])}
    if netto != register:
        wrong = sorted({gemeente for gemeente, _ in dict(netto.items() ^ register.items())})
        raise SluitNiet(f"Toegekende prestaties en grootboek verschillen in gemeente {', '.join(wrong)}.")
    bridge: dict[str, int] = defaultdict(int)
    for row in uitkomst.oorzaken:
        bridge[row.gemeente] += row.bedrag_cent if row.oorzaak in TELT else 0
    for gemeente, maten in uitkomst.gemeenten.items():
        if maten[Maat.TOEGEWEZEN] - maten[Maat.TOEGEKEND] + maten[Maat.GECREDITEERD] != bridge[gemeente]:
            raise SluitNiet(f"De oorzaken verklaren het verschil in gemeente {gemeente} niet.")
    for gemeente, years in geldstand(invoer).items():
        opened = sum(maten[Maat.OPEN] for maten in years.values()), sum(maten[Maat.VOORSCHOT_OPEN] for maten in years.values())
        booked = -invoer.saldi.get((CREDITEUR, gemeente), 0), invoer.saldi.get((VOORSCHOT, gemeente), 0)
        if opened != booked:
            raise SluitNiet(f"Wat openstaat bij gemeente {gemeente} is niet het saldo van het grootboek.")


def vingerafdruk(uitkomst: Uitkomst) -> bytes:
    """SHA-256 of what both sides agree on: amounts of content, causes, and the differences and guarantees that are booked."""
    content = {
        "gemeenten": {code: [maten[maat] for maat in INHOUD] for code, maten in uitkomst.gemeenten.items()},
        "clienten": [[*key, *(maten[maat] for maat in PER_CLIENT)] for key, maten in uitkomst.clienten.items()],
        "oorzaken": [list(row) for row in uitkomst.oorzaken],
        "boekplan": [list(row) for row in uitkomst.boekplan if row.soort != VOORSCHOT_VERREKEND],
    }
    return hashlib.sha256(json.dumps(content, separators=(",", ":"), sort_keys=True).encode()).digest()
