"""Rules about StartProduct (305) and StopProduct (307).

StatusAanlevering 3 deletes an earlier one by its logical key and is judged by nothing but that (TR063, IV008); 1 is new.
`kijk.leveringen` are the starts and stops of this client and ToewijzingNummer that count at that moment, deletions of the same bericht
taken into account.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.levering import NIEUW, TIJDELIJK, VERWIJDEREN, StartProduct, StopProduct
from app.domain.snapshot import Kijk, Levering
from app.standard.rules.engine import BERICHTOVERSTIJGEND, rule

StartSleutel = tuple[int | None, str | None, str | None, date]
"""ToewijzingNummer, Categorie, Code, Begindatum: the logical key of a start, and the part of a stop's key that names its start."""


@rule(
    "CS058",
    berichten=("305", "307"),
    klasse=(StartProduct, StopProduct),
    element="StatusAanlevering",
    melding=lambda levering, kijk: "Vul StatusAanlevering met 1 (eerste aanlevering) of 3 (verwijderen).",
)
def cs058_status_is_new_or_deletion(levering: StartProduct | StopProduct, kijk: Kijk) -> bool:
    """StatusAanlevering is 1 or 3.

    Source: iJw 3.2 and iWmo 3.2, CS058; 2 is forbidden by OP033x2 too.
    """
    return levering.status_aanlevering in (NIEUW, VERWIJDEREN)


@rule(
    "TR101",
    berichten=("305",),
    klasse=StartProduct,
    melding=lambda start, kijk: "Deze start komt vaker voor in het bericht; stuur een verwijdering en haar vervanging in aparte berichten.",
)
def tr101_start_occurs_once(start: StartProduct, kijk: Kijk) -> bool:
    """The logical key of a StartProduct is unique within the bericht, whatever its StatusAanlevering.

    Source: iJw 3.2 and iWmo 3.2, TR101, IV008.
    """
    return ("StartProduct", *start_sleutel(start)) not in kijk.binnen.dubbele_sleutels


@rule(
    "TR101",
    berichten=("307",),
    klasse=StopProduct,
    melding=lambda stop, kijk: "Deze stop komt vaker voor in het bericht; stuur een verwijdering en haar vervanging in aparte berichten.",
)
def tr101_stop_occurs_once(stop: StopProduct, kijk: Kijk) -> bool:
    """The logical key of a StopProduct is unique within the bericht, whatever its StatusAanlevering.

    Source: iJw 3.2 and iWmo 3.2, TR101, IV008.
    """
    return ("StopProduct", *start_sleutel(stop), stop.reden_beeindiging, stop.einddatum) not in kijk.binnen.dubbele_sleutels


@rule(
    "TR134",
    berichten=("305",),
    klasse=StartProduct,
    alleen=NIEUW,
    element="Begindatum",
    melding=lambda start, kijk: (
        f"Begindatum ligt na de Dagtekening {_dagtekening(kijk):%d-%m-%Y}; meld een start als de levering is begonnen."
    ),
)
def tr134_start_is_not_after_dagtekening(start: StartProduct, kijk: Kijk) -> bool:
    """Begindatum of a start is not later than Dagtekening.

    Source: iJw 3.2 and iWmo 3.2, TR134 (the texts name no element); OP271: a start is reported after the actual start.
    """
    return start.begindatum <= _dagtekening(kijk)


@rule(
    "TR134",
    berichten=("307",),
    klasse=StopProduct,
    alleen=NIEUW,
    element="Einddatum",
    melding=lambda stop, kijk: (
        f"Einddatum ligt na de Dagtekening {_dagtekening(kijk):%d-%m-%Y}; meld een stop als de levering is geëindigd."
    ),
)
def tr134_stop_is_not_after_dagtekening(stop: StopProduct, kijk: Kijk) -> bool:
    """Einddatum of a stop is not later than Dagtekening.

    Source: iJw 3.2 and iWmo 3.2, TR134 (the texts name no element); OP272: a stop is reported after the actual end.
    """
    return stop.einddatum <= _dagtekening(kijk)


@rule(
    "TR018",
    berichten=("307",),
    klasse=StopProduct,
    alleen=NIEUW,
    element="Einddatum",
    melding=lambda stop, kijk: f"Einddatum ligt voor de Begindatum {stop.begindatum:%d-%m-%Y}.",
)
def tr018_stop_is_not_before_start(stop: StopProduct, kijk: Kijk) -> bool:
    """Einddatum is not before Begindatum.

    Source: iJw 3.2 and iWmo 3.2, TR018.
    """
    return stop.einddatum >= stop.begindatum


