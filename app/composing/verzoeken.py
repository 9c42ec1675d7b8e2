"""What a gemeente says to a request of an aanbieder: the lines of the 301 that grants it, or the 319 that does not. Pure.

A 315 is decided per product (OP274), a 317 as a whole and exactly as it was asked (OP346, IV093): there is no granting of a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.composing.invullen import Lezing, Veldfout
from app.composing.toewijzen import Besluit, repeat_product
from app.composing.wijzigen import DOOR_AANBIEDER, after
from app.domain.bericht import Bericht, BerichtIdentificatie, Domein, Header, XsdVersie
from app.domain.errors import OngeldigVerzoek
from app.domain.snapshot import Toewijzing, VerzoekStatus
from app.domain.toewijzing import VERWIJDERD, Omvang, Product, ToegewezenProduct
from app.domain.verzoek import (
    AFGEWEZEN,
    IN_ONDERZOEK,
    WOONPLAATSBEGINSEL,
    AangevraagdProduct,
    Antwoord,
    NieuwProduct,
    TeWijzigenProduct,
    Verzoek,
    Woonplaatsbeginsel,
)
from app.standard import catalogue, codelists
from app.standard.rules.volume import TOTAAL

REDEN_LIJST = "RedenAfwijzingVerzoek"


class Keus(StrEnum):
    """What can be decided."""

    TOEWIJZEN = "toewijzen"
    ONDERZOEK = "onderzoek"
    AFWIJZEN = "afwijzen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Besluitkeuze:
    """A decision as it is filled in; `gemeente` is the one that bears the care by the woonplaatsbeginsel."""

    keus: Keus
    reden: str | None = None
    gemeente: str | None = None


class Soort(StrEnum):
    """What a request does to one toewijzing."""

    BLIJFT = "blijft"
    WIJZIGT = "wijzigt"
    VERVANGT = "vervangt"
    NIEUW = "nieuw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zij:
    """A line of a request beside what is there now.

    Attributes:
        was: The current toewijzing; None for a new product.
        product: What is asked, `categorie` and `code`; None when it leaves the product open.
        van, tot: The period that is asked.
        uitleg: How the standard wants it done, in a sentence.
    """

    soort: Soort
    was: Toewijzing | None
    product: Product | None
    van: date
    tot: date | None
    omvang: Omvang | None
    budget: int | None
    uitleg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toekenning:
    """The lines that grant a request: `gewijzigd` change or go on, `nieuw` have number 0 until they get one."""

    gewijzigd: tuple[ToegewezenProduct, ...] = ()
    nieuw: tuple[ToegewezenProduct, ...] = ()

    def lines(self, nummers: Sequence[int]) -> tuple[ToegewezenProduct, ...]:
        """Every line, the new ones with these numbers in order.

        Raises:
            ValueError: There are more or fewer numbers than new lines.
        """
        made = (replace(each, toewijzing_nummer=nummer) for each, nummer in zip(self.nieuw, nummers, strict=True))
        return (*self.gewijzigd, *made)


def beside_315(product: AangevraagdProduct) -> tuple[Zij, ...]:
    """What a product of a 315 asks."""
    return (
        Zij(
            soort=Soort.NIEUW,
            was=None,
            product=product.product,
            van=product.toewijzing_ingangsdatum,
            tot=product.toewijzing_einddatum,
            omvang=product.omvang,
            budget=product.budget,
        ),
    )


def beside_317(verzoek: Verzoek, huidig: Mapping[int, Toewijzing]) -> tuple[Zij, ...]:
    """What a 317 asks of each toewijzing, beside what it is now: first what changes, then what is new, then what stays."""
    changed = (_changed(each, huidig[each.toewijzing_nummer]) for each in verzoek.te_wijzigen_producten if each.toewijzing_nummer in huidig)
    stays = (huidig[each.toewijzing_nummer] for each in verzoek.ongewijzigde_producten if each.toewijzing_nummer in huidig)
    return (*changed, *map(_new, verzoek.nieuwe_producten), *map(_stays, stays))


def _changed(asked: TeWijzigenProduct, was: Toewijzing) -> Zij:
    in_place = _same_number(asked, was)
    if in_place:
        uitleg = "Hetzelfde toewijzingnummer krijgt een nieuwe versie (OP380, OP257)."
    else:
        uitleg = f"De huidige toewijzing eindigt op {_day_before(asked, was):%d-%m-%Y}; aansluitend komt er een nieuwe (IV093)."
        if asked.gewenste_ingangsdatum <= was.ingangsdatum:
            uitleg = "De huidige toewijzing wordt ingetrokken, omdat de nieuwe op dezelfde dag begint of eerder (CS335, IV093)."
    return Zij(
        soort=Soort.WIJZIGT if in_place else Soort.VERVANGT,
        was=was,
        product=_product_of(was),
        van=was.ingangsdatum if in_place else asked.gewenste_ingangsdatum,
        tot=asked.einddatum,
        omvang=asked.omvang,
        budget=asked.budget,
        uitleg=uitleg,
    )


def _new(asked: NieuwProduct) -> Zij:
    return Zij(
        soort=Soort.NIEUW,
        was=None,
        product=asked.product,
        van=asked.gewenste_ingangsdatum,
        tot=asked.einddatum,
        omvang=asked.omvang,
        budget=asked.budget,
    )


def _stays(was: Toewijzing) -> Zij:
    return Zij(
        soort=Soort.BLIJFT,
        was=was,
        product=_product_of(was),
        van=was.ingangsdatum,
        tot=was.einddatum,
        omvang=was.omvang,
        budget=was.budget,
    )


def grant_315(product: AangevraagdProduct, besluit: Besluit) -> Toekenning:
    """The line that grants a product of a 315 as it was asked; only this line carries its reference (IV094, IV097)."""
    line = _line(product.product, product.toewijzing_ingangsdatum, product.toewijzing_einddatum, product.omvang, product.budget, besluit)
    return Toekenning(nieuw=(replace(line, referentie_aanbieder=product.referentie_aanbieder),))


def grant_317(verzoek: Verzoek, huidig: Mapping[int, Toewijzing], besluit: Besluit) -> Toekenning:
    """The lines that grant a 317 exactly as it was asked, each with its reference (IV093).

    Args:
        verzoek: What is asked.
        huidig: The current version of each toewijzing of the client at the aanbieder, by number.
        besluit: The moment of the decision.
    Raises:
        OngeldigVerzoek: The request names a toewijzing that is not there any more.
    """
    named = {each.toewijzing_nummer for each in verzoek.te_wijzigen_producten} | {
        each.toewijzing_nummer for each in verzoek.ongewijzigde_producten
    }
    gone = sorted(named - huidig.keys())
    if gone:
        numbers = ", ".join(str(each) for each in gone)
        raise OngeldigVerzoek(f"Het verzoek noemt toewijzing {numbers}, die niet meer loopt. Wijs het af; de aanbieder kan opnieuw vragen.")
    changed: list[ToegewezenProduct] = []
    new: list[ToegewezenProduct] = []
    for asked in verzoek.te_wijzigen_producten:
        was = huidig[asked.toewijzing_nummer]
        if _same_number(asked, was):
            changed.append(_in_place(asked, was, besluit))
            continue
        changed.append(_ended(asked, was, besluit))
        new.append(_line(_product_of(was), asked.gewenste_ingangsdatum, asked.einddatum, asked.omvang, asked.budget, besluit))
    new.extend(
        _line(each.product, each.gewenste_ingangsdatum, each.einddatum, each.omvang, each.budget, besluit)
        for each in verzoek.nieuwe_producten
    )
    stays = (repeat_product(huidig[each.toewijzing_nummer]) for each in verzoek.ongewijzigde_producten)
    referentie = verzoek.referentie_aanbieder
    return Toekenning(
        gewijzigd=tuple(replace(each, referentie_aanbieder=referentie) for each in (*changed, *stays)),
        nieuw=tuple(replace(each, referentie_aanbieder=referentie) for each in new),
    )


def _same_number(asked: TeWijzigenProduct, was: Toewijzing) -> bool:
    """Whether the number stays: the omvang is the same, or what changes is a budget or a total over the whole toewijzing (OP257, OP380)."""
    if (was.budget is None) != (asked.budget is None):
        return False
    if was.omvang == asked.omvang:
        return True
    if was.omvang is None or asked.omvang is None:
        return False
    return was.omvang.frequentie == TOTAAL and replace(was.omvang, volume=asked.omvang.volume) == asked.omvang


def _in_place(asked: TeWijzigenProduct, was: Toewijzing, besluit: Besluit) -> ToegewezenProduct:
    """The next version of the number."""
    moment = after(was, besluit)
    return replace(
        repeat_product(was),
        toewijzingsdatum=moment.datum,
        toewijzingstijd=moment.tijd,
        einddatum=asked.einddatum,
        omvang=asked.omvang,
        budget=asked.budget,
        reden_wijziging=DOOR_AANBIEDER,
    )


def _ended(asked: TeWijzigenProduct, was: Toewijzing, besluit: Besluit) -> ToegewezenProduct:
    """The toewijzing that makes room: ended the day before, or taken back when it would end before it begins."""
    if was.einddatum is not None and was.einddatum < asked.gewenste_ingangsdatum:
        return repeat_product(was)
    moment = after(was, besluit)
    is_gone = asked.gewenste_ingangsdatum <= was.ingangsdatum
    return replace(
        repeat_product(was),
        toewijzingsdatum=moment.datum,
        toewijzingstijd=moment.tijd,
        einddatum=was.ingangsdatum if is_gone else _day_before(asked, was),
        reden_wijziging=VERWIJDERD if is_gone else DOOR_AANBIEDER,
    )


def _day_before(asked: TeWijzigenProduct, was: Toewijzing) -> date:
    """The last day of what makes room."""
    before = asked.gewenste_ingangsdatum - timedelta(days=1)
    return before if was.einddatum is None else min(before, was.einddatum)


def _line(
    product: Product | None, van: date, tot: date | None, omvang: Omvang | None, budget: int | None, besluit: Besluit
) -> ToegewezenProduct:
    return ToegewezenProduct(
        toewijzing_nummer=0,
        product=product,
        toewijzingsdatum=besluit.datum,
        toewijzingstijd=besluit.tijd,
        ingangsdatum=van,
        einddatum=tot,
        omvang=omvang,
        budget=budget,
    )


def _product_of(was: Toewijzing) -> Product | None:
    return None if was.categorie is None else Product(categorie=was.categorie, code=was.code)


def read_keuze(
    antwoorden: Mapping[str, str], domein: Domein, status: VerzoekStatus, gemeenten: frozenset[str]
) -> Besluitkeuze | tuple[Veldfout, ...]:
    """A decision from what is filled in: `keus`, `reden`, `gemeente` (of the woonplaatsbeginsel, iJw only).

    Args:
        antwoorden: The form.
        domein: Of the request.
        status: Where the request stands: only a first answer may say that it is looked into (TR360).
        gemeenten: Codes of gemeenten that exist.
    """
    lezing = Lezing(antwoorden)
    text = lezing.keuze("keus", lambda each: each in set(Keus), "Kies wat u besluit.")
    if not text:
        return tuple(lezing.fouten)
    keus = Keus(text)
    if keus is Keus.ONDERZOEK and status is not VerzoekStatus.OPEN:
        lezing.fout("keus", "U hebt al gemeld dat dit verzoek in onderzoek is; dat kan één keer (TR360). Wijs toe of wijs af.")
    if keus is not Keus.AFWIJZEN:
        return tuple(lezing.fouten) or Besluitkeuze(keus=keus)
    reden = lezing.keuze("reden", lambda each: each in codelists.codes(domein, REDEN_LIJST), "Kies de reden van de afwijzing.")
    gemeente = None
    if domein == "ijw" and reden == WOONPLAATSBEGINSEL:
        gemeente = lezing.keuze(
            "gemeente", lambda each: each in gemeenten, "Vul de code in van de gemeente die verantwoordelijk is (TR377)."
        )
    return tuple(lezing.fouten) or Besluitkeuze(keus=keus, reden=reden, gemeente=gemeente or None)


def answer_of(keuze: Besluitkeuze, referentie: str) -> Antwoord:
    """The Antwoord of a decision that grants nothing.

    Raises:
        ValueError: The decision grants.
    """
    if keuze.keus is Keus.TOEWIJZEN:
        raise ValueError("a grant is a 301, not an antwoord")
    return Antwoord(
        referentie_aanbieder=referentie,
        verzoek_antwoord=IN_ONDERZOEK if keuze.keus is Keus.ONDERZOEK else AFGEWEZEN,
        reden_afwijzing_verzoek=keuze.reden,
        woonplaatsbeginsel=None if keuze.gemeente is None else Woonplaatsbeginsel(gemeente=keuze.gemeente),
    )


def compose_319(*, domein: Domein, gemeente: str, agb: str, antwoord: Antwoord, identificatie: str, vandaag: date) -> Bericht:
    """The 319 of a gemeente to an aanbieder. The standard has no room for a text in it, nor for a client."""
    soort = catalogue.soort(domein, "319")
    header = Header(
        bericht_code=soort.bericht_code,
        afzender=gemeente,
        ontvanger=agb,
        bericht_identificatie=BerichtIdentificatie(identificatie=identificatie, dagtekening=vandaag),
        xsd_versie=XsdVersie(basisschema_xsd_versie=soort.xsd_versie.basisschema, bericht_xsd_versie=soort.xsd_versie.bericht),
    )
    return Bericht(domein=domein, soort="319", header=header, antwoord=antwoord)


def reasons(domein: Domein) -> Iterator[tuple[str, str]]:
    """Why a request may be refused: code and meaning, in the order of the list."""
    for row in codelists.rows(domein, REDEN_LIJST):
        yield row.code, row.betekenis
