"""From what the region lays down and what is asked to what the books should say, per kind of act. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from app.domain.errors import OngeldigVerzoek
from app.ledger import gebeurtenissen as soorten
from app.ledger.boeking import Rekening
from app.ledger.handeling_plan import Bekostigd, Post, termijn_cent, termijn_in, verdeel
from app.ledger.opdracht import Deelplan, Opdracht, OpdrachtSoort
from app.ledger.rekeningschema import BANK, CREDITEUR, INLEG, KAS, KOSTEN, KOSTEN_LOKAAL, ORGANISATIEKOSTEN, VOORSCHOT, VOORSCHOT_SVB
from app.ledger.verplichting import ONBEKEND

TERMIJN_VAN_VORM = {
    "lumpsum": (soorten.LUMPSUM_TERMIJN, KOSTEN),
    "subsidie": (soorten.SUBSIDIE_TERMIJN, KOSTEN),
    "budget": (soorten.GARANTIE_TERMIJN, VOORSCHOT),
}
"""Per vorm of bekostiging the soort of its terms and the account they are debited to."""
SOORTEN_VAN: Mapping[OpdrachtSoort, tuple[str, ...]] = {
    OpdrachtSoort.TERMIJNEN: tuple(soort for soort, _ in TERMIJN_VAN_VORM.values()),
    OpdrachtSoort.VOORSCHOTTEN: (soorten.VOORSCHOT_SOORT,),
    OpdrachtSoort.BIJDRAGEN: (soorten.BIJDRAGE,),
    OpdrachtSoort.ORGANISATIEKOSTEN: (soorten.ORGANISATIE,),
    OpdrachtSoort.PGB_VOORSCHOT: (soorten.PGB_VOORSCHOT,),
    OpdrachtSoort.PGB_BESTEDING: (soorten.PGB_BESTEDING,),
    OpdrachtSoort.OUDERBIJDRAGE: (soorten.OUDERBIJDRAGE,),
    OpdrachtSoort.LOKAAL: (soorten.LOKAAL,),
    OpdrachtSoort.WOONPLAATS: (soorten.WOONPLAATS,),
}
"""Which soorten of boeking an act of a kind makes, one act for each."""


def termijnplannen(maand: date, due: Sequence[Bekostigd], weights: Mapping[str, Fraction], maatstaf: str) -> list[Deelplan]:
    """The terms that are due in a month, per vorm of bekostiging; a contract of several gemeenten is divided by a maatstaf.

    Raises:
        OngeldigVerzoek: The maatstaf has no value for a gemeente of such a contract.
    """
    found = []
    for vorm, (soort, _) in TERMIJN_VAN_VORM.items():
        plan: dict[Post, int] = defaultdict(int)
        for each in (each for each in due if each.vorm == vorm):
            _add_term(plan, each, maand, weights, maatstaf)
        found.append(Deelplan(soort=soort, sleutel=as_sleutel(maand), plan=plan))
    return found


def _add_term(plan: dict[Post, int], each: Bekostigd, maand: date, weights: Mapping[str, Fraction], maatstaf: str) -> None:
    """The term of one contract in a month, divided over its gemeenten."""
    nummer = termijn_in(maand, each.termijnen)
    if nummer is None or not each.gemeenten:
        return
    _, account = TERMIJN_VAN_VORM[each.vorm]
    missing = [code for code in each.gemeenten if code not in weights]
    if len(each.gemeenten) > 1 and missing:
        raise OngeldigVerzoek(
            f"Maatstaf {maatstaf} heeft in {maand.year} geen waarde voor gemeente {missing[0]} van contract {each.contract}."
        )
    # The year is divided first, so that each gemeente pays exactly its part of it over the terms.
    shares = {each.gemeenten[0]: each.gegarandeerd_cent}
    if len(each.gemeenten) > 1:
        shares = _verdeel(each.gegarandeerd_cent, {code: weights[code] for code in each.gemeenten}, maatstaf)
    for code, cents in shares.items():
        debet = Rekening(KOSTEN, code) if account == KOSTEN else Rekening(account, code, each.agb)
        post = Post(debet, Rekening(CREDITEUR, code, each.agb), each.domein, each.zorgvorm or ONBEKEND, maand)
        plan[post] += termijn_cent(cents, each.termijnen, nummer)


def _verdeel(cents: int, weights: Mapping[str, Fraction], maatstaf: str) -> dict[str, int]:
    try:
        return verdeel(cents, weights)
    except ValueError as error:
        raise OngeldigVerzoek(f"Naar maatstaf {maatstaf} is niet te verdelen: geen waarde boven nul, of een onder nul.") from error


def voorschotplan(maand: date, per_aanbieder: Mapping[tuple[str, str], int]) -> Deelplan:
    """The advances of a month, by (agb, gemeente)."""
    plan = {
        Post(Rekening(VOORSCHOT, code, agb), Rekening(BANK, code), "", "", maand): cents for (agb, code), cents in per_aanbieder.items()
    }
    return Deelplan(soort=soorten.VOORSCHOT_SOORT, sleutel=as_sleutel(maand), plan=plan)


def bijdrageplan(maand: date, per_gemeente: Mapping[str, int]) -> Deelplan:
    """The contributions of a month."""
    plan = {naar_kas(INLEG, code, maand): cents for code, cents in per_gemeente.items()}
    return Deelplan(soort=soorten.BIJDRAGE, sleutel=as_sleutel(maand), plan=plan)


def organisatieplan(opdracht: Opdracht, weights: Mapping[str, Fraction]) -> Deelplan:
    """The cost of the organisation in a month over the gemeenten.

    Raises:
        OngeldigVerzoek: The maatstaf has no values in that year, or none above zero.
    """
    maand, maatstaf = opdracht.maand, opdracht.maatstaf
    if not weights:
        raise OngeldigVerzoek(f"Maatstaf {maatstaf} heeft in {maand.year} geen waarden.")
    shares = _verdeel(opdracht.bedrag_cent or 0, weights, maatstaf)
    plan = {naar_kas(ORGANISATIEKOSTEN, code, maand): cents for code, cents in shares.items()}
    return Deelplan(soort=soorten.ORGANISATIE, sleutel=as_sleutel(maand), plan=plan)


def standplan(opdracht: Opdracht) -> Deelplan:
    """One post of one gemeente and month at an amount: pgb, ouderbijdrage, local cost."""
    code, maand = opdracht.gemeente, opdracht.maand
    debet, credit = {
        OpdrachtSoort.PGB_VOORSCHOT: (Rekening(VOORSCHOT_SVB, code), Rekening(BANK, code)),
        OpdrachtSoort.PGB_BESTEDING: (Rekening(KOSTEN, code), Rekening(VOORSCHOT_SVB, code)),
        OpdrachtSoort.OUDERBIJDRAGE: (Rekening(BANK, code), Rekening(KOSTEN, code)),
        OpdrachtSoort.LOKAAL: (Rekening(KOSTEN_LOKAAL, code), Rekening(BANK, code)),
    }[opdracht.soort]
    sleutel = ":".join((as_sleutel(maand), code, opdracht.domein, opdracht.zorgvorm))
    post = Post(debet, credit, opdracht.domein, opdracht.zorgvorm, maand)
    (soort,) = SOORTEN_VAN[opdracht.soort]
    return Deelplan(soort=soort, sleutel=sleutel, plan={post: opdracht.bedrag_cent or 0})


def woonplaatsplan(opdracht: Opdracht, client_id: int | None) -> Deelplan:
    """Cost of a month of care from one gemeente to another, through the kas of the region: the only way there is between two gemeenten."""
    cents, maand = opdracht.bedrag_cent or 0, opdracht.maand

    def post(code: str) -> Post:
        return Post(Rekening(KOSTEN, code), Rekening(KAS), opdracht.domein, opdracht.zorgvorm, maand)

    about = "" if opdracht.toewijzing_nummer is None else f":{opdracht.toewijzing_nummer}"
    sleutel = f"{as_sleutel(maand)}:{opdracht.gemeente}>{opdracht.naar}:{opdracht.domein}:{opdracht.zorgvorm}{about}"
    plan = {post(opdracht.naar): cents, post(opdracht.gemeente): -cents}
    return Deelplan(soort=soorten.WOONPLAATS, sleutel=sleutel, plan=plan, client_id=client_id)


def naar_kas(soort: str, gemeente: str, maand: date) -> Post:
    """What a gemeente pays to the region for a month."""
    return Post(Rekening(soort, gemeente), Rekening(KAS), "", "", maand)


def as_sleutel(maand: date) -> str:
    """A month in the sleutel of an act."""
    return f"{maand:%Y-%m}"
