"""Deliberate faults of requests and answers to them: twins of a good 315, 317 or 319 that are wrong in one way."""

from __future__ import annotations

from dataclasses import replace

from app.domain.bericht import Client
from app.domain.verzoek import AFGEWEZEN, IN_ONDERZOEK, AangevraagdProduct, Antwoord, Verzoek
from app.parties.generator.personen import spare_bsns
from app.parties.generator.tweelingen import NA, VOOR, Maker, client_of, own_identificatie, twin, with_identificatie
from app.parties.generator.zending import Opzet, Zending

CLIENT = "/Bericht/Client"
GEVRAAGD = f"{CLIENT}/AangevraagdeProducten/AangevraagdProduct[1]"
VERZOEK = f"{CLIENT}/Verzoek"
ANTWOORD = "/Bericht/Antwoord"


def _asked(zending: Zending) -> tuple[AangevraagdProduct, ...]:
    return client_of(zending).aangevraagde_producten


def _verzoek(zending: Zending) -> Verzoek:
    verzoek = client_of(zending).verzoek
    assert verzoek is not None
    return verzoek


def _antwoord(zending: Zending) -> Antwoord:
    assert zending.bericht.antwoord is not None
    return zending.bericht.antwoord


def _made(zending: Zending, label: Opzet, client: Client) -> Zending:
    """A twin that comes before the good request, for another client part."""
    return twin(zending, replace(zending.bericht, client=client), label, VOOR)


def tweede_verzoek(zending: Zending, _: Zending | None) -> Zending | None:
    """A second request for the client under new references while the first is undecided."""
    producten = tuple(replace(each, referentie_aanbieder=f"X{each.referentie_aanbieder[1:]}") for each in _asked(zending))
    header = with_identificatie(zending.bericht.header, own_identificatie(zending))
    again = replace(zending.bericht, header=header, client=replace(client_of(zending), aangevraagde_producten=producten))
    label = Opzet(pad=CLIENT, regel="TR374", retourcode="9374", waarom="voor deze client loopt nog een verzoek")
    return twin(zending, again, label, NA)


def gebruikte_referentie(zending: Zending, eerder: Zending | None) -> Zending | None:
    """The reference of a request of an earlier day, for another client."""
    if eerder is None or eerder.dag == zending.dag:
        return None
    first, *rest = _asked(zending)
    used = replace(first, referentie_aanbieder=_asked(eerder)[0].referentie_aanbieder)
    label = Opzet(pad=GEVRAAGD, regel="TR347", retourcode="9347", waarom="ReferentieAanbieder is al gebruikt voor een eerder verzoek")
    return _made(zending, label, replace(client_of(zending), aangevraagde_producten=(used, *rest)))


def per_week_zonder_einde(zending: Zending, _: Zending | None) -> Zending | None:
    """So much a week without a last day."""
    first, *rest = _asked(zending)
    if first.omvang is None or first.omvang.frequentie != "2" or first.toewijzing_einddatum is None:
        return None
    label = Opzet(pad=GEVRAAGD, regel="CD076", retourcode="0001", waarom="een omvang per week heeft een ToewijzingEinddatum")
    open_end = replace(first, toewijzing_einddatum=None)
    return _made(zending, label, replace(client_of(zending), aangevraagde_producten=(open_end, *rest)))


def vergeten_toewijzing(zending: Zending, _: Zending | None) -> Zending | None:
    """A 317 that leaves out a toewijzing which stays as it is."""
    if not _verzoek(zending).ongewijzigde_producten:
        return None
    label = Opzet(pad=VERZOEK, regel="TR349", retourcode="9349", waarom="een actuele toewijzing van de client ontbreekt in het verzoek")
    return _made(zending, label, replace(client_of(zending), verzoek=replace(_verzoek(zending), ongewijzigde_producten=())))


def onbekende_client(zending: Zending, _: Zending | None) -> Zending | None:
    """A 317 for a Bsn that no 301 named."""
    label = Opzet(pad=CLIENT, regel="TR304", retourcode="8187", waarom="deze Bsn is geen client met een toewijzing aan de aanbieder")
    return _made(zending, label, replace(client_of(zending), bsn=spare_bsns()[-1]))


def verzoek_zonder_wijziging(zending: Zending, _: Zending | None) -> Zending | None:
    """A 317 that changes nothing."""
    verzoek = _verzoek(zending)
    if not verzoek.ongewijzigde_producten:
        return None
    label = Opzet(pad=VERZOEK, regel="TR353", retourcode="0001", waarom="er is geen TeWijzigenProduct en geen NieuwProduct")
    return _made(zending, label, replace(client_of(zending), verzoek=replace(verzoek, te_wijzigen_producten=())))


def onbekend_verzoek(zending: Zending, _: Zending | None) -> Zending | None:
    """A 319 to a request that nobody sent."""
    wrong = replace(_antwoord(zending), referentie_aanbieder=f"X{_antwoord(zending).referentie_aanbieder[1:]}")
    label = Opzet(pad=ANTWOORD, regel="TR355", retourcode="9355", waarom="er is geen verzoek met deze ReferentieAanbieder")
    return twin(zending, replace(zending.bericht, antwoord=wrong), label, VOOR)


def tweemaal_in_onderzoek(zending: Zending, _: Zending | None) -> Zending | None:
    """A second 319 that says that the request is looked into."""
    if _antwoord(zending).verzoek_antwoord != IN_ONDERZOEK:
        return None
    header = with_identificatie(zending.bericht.header, own_identificatie(zending))
    label = Opzet(pad=ANTWOORD, regel="TR360", retourcode="9360", waarom="dat het verzoek in onderzoek is, is al gezegd")
    return twin(zending, replace(zending.bericht, header=header), label, NA)


def afwijzing_zonder_reden(zending: Zending, _: Zending | None) -> Zending | None:
    """A refusal that does not say why."""
    antwoord = _antwoord(zending)
    if antwoord.verzoek_antwoord != AFGEWEZEN or antwoord.woonplaatsbeginsel is not None:
        return None
    label = Opzet(pad=ANTWOORD, regel="CD085", retourcode="0001", waarom="een afwijzing heeft een RedenAfwijzingVerzoek")
    return twin(zending, replace(zending.bericht, antwoord=replace(antwoord, reden_afwijzing_verzoek=None)), label, VOOR)


def woonplaats_zonder_gemeente(zending: Zending, _: Zending | None) -> Zending | None:
    """The woonplaatsbeginsel as reason, without the gemeente that bears the care."""
    antwoord = _antwoord(zending)
    if antwoord.woonplaatsbeginsel is None:
        return None
    label = Opzet(pad=ANTWOORD, regel="TR377", retourcode="0001", waarom="bij reden 8 ontbreekt de gemeente van het woonplaatsbeginsel")
    return twin(zending, replace(zending.bericht, antwoord=replace(antwoord, woonplaatsbeginsel=None)), label, VOOR)


MAKERS: dict[str, tuple[Maker, ...]] = {
    "315": (tweede_verzoek, gebruikte_referentie, per_week_zonder_einde),
    "317": (vergeten_toewijzing, onbekende_client, verzoek_zonder_wijziging),
    "319": (onbekend_verzoek, tweemaal_in_onderzoek, afwijzing_zonder_reden, woonplaats_zonder_gemeente),
}
"""Every way in which a request or an answer is made wrong."""