@rule(
    "TR019",
    retourcode="9019",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("305", "307"),
    klasse=(StartProduct, StopProduct),
    alleen=NIEUW,
    element="ToewijzingNummer",
    melding=lambda levering, kijk: (
        f"Deze client heeft bij u geen geldige toewijzing {levering.toewijzing_nummer}; vul het ToewijzingNummer uit het "
        "toewijzingsbericht."
        if levering.toewijzing_nummer is not None
        else "Vul het ToewijzingNummer uit het toewijzingsbericht."
    ),
    kijkt_naar=("clienten", "toewijzing"),
)
def tr019_levering_has_a_toewijzing(levering: StartProduct | StopProduct, kijk: Kijk) -> bool:
    """ToewijzingNummer names a toewijzing of this client to this aanbieder that is not deleted.

    Source: iJw 3.2 and iWmo 3.2, TR019. The hub knows no taakgericht work, so that a number is always needed.
    """
    return kijk.toewijzing is not None


@rule(
    "TR063",
    retourcode="9063",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("305",),
    klasse=StartProduct,
    alleen=VERWIJDEREN,
    element="StatusAanlevering",
    melding=lambda start, kijk: (
        "Er is geen eerdere start met deze sleutel om te verwijderen; neem de sleutel over uit het eerdere bericht."
    ),
    kijkt_naar=("leveringen",),
)
def tr063_deleted_start_exists(start: StartProduct, kijk: Kijk) -> bool:
    """There is an earlier start with the key of the one to delete.

    Source: iJw 3.2 and iWmo 3.2, TR063.
    """
    return any(_starts(kijk, start))


@rule(
    "TR063",
    retourcode="9063",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("307",),
    klasse=StopProduct,
    alleen=VERWIJDEREN,
    element="StatusAanlevering",
    melding=lambda stop, kijk: "Er is geen eerdere stop met deze sleutel om te verwijderen; neem de sleutel over uit het eerdere bericht.",
    kijkt_naar=("leveringen",),
)
def tr063_deleted_stop_exists(stop: StopProduct, kijk: Kijk) -> bool:
    """There is an earlier stop with the key of the one to delete.

    Source: iJw 3.2 and iWmo 3.2, TR063.
    """
    return any(_same_stops(kijk, stop))


@rule(
    "TR071",
    retourcode="9071",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("305",),
    klasse=StartProduct,
    alleen=VERWIJDEREN,
    element="StatusAanlevering",
    melding=lambda start, kijk: "Bij deze start is al een stop gemeld; verwijder eerst de stop.",
    kijkt_naar=("leveringen",),
)
def tr071_deleted_start_has_no_stop(start: StartProduct, kijk: Kijk) -> bool:
    """A start that has a stop is not deleted.

    Source: iJw 3.2 and iWmo 3.2, TR071.
    """
    sleutel = start_sleutel(start)
    return not any(levering.is_stop and _start_of(levering) == sleutel for levering in kijk.leveringen)


@rule(
    "TR074",
    retourcode="9074",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("305",),
    klasse=StartProduct,
    alleen=NIEUW,
    melding=lambda start, kijk: (
        f"De start van {start.begindatum:%d-%m-%Y} op deze toewijzing is al gemeld; verwijder die eerst om haar te vervangen."
    ),
    kijkt_naar=("leveringen",),
)
def tr074_start_is_new(start: StartProduct, kijk: Kijk) -> bool:
    """No earlier start that counts has the same logical key.

    Source: iJw 3.2 and iWmo 3.2, TR074.
    """
    return not any(_starts(kijk, start))


@rule(
    "TR074",
    retourcode="9074",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("307",),
    klasse=StopProduct,
    alleen=NIEUW,
    melding=lambda stop, kijk: (
        f"De stop van {stop.einddatum:%d-%m-%Y} op deze toewijzing is al gemeld; verwijder die eerst om haar te vervangen."
    ),
    kijkt_naar=("leveringen",),
)
def tr074_stop_is_new(stop: StopProduct, kijk: Kijk) -> bool:
    """No earlier stop that counts has the same logical key.

    Source: iJw 3.2 and iWmo 3.2, TR074.
    """
    return not any(_same_stops(kijk, stop))


@rule(
    "TR326",
    retourcode="9326",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("305",),
    klasse=StartProduct,
    alleen=NIEUW,
    element="ToewijzingNummer",
    melding=lambda start, kijk: "De levering op deze toewijzing is al gestart en nog niet gestopt; stuur eerst een stopbericht.",
    kijkt_naar=("leveringen",),
)
def tr326_no_delivery_is_open(start: StartProduct, kijk: Kijk) -> bool:
    """The product of this toewijzing has no start without a stop; a temporary stop closes it too (OP379).

    Source: iJw 3.2 and iWmo 3.2, TR326.
    """
    gestopt = {_start_of(levering) for levering in kijk.leveringen if levering.is_stop}
    product = start_sleutel(start)[:3]
    return not any(
        not levering.is_stop and _start_of(levering)[:3] == product and _start_of(levering) not in gestopt for levering in kijk.leveringen
    )


