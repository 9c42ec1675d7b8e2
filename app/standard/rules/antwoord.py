"""Rules about what a gemeente says to a request: the Antwoord (319) when it does not grant it, the reference of a toewijzing (301) when it does.

`kijk.verzoek` is the request that ReferentieAanbieder names. Without one TR355 or TR379 fails, and the rules that ask how it stands hold.
"""

from __future__ import annotations

from app.domain.snapshot import Kijk, Toewijzing, VerzoekStatus
from app.domain.toewijzing import ToegewezenProduct
from app.domain.verzoek import AFGEWEZEN, IN_ONDERZOEK, WOONPLAATSBEGINSEL, Antwoord
from app.standard.rules.engine import BERICHTOVERSTIJGEND, rule

BERICHTEN = ("319",)
TOEWIJZING = ("301",)
VERZOEK_OM_WIJZIGING = "317"


@rule(
    "CD085",
    berichten=BERICHTEN,
    klasse=Antwoord,
    element="RedenAfwijzingVerzoek",
    melding=lambda antwoord, kijk: "Vul RedenAfwijzingVerzoek, want VerzoekAntwoord is 1 (verzoek afgewezen).",
)
def cd085_refusal_has_a_reden(antwoord: Antwoord, kijk: Kijk) -> bool:
    """RedenAfwijzingVerzoek is filled when VerzoekAntwoord is 1 (verzoek afgewezen).

    Source: iJw 3.2 and iWmo 3.2, CD085.
    """
    return antwoord.verzoek_antwoord != AFGEWEZEN or antwoord.reden_afwijzing_verzoek is not None


@rule(
    "CD086",
    berichten=BERICHTEN,
    klasse=Antwoord,
    element="RedenAfwijzingVerzoek",
    melding=lambda antwoord, kijk: "Laat RedenAfwijzingVerzoek leeg, want VerzoekAntwoord is 2 (aanvraag in onderzoek).",
)
def cd086_investigation_has_no_reden(antwoord: Antwoord, kijk: Kijk) -> bool:
    """RedenAfwijzingVerzoek is empty when VerzoekAntwoord is 2 (aanvraag in onderzoek).

    Source: iJw 3.2 and iWmo 3.2, CD086.
    """
    return antwoord.verzoek_antwoord != IN_ONDERZOEK or antwoord.reden_afwijzing_verzoek is None


@rule(
    "TR377",
    berichten=BERICHTEN,
    domeinen=("ijw",),
    klasse=Antwoord,
    element="Woonplaatsbeginsel",
    melding=lambda antwoord, kijk: (
        "Neem Woonplaatsbeginsel op met de gemeente die wel verantwoordelijk is, want RedenAfwijzingVerzoek is 8 (woonplaatsbeginsel)."
    ),
)
def tr377_woonplaatsbeginsel_names_the_gemeente(antwoord: Antwoord, kijk: Kijk) -> bool:
    """Woonplaatsbeginsel is there when RedenAfwijzingVerzoek is 8.

    Source: iJw 3.2, TR377 (iWmo has no such rule).
    """
    return antwoord.reden_afwijzing_verzoek != WOONPLAATSBEGINSEL or antwoord.woonplaatsbeginsel is not None


@rule(
    "TR409",
    berichten=BERICHTEN,
    domeinen=("ijw",),
    klasse=Antwoord,
    element="Woonplaatsbeginsel",
    melding=lambda antwoord, kijk: "Laat Woonplaatsbeginsel weg, want RedenAfwijzingVerzoek is niet 8 (woonplaatsbeginsel).",
)
def tr409_no_woonplaatsbeginsel_for_another_reden(antwoord: Antwoord, kijk: Kijk) -> bool:
    """Woonplaatsbeginsel is absent when RedenAfwijzingVerzoek is not 8, or empty.

    Source: iJw 3.2, TR409 (iWmo has no such rule).
    """
    return antwoord.reden_afwijzing_verzoek == WOONPLAATSBEGINSEL or antwoord.woonplaatsbeginsel is None


@rule(
    "TR355",
    retourcode="9355",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Antwoord,
    element="ReferentieAanbieder",
    melding=lambda antwoord, kijk: (
        f"Deze aanbieder heeft u geen verzoek met ReferentieAanbieder {antwoord.referentie_aanbieder} gestuurd; neem de referentie over uit "
        "zijn verzoek."
    ),
    kijkt_naar=("verzoeken",),
)
def tr355_antwoord_names_a_request(antwoord: Antwoord, kijk: Kijk) -> bool:
    """ReferentieAanbieder is that of an earlier 315 or 317 of this aanbieder to this gemeente.

    Source: iJw 3.2 and iWmo 3.2, TR355.
    """
    return kijk.verzoek is not None


