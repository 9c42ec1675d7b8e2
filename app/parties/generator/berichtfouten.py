"""Deliberate faults of whole berichten: a twin of a good bericht that is wrong in one way, sent just before or after it.

The twin is refused as a whole and counts as not sent (OP286), so the good one goes through with the same numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.domain.bedrag import totaal_met_dc
from app.domain.bericht import BerichtIdentificatie, Client
from app.domain.declaratie import Declaratie
from app.domain.levering import VERWIJDEREN
from app.domain.toewijzing import VERWIJDERD
from app.parties.generator import verzoekfouten
from app.parties.generator.tweelingen import NA, VOOR, Maker, client_of, own_identificatie, twin, with_identificatie
from app.parties.generator.zending import Opzet, Zending

VERVALLEN_REDEN = "01"
ONBEKEND_NUMMER = 900_000_000
ONBEKENDE_REFERENTIE = "XNOOITGEVRAAGD"
GEMEENTE_BUITEN = "0384"


def _declaratie(zending: Zending) -> Declaratie:
    assert zending.bericht.declaratie is not None
    return zending.bericht.declaratie


def fout_totaal(zending: Zending, _: Zending | None) -> Zending | None:
    """A total that is a euro too high."""
    declaratie = _declaratie(zending)
    wrong = replace(declaratie, totaal_ingediend_bedrag=totaal_met_dc(declaratie.totaal_ingediend_bedrag.cent + 100))
    label = Opzet(pad="/Bericht/Declaratie", regel="TR358", retourcode="0001", waarom="TotaalIngediendBedrag is niet de som van de regels")
    return twin(zending, replace(zending.bericht, declaratie=wrong), label, VOOR)


def gebruikte_identificatie(zending: Zending, eerder: Zending | None) -> Zending | None:
    """The Identificatie of an earlier bericht."""
    if eerder is None:
        return None
    own = zending.bericht.header.bericht_identificatie
    used = replace(own, identificatie=eerder.bericht.header.bericht_identificatie.identificatie)
    label = Opzet(pad="/Bericht/Header", regel="TR056", retourcode="9056", waarom="Identificatie is al gebruikt voor een eerder bericht")
    return twin(zending, replace(zending.bericht, header=with_identificatie(zending.bericht.header, used)), label, VOOR)


def dagtekening_in_de_toekomst(zending: Zending, _: Zending | None) -> Zending | None:
    """A Dagtekening of two years ahead."""
    header = zending.bericht.header
    future = replace(header.bericht_identificatie, dagtekening=zending.dag + timedelta(days=730))
    label = Opzet(pad="/Bericht/Header", regel="TR135", retourcode="8848", waarom="Dagtekening ligt in de toekomst")
    return twin(zending, replace(zending.bericht, header=with_identificatie(header, future)), label, VOOR)


def gebruikt_declaratienummer(zending: Zending, eerder: Zending | None) -> Zending | None:
    """The DeclaratieNummer of an earlier month."""
    if eerder is None:
        return None
    wrong = replace(_declaratie(zending), declaratie_nummer=_declaratie(eerder).declaratie_nummer)
    label = Opzet(pad="/Bericht/Declaratie", regel="TR333", retourcode="9333", waarom="DeclaratieNummer is al gebruikt")
    return twin(zending, replace(zending.bericht, declaratie=wrong), label, VOOR)


def eerdere_declaratieperiode(zending: Zending, eerder: Zending | None) -> Zending | None:
    """The declaratie of an earlier month once more, under new numbers, after a later one."""
    if eerder is None:
        return None
    old = _declaratie(eerder)
    again = replace(old, declaratie_nummer=f"X{old.declaratie_nummer[1:]}", declaratie_dagtekening=zending.dag)
    own = own_identificatie(zending)
    label = Opzet(
        pad="/Bericht/Declaratie", regel="TR318", retourcode="8214", waarom="DeclaratiePeriode ligt voor die van de vorige declaratie"
    )
    return twin(zending, replace(zending.bericht, header=with_identificatie(zending.bericht.header, own), declaratie=again), label, NA)


def start_zonder_toewijzing(zending: Zending, _: Zending | None) -> Zending | None:
    """A start on a ToewijzingNummer that nobody gave out."""
    first, *rest = client_of(zending).start_producten
    wrong = replace(first, toewijzing_nummer=ONBEKEND_NUMMER + (first.toewijzing_nummer or 0))
    return _levering(zending, replace(client_of(zending), start_producten=(wrong, *rest)), "StartProduct", "TR019", "9019", VOOR,
                     "er is geen toewijzing met dit ToewijzingNummer")  # fmt: skip


def tweede_start(zending: Zending, _: Zending | None) -> Zending | None:
    """A second start, a day later, while the first one is open."""
    starts = tuple(replace(each, begindatum=each.begindatum + timedelta(days=1)) for each in client_of(zending).start_producten)
    return _levering(zending, replace(client_of(zending), start_producten=starts), "StartProduct", "TR326", "9326", NA,
                     "er is al een start zonder stop voor deze toewijzing")  # fmt: skip


def zelfde_start(zending: Zending, _: Zending | None) -> Zending | None:
    """The same start sent again under another Identificatie."""
    return _levering(zending, client_of(zending), "StartProduct", "TR074", "9074", NA, "deze start is al gemeld")


def verwijderen_van_niets(zending: Zending, _: Zending | None) -> Zending | None:
    """The deletion of a start before it was sent."""
    starts = tuple(replace(each, status_aanlevering=VERWIJDEREN) for each in client_of(zending).start_producten)
    return _levering(zending, replace(client_of(zending), start_producten=starts), "StartProduct", "TR063", "9063", VOOR,
                     "er is geen eerdere start om te verwijderen")  # fmt: skip


def stop_van_andere_start(zending: Zending, _: Zending | None) -> Zending | None:
    """A stop whose Begindatum is not that of the start."""
    stops = tuple(replace(each, begindatum=each.begindatum + timedelta(days=1)) for each in client_of(zending).stop_producten)
    return _levering(zending, replace(client_of(zending), stop_producten=stops), "StopProduct", "TR382", "9069", VOOR,
                     "Begindatum is niet die van de gemelde start")  # fmt: skip


def _levering(zending: Zending, client: Client, klasse: str, regel: str, retourcode: str, moment: int, waarom: str) -> Zending:
    """A twin of a 305 or 307, with an Identificatie of its own and a Dagtekening that fits."""
    own = own_identificatie(zending)
    label = Opzet(pad=f"/Bericht/Client/{klasse[:-7]}Producten/{klasse}[1]", regel=regel, retourcode=retourcode, waarom=waarom)
    bericht = replace(zending.bericht, header=with_identificatie(zending.bericht.header, own), client=client)
    return twin(zending, bericht, label, moment)


def onbekende_referentie(zending: Zending, _: Zending | None) -> Zending | None:
    """A 301 that says that it grants a request which nobody sent."""
    first, *rest = client_of(zending).toegewezen_producten
    if first.referentie_aanbieder is not None:
        return None
    wrong = replace(client_of(zending), toegewezen_producten=(replace(first, referentie_aanbieder=ONBEKENDE_REFERENTIE), *rest))
    pad = "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]"
    return _order(zending, wrong, pad, "TR379", "ReferentieAanbieder is niet die van een verzoek", retourcode="9379")


def geen_bsn(zending: Zending, _: Zending | None) -> Zending | None:
    """A Bsn that fails the 11-proef."""
    client = client_of(zending)
    wrong = replace(client, bsn=client.bsn[:-1] + str((int(client.bsn[-1]) + 1) % 10))
    return _order(zending, wrong, "/Bericht/Client", "CS002", "Bsn voldoet niet aan de 11-proef")


def vervallen_reden(zending: Zending, _: Zending | None) -> Zending | None:
    """RedenWijziging 01, which was abolished."""
    first, *rest = client_of(zending).toegewezen_producten
    if first.reden_wijziging is not None:
        return None
    wrong = replace(client_of(zending), toegewezen_producten=(replace(first, reden_wijziging=VERVALLEN_REDEN), *rest))
    pad = "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]"
    return _order(zending, wrong, pad, "CS336", "RedenWijziging 01 is vervallen")


def gestapeld(zending: Zending, _: Zending | None) -> Zending | None:
    """The same product twice over the same days."""
    first, *rest = client_of(zending).toegewezen_producten
    if first.reden_wijziging is not None:
        return None
    again = replace(first, toewijzing_nummer=ONBEKEND_NUMMER + first.toewijzing_nummer)
    wrong = replace(client_of(zending), toegewezen_producten=(first, again, *rest))
    pad = "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[2]"
    return _order(zending, wrong, pad, "TR302", "hetzelfde product is over dezelfde dagen twee keer toegewezen")


def _order(zending: Zending, client: Client, pad: str, regel: str, waarom: str, *, retourcode: str = "0001") -> Zending:
    """A twin of a 301, refused on its content alone unless a code is given."""
    label = Opzet(pad=pad, regel=regel, retourcode=retourcode, waarom=waarom)
    return twin(zending, replace(zending.bericht, client=client), label, VOOR)


def zonder_bsn(zending: Zending, _: Zending | None) -> Zending | None:
    """A mandatory element is missing."""
    bsn = zending.bericht.client.bsn if zending.bericht.client else _declaratie(zending).clienten[0].bsn
    return _at_the_door(zending, "XSD", f"Bsn>{bsn}</", "Bsn></", "Bsn is leeg")


def andere_versie(zending: Zending, _: Zending | None) -> Zending | None:
    """Another release."""
    return _at_the_door(zending, "XSD", "BerichtVersie>3</", "BerichtVersie>2</", "BerichtVersie is niet die van release 3.2")


def afgebroken(zending: Zending, _: Zending | None) -> Zending | None:
    """A file that is not well-formed."""
    return _at_the_door(zending, "OP192", "</", "<", "het bestand is geen goed gevormde XML", pad="/")


def buiten_de_regio(zending: Zending, _: Zending | None) -> Zending | None:
    """A gemeente that does not take part."""
    header = replace(zending.bericht.header, ontvanger=GEMEENTE_BUITEN)
    label = Opzet(pad="/Bericht/Header", regel="TOEGANG", retourcode="", waarom=f"gemeente {GEMEENTE_BUITEN} doet niet mee in deze regio")
    return twin(zending, replace(zending.bericht, header=header), label, VOOR)


def _at_the_door(zending: Zending, regel: str, oud: str, nieuw: str, waarom: str, *, pad: str = "/Bericht") -> Zending:
    """A twin of which the bytes are changed, so that the door refuses it."""
    wrong = twin(zending, zending.bericht, Opzet(pad=pad, regel=regel, retourcode="", waarom=waarom), VOOR)
    return replace(wrong, bewerking=(oud, nieuw))


MAKERS: dict[str, tuple[Maker, ...]] = {
    "301": (geen_bsn, vervallen_reden, gestapeld, onbekende_referentie, zonder_bsn),
    "305": (start_zonder_toewijzing, tweede_start, zelfde_start, verwijderen_van_niets, buiten_de_regio, andere_versie),
    "307": (stop_van_andere_start,),
    "323": (
        fout_totaal,
        gebruikte_identificatie,
        dagtekening_in_de_toekomst,
        gebruikt_declaratienummer,
        eerdere_declaratieperiode,
        afgebroken,
    ),
    **verzoekfouten.MAKERS,
}
"""Every way in which a whole bericht is made wrong, by the kind of bericht it is a twin of."""


def make_twins(zendingen: Sequence[Zending], aantal: int, verwijderbaar: Sequence[tuple[Zending, date]]) -> Iterator[Zending]:
    """So many wrong twins of each kind, each of another good bericht; `verwijderbaar` are 301s with granted claims since a day."""
    per_soort: defaultdict[str, list[Zending]] = defaultdict(list)
    for zending in sorted(zendingen, key=lambda each: each.volgorde):
        if not zending.fouten and not zending.wacht and zending.bericht.header.bericht_identificatie.dagtekening == zending.dag:
            per_soort[zending.bericht.soort].append(zending)
    for soort, makers in MAKERS.items():
        yield from _twins_of(per_soort[soort], makers, aantal)
    for order, dag in list(verwijderbaar)[:aantal]:
        yield _deleted_after_claims(order, dag)


def _twins_of(good: Sequence[Zending], makers: Sequence[Maker], aantal: int) -> Iterator[Zending]:
    """Twins spread over the good berichten, from the middle on, so that there is a past."""
    before = _predecessors(good)
    used: set[int] = set()
    for number, maker in enumerate(makers):
        begin = len(good) // 2 + number * len(good) // (2 * len(makers) + 1)
        done = 0
        for index in [*range(begin, len(good)), *range(begin)]:
            if done == aantal:
                break
            if index in used or (made := maker(good[index], before.get(index))) is None:
                continue
            used.add(index)
            done += 1
            yield made


def _predecessors(good: Sequence[Zending]) -> dict[int, Zending]:
    """Per position the bericht before it of the same sender to the same receiver in the same domain."""
    last: dict[tuple[str, str, str], Zending] = {}
    found: dict[int, Zending] = {}
    for index, zending in enumerate(good):
        # The reference of a request is used up whatever the gemeente (TR347).
        ontvanger = "" if zending.bericht.soort == "315" else zending.bericht.header.ontvanger
        key = (zending.bericht.domein, zending.van, ontvanger)
        if key in last:
            found[index] = last[key]
        last[key] = zending
    return found


def _deleted_after_claims(order: Zending, dag: date) -> Zending:
    """A 301 that deletes a toewijzing on which claims were granted (TR385)."""
    client = client_of(order)
    products = tuple(
        replace(each, toewijzingsdatum=dag, einddatum=each.ingangsdatum, reden_wijziging=VERWIJDERD, referentie_aanbieder=None)
        for each in client.toegewezen_producten
    )
    header = order.bericht.header
    own = BerichtIdentificatie(identificatie=f"X{header.bericht_identificatie.identificatie[1:]}", dagtekening=dag)
    bericht = replace(order.bericht, header=with_identificatie(header, own), client=replace(client, toegewezen_producten=products))
    label = Opzet(
        pad="/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]",
        regel="TR385",
        retourcode="9385",
        waarom="op de toewijzing zijn prestaties toegekend die niet zijn gecrediteerd",
    )
    return replace(order, dag=dag, bericht=bericht, fouten=(label,))


def apply_bewerking(inhoud: bytes, zending: Zending) -> bytes:
    """The bytes of a bericht with its change, if it has one, at the first place where it fits."""
    if zending.bewerking is None:
        return inhoud
    oud, nieuw = (text.encode() for text in zending.bewerking)
    changed = inhoud.replace(oud, nieuw, 1)
    assert changed != inhoud, f"{zending.bewerking[0]!r} does not occur in the bericht"
    return changed