@rule(
    "TR382",
    retourcode="9069",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("307",),
    klasse=StopProduct,
    alleen=NIEUW,
    element="Begindatum",
    melding=lambda stop, kijk: (
        "Er is geen start met dit ToewijzingNummer, Product en deze Begindatum; neem ze ongewijzigd over uit het startbericht."
    ),
    kijkt_naar=("leveringen",),
)
def tr382_stop_has_its_start(stop: StopProduct, kijk: Kijk) -> bool:
    """A start that counts has the same ToewijzingNummer, Product and Begindatum.

    Source: iJw 3.2 and iWmo 3.2, TR382 (retourcode 9069).
    """
    return any(_starts(kijk, stop))


@rule(
    "TR413",
    retourcode="9413",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("307",),
    klasse=StopProduct,
    alleen=NIEUW,
    element="RedenBeeindiging",
    melding=lambda stop, kijk: "Deze levering is al tijdelijk gestopt; meld nu een definitieve stop of eerst een nieuwe start.",
    kijkt_naar=("leveringen",),
)
def tr413_no_second_temporary_stop(stop: StopProduct, kijk: Kijk) -> bool:
    """A levering that was stopped temporarily is not stopped temporarily again.

    Source: iJw 3.2 and iWmo 3.2, TR413.
    """
    return stop.reden_beeindiging != TIJDELIJK or not any(each.reden_beeindiging == TIJDELIJK for each in _stops_of_levering(kijk, stop))


@rule(
    "TR414",
    retourcode="9414",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("307",),
    klasse=StopProduct,
    alleen=NIEUW,
    element="Einddatum",
    melding=lambda stop, kijk: "Einddatum ligt voor die van de eerder gemelde stop; vul die dag of een latere.",
    kijkt_naar=("leveringen",),
)
def tr414_stop_is_not_before_the_previous(stop: StopProduct, kijk: Kijk) -> bool:
    """Einddatum is not before that of an earlier stop of the same levering.

    Source: iJw 3.2 and iWmo 3.2, TR414.
    """
    return all(each.einddatum is None or stop.einddatum >= each.einddatum for each in _stops_of_levering(kijk, stop))


@rule(
    "TR415",
    retourcode="9415",
    niveau=BERICHTOVERSTIJGEND,
    berichten=("307",),
    klasse=StopProduct,
    alleen=NIEUW,
    element="RedenBeeindiging",
    melding=lambda stop, kijk: "Deze levering is al definitief gestopt; verwijder die stop eerst als zij niet klopt.",
    kijkt_naar=("leveringen",),
)
def tr415_no_stop_after_a_definitive_one(stop: StopProduct, kijk: Kijk) -> bool:
    """A levering that was stopped definitively is not stopped again.

    Source: iJw 3.2 and iWmo 3.2, TR415.
    """
    return not any(each.reden_beeindiging != TIJDELIJK for each in _stops_of_levering(kijk, stop))


def start_sleutel(levering: StartProduct | StopProduct) -> StartSleutel:
    """The key of a start, or of the start that a stop names."""
    if levering.product is None:
        return levering.toewijzing_nummer, None, None, levering.begindatum
    return levering.toewijzing_nummer, levering.product.categorie, levering.product.code, levering.begindatum


def is_same_levering(bekend: Levering, levering: StartProduct | StopProduct) -> bool:
    """Whether a known start or stop has the logical key of this one (IV008)."""
    if isinstance(levering, StartProduct):
        return not bekend.is_stop and _start_of(bekend) == start_sleutel(levering)
    key = (bekend.reden_beeindiging, bekend.einddatum)
    return bekend.is_stop and _start_of(bekend) == start_sleutel(levering) and key == (levering.reden_beeindiging, levering.einddatum)


def _start_of(levering: Levering) -> StartSleutel:
    """The same key of a known start or stop."""
    return levering.toewijzing_nummer, levering.categorie, levering.code, levering.begindatum


def _starts(kijk: Kijk, levering: StartProduct | StopProduct) -> Iterator[Levering]:
    """Known starts with the start key of this levering."""
    sleutel = start_sleutel(levering)
    return (bekend for bekend in kijk.leveringen if not bekend.is_stop and _start_of(bekend) == sleutel)


def _same_stops(kijk: Kijk, stop: StopProduct) -> Iterator[Levering]:
    """Known stops with the logical key of this one."""
    return (bekend for bekend in kijk.leveringen if is_same_levering(bekend, stop))


def _stops_of_levering(kijk: Kijk, stop: StopProduct) -> Iterator[Levering]:
    """Known stops of the same ToewijzingNummer and Begindatum; the product takes no part, as TR413 to TR415 are written."""
    return (bekend for bekend in kijk.leveringen if bekend.is_stop and bekend.begindatum == stop.begindatum)


def _dagtekening(kijk: Kijk) -> date:
    """Dagtekening of the bericht."""
    return kijk.bericht.header.bericht_identificatie.dagtekening