@rule(
    "TR359",
    retourcode="9359",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Antwoord,
    element="ReferentieAanbieder",
    melding=lambda antwoord, kijk: (
        f"Op verzoek {antwoord.referentie_aanbieder} is al een toewijzing gestuurd; een antwoordbericht kan dan niet meer."
    ),
    kijkt_naar=("verzoeken",),
)
def tr359_request_is_not_granted(antwoord: Antwoord, kijk: Kijk) -> bool:
    """No toewijzing with this ReferentieAanbieder was sent.

    Source: iJw 3.2 and iWmo 3.2, TR359.
    """
    return not _has_status(kijk, VerzoekStatus.TOEGEWEZEN)


@rule(
    "TR360",
    retourcode="9360",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Antwoord,
    element="VerzoekAntwoord",
    melding=lambda antwoord, kijk: (
        f"Op verzoek {antwoord.referentie_aanbieder} is al geantwoord; dat het in onderzoek is (2) kan alleen het eerste antwoord zeggen."
    ),
    kijkt_naar=("verzoeken",),
)
def tr360_investigation_is_the_first_antwoord(antwoord: Antwoord, kijk: Kijk) -> bool:
    """VerzoekAntwoord 2 (aanvraag in onderzoek) comes first: no earlier antwoordbericht has this ReferentieAanbieder.

    Source: iJw 3.2 and iWmo 3.2, TR360. After a toewijzing TR359 fails; whether an antwoord came before it no longer matters then.
    """
    return antwoord.verzoek_antwoord != IN_ONDERZOEK or not _has_status(kijk, VerzoekStatus.IN_ONDERZOEK, VerzoekStatus.AFGEWEZEN)


@rule(
    "TR365",
    retourcode="9365",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Antwoord,
    element="ReferentieAanbieder",
    melding=lambda antwoord, kijk: (
        f"Verzoek {antwoord.referentie_aanbieder} is al afgewezen; een volgend antwoord kan alleen na VerzoekAntwoord 2 (in onderzoek)."
    ),
    kijkt_naar=("verzoeken",),
)
def tr365_earlier_antwoord_was_investigation(antwoord: Antwoord, kijk: Kijk) -> bool:
    """An earlier antwoordbericht with this ReferentieAanbieder had VerzoekAntwoord 2: a request is refused once.

    Source: iJw 3.2 and iWmo 3.2, TR365.
    """
    return not _has_status(kijk, VerzoekStatus.AFGEWEZEN)


@rule(
    "TR379",
    retourcode="9379",
    niveau=BERICHTOVERSTIJGEND,
    berichten=TOEWIJZING,
    klasse=ToegewezenProduct,
    element="ReferentieAanbieder",
    melding=lambda product, kijk: (
        f"ReferentieAanbieder {product.referentie_aanbieder} kan hier niet staan: {why_not_an_answer(product, kijk)}."
    ),
    kijkt_naar=("clienten", "verzoeken", "toewijzingnummers"),
)
def tr379_referentie_is_of_an_undecided_request(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """ReferentieAanbieder is that of a request of this client that the toewijzing decides, or empty.

    Source: iJw 3.2 and iWmo 3.2, TR379, with IV093, IV094 and IV097. Whether a toewijzing without a reference decides a request after all is
    known to the gemeente only.
    """
    return why_not_an_answer(product, kijk) is None


def why_not_an_answer(product: ToegewezenProduct, kijk: Kijk) -> str | None:
    """Why the line decides no request with its reference, in words; None when it does, when it has none, or when it is sent again.

    What is sent again is a version that is known by its Toewijzingsdatum and -tijd (IV013): with the reference it had, or with that of the
    317 that was granted by leaving it as it was (IV093).
    """
    if product.referentie_aanbieder is None:
        return None
    bekend = _known_version(product, kijk)
    if bekend is not None and bekend.referentie_aanbieder == product.referentie_aanbieder:
        return None
    verzoek = kijk.verzoek
    if verzoek is None:
        return "deze aanbieder heeft u geen verzoek met die referentie gestuurd; neem haar over uit zijn verzoek of laat haar leeg"
    if verzoek.client_id != kijk.client_id:
        return "het verzoek met die referentie is voor een andere client"
    if bekend is not None and verzoek.status is VerzoekStatus.TOEGEWEZEN:
        return None
    if not verzoek.status.is_onderhanden:
        return f"dat verzoek is al {verzoek.status.value}; laat haar leeg bij wat de gemeente daarna zelf wijzigt"
    if verzoek.soort == VERZOEK_OM_WIJZIGING and len(kijk.binnen.referenties) > 1:
        return "een verzoek om wijziging wordt als geheel toegewezen; vul dezelfde referentie bij elk product van het bericht"
    return None


def _known_version(product: ToegewezenProduct, kijk: Kijk) -> Toewijzing | None:
    """The version that the register has with the number, Toewijzingsdatum and -tijd of the line."""
    moment = (product.toewijzingsdatum, product.toewijzingstijd)
    versies = kijk.snapshot.toewijzingen.get((kijk.gemeente, product.toewijzing_nummer), ())
    return next((versie for versie in versies if versie.volgorde == moment), None)


def _has_status(kijk: Kijk, *statussen: VerzoekStatus) -> bool:
    """Whether the request that is answered stands so; without a request it does not stand at all."""
    return kijk.verzoek is not None and kijk.verzoek.status in statussen
