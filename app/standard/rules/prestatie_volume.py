"""Whether a Prestatie fits in what was allocated: per line (TR321), over the whole toewijzing (TR322), and in its Budget (TR369)."""

from __future__ import annotations

from app.domain.bedrag import euro
from app.domain.declaratie import Prestatie
from app.domain.snapshot import Kijk
from app.standard.rules.engine import BERICHTOVERSTIJGEND, rule
from app.standard.rules.prestatie import BERICHTEN, DEBET
from app.standard.rules.volume import (
    EURO,
    HUISHOUDELIJKE_HULP,
    MINUUT,
    PER_WEEK,
    UUR,
    WEKEN_HUISHOUDELIJKE_HULP,
    as_basis,
    passende_eenheid,
    volume_over_looptijd,
    volume_per_periode,
)


@rule(
    "TR321",
    retourcode="9321",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="GeleverdVolume",
    melding=lambda prestatie, kijk: (
        f"In deze ProductPeriode is hoogstens {_in_words(most_in_periode(prestatie, kijk), _eenheid(kijk))} toegestaan; "
        f"u declareert {_declared(prestatie, kijk)}."
    ),
    kijkt_naar=("toewijzing",),
)
def tr321_geleverd_volume_fits(prestatie: Prestatie, kijk: Kijk) -> bool:
    """GeleverdVolume fits within the Volume of the toewijzing for the ProductPeriode.

    Source: iJw 3.2 and iWmo 3.2, TR321, IV076 to IV078 (eenheid, frequentie and duration are converted first).
    Returns:
        True when the rule holds; always True without Omvang, and with an eenheid that does not fit (TR341).
    """
    most = most_in_periode(prestatie, kijk)
    return most is None or as_basis(prestatie.geleverd_volume, prestatie.eenheid) <= most


@rule(
    "TR322",
    retourcode="9322",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="GeleverdVolume",
    melding=lambda prestatie, kijk: (
        f"Van {_in_words(most_in_total(prestatie, kijk), _eenheid(kijk))} "
        f"{_left(most_in_total(prestatie, kijk), used_before(kijk), _eenheid(kijk))}; u declareert {_declared(prestatie, kijk)}."
    ),
    kijkt_naar=("toewijzing", "verbruik"),
)
def tr322_total_volume_fits(prestatie: Prestatie, kijk: Kijk) -> bool:
    """What was granted on the toewijzing and this line together fit within its Omvang over the whole duration.

    Source: iJw 3.2 and iWmo 3.2, TR322. That the sum counts granted debits less credits is inferred.
    Returns:
        True when the rule holds; always True without a total: no Omvang, an open toewijzing, an eenheid that does not fit (TR341).
    """
    most = most_in_total(prestatie, kijk)
    if most is None:
        return True
    used = used_before(kijk) if kijk.verbruik else 0
    return used + as_basis(prestatie.geleverd_volume, prestatie.eenheid) <= most


@rule(
    "TR369",
    retourcode="9369",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="GeleverdVolume",
    melding=lambda prestatie, kijk: (
        f"Van het Budget van {euro(_budget(kijk) or 0)} resteert {euro(max(0, (_budget(kijk) or 0) - kijk.besteed))}; "
        f"u declareert {euro(prestatie.ingediend_bedrag.bedrag)}."
    ),
    kijkt_naar=("toewijzing", "verbruik"),
)
def tr369_budget_is_not_exceeded(prestatie: Prestatie, kijk: Kijk) -> bool:
    """What was granted on the toewijzing and this line together fit within its Budget.

    Source: iJw 3.2 and iWmo 3.2, TR369. The text adds up GeleverdVolume, which counts cents for Eenheid 83 only; for the other eenheden
    the amounts are compared, because a Budget is money [inferred].
    """
    budget = _budget(kijk)
    return budget is None or kijk.besteed + prestatie.ingediend_bedrag.bedrag <= budget


def most_in_periode(prestatie: Prestatie, kijk: Kijk) -> int | None:
    """The most that the line may hold, hours as minutes; None without a bound."""
    toewijzing = kijk.toewijzing
    if toewijzing is None:
        return None
    omvang = toewijzing.omvang
    if omvang is None or not passende_eenheid(omvang.eenheid, prestatie.eenheid):
        return None
    if toewijzing.domein == "iwmo" and omvang.frequentie == PER_WEEK and prestatie.product_categorie == HUISHOUDELIJKE_HULP:
        return as_basis(omvang.volume * WEKEN_HUISHOUDELIJKE_HULP, omvang.eenheid)
    looptijd, periode = (toewijzing.ingangsdatum, toewijzing.einddatum), prestatie.product_periode
    return as_basis(volume_per_periode(omvang, looptijd, periode.begindatum, periode.einddatum), omvang.eenheid)


def most_in_total(prestatie: Prestatie, kijk: Kijk) -> int | None:
    """The most that all lines on the toewijzing may hold, hours as minutes; None without a bound."""
    toewijzing = kijk.toewijzing
    if toewijzing is None:
        return None
    omvang = toewijzing.omvang
    if omvang is None or not passende_eenheid(omvang.eenheid, prestatie.eenheid):
        return None
    total = volume_over_looptijd(omvang, (toewijzing.ingangsdatum, toewijzing.einddatum))
    return None if total is None else as_basis(total, omvang.eenheid)


def used_before(kijk: Kijk) -> int:
    """What was granted on the toewijzing so far, in its eenheid, hours as minutes."""
    eenheid = _eenheid(kijk)
    return sum(as_basis(volume, gedeclareerd) for gedeclareerd, volume in kijk.verbruik.items() if passende_eenheid(eenheid, gedeclareerd))


def _eenheid(kijk: Kijk) -> str:
    """Eenheid of the Omvang; empty without one."""
    return kijk.toewijzing.omvang.eenheid if kijk.toewijzing and kijk.toewijzing.omvang else ""


def _budget(kijk: Kijk) -> int | None:
    """Budget of the toewijzing in cents."""
    return kijk.toewijzing.budget if kijk.toewijzing else None


_NAMEN = {
    "01": ("minuut", "minuten"),
    "14": ("etmaal", "etmalen"),
    "16": ("dagdeel", "dagdelen"),
    "82": ("stuk", "stuks"),
    "84": ("stuk", "stuks"),
}
_ANDERS = ("eenheid", "eenheden")


def _in_words(basis: int | None, eenheid: str) -> str:
    """An amount of an eenheid, hours given in minutes, for a sentence: `6 uur en 30 minuten`."""
    if basis is None:
        return "onbeperkt"
    if eenheid == EURO:
        return euro(basis)
    if eenheid != UUR:
        return f"{basis} {_NAMEN.get(eenheid, _ANDERS)[basis != 1]}"
    uren, minuten = divmod(basis, 60)
    parts = [f"{uren} uur"] if uren or not minuten else []
    return " en ".join(parts + ([_in_words(minuten, MINUUT)] if minuten else []))


def _declared(prestatie: Prestatie, kijk: Kijk) -> str:
    """GeleverdVolume in the unit of the toewijzing, so that it can be compared: 90 minutes on hours is `1 uur en 30 minuten`."""
    return _in_words(as_basis(prestatie.geleverd_volume, prestatie.eenheid), _eenheid(kijk))


def _left(most: int | None, used: int, eenheid: str) -> str:
    """What is left of the total, for a sentence."""
    if most is None or used >= most:
        return "resteert niets"
    one = eenheid == EURO or most - used == as_basis(1, eenheid)
    return f"{'resteert' if one else 'resteren'} {_in_words(most - used, eenheid)}"
