"""What is left of each toewijzing that a 323 names, before it is sent (TR322). Pure.

Shows a sender only toewijzingen that were sent to it, of the client it names them for: as the rules themselves (see `kijken`).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.declaratie import Declaratie, Prestatie
from app.domain.snapshot import Kijk, Toewijzing
from app.domain.toewijzing import Omvang
from app.judging.kijken import kijk_op_client, visible_toewijzing
from app.standard.rules.volume import MINUTEN_PER_UUR, MINUUT, UUR, Looptijd, as_basis, passende_eenheid, volume_over_looptijd

TOEWIJZINGEN_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Resterend:
    """What is left of one toewijzing, in whole `eenheid` (WJ756).

    A toewijzing in hours is counted in hours when all four amounts are whole hours, otherwise in minutes.

    Attributes:
        toegestaan: The most over its whole duration (IV076 to IV079).
        verbruikt: Granted before this bericht, debits less credits.
        in_dit_bericht: Declared in this bericht, debits less credits, granted or not.
        resterend: What remains after it; negative when more is declared than was left.
    """

    toewijzing_nummer: int
    eenheid: str
    toegestaan: int
    verbruikt: int
    in_dit_bericht: int
    resterend: int


def what_is_left(kijk: Kijk, declaratie: Declaratie, *, rows_max: int = TOEWIJZINGEN_MAX) -> tuple[tuple[Resterend, ...], bool]:
    """What is left of the toewijzingen that a declaratie names, by number.

    A toewijzing without a total is not listed: one without Omvang, without end, or deleted.

    Args:
        kijk: On the bericht; its Snapshot holds what was granted before.
        rows_max: The first so many are listed.
    Returns:
        The rows, and whether there were more.
    """
    totals: dict[int, tuple[Omvang, int]] = {}
    declared: dict[int, int] = {}
    for client in declaratie.clienten:
        view = kijk_op_client(kijk, client.bsn)
        for prestatie in client.prestaties:
            nummer = prestatie.toewijzing_nummer
            if nummer not in totals:
                total = _total(visible_toewijzing(view, nummer))
                if total is None:
                    continue
                totals[nummer] = total
            elif visible_toewijzing(view, nummer) is None:
                continue
            declared[nummer] = declared.get(nummer, 0) + _counted(prestatie, totals[nummer][0])
    rows = [_row(kijk, nummer, *totals[nummer], declared[nummer]) for nummer in sorted(totals)[:rows_max]]
    return tuple(rows), len(totals) > rows_max


def _total(toewijzing: Toewijzing | None) -> tuple[Omvang, int] | None:
    """The Omvang and the most that all lines together may hold, hours as minutes; None without a total."""
    if toewijzing is None or toewijzing.is_verwijderd or toewijzing.omvang is None:
        return None
    total = volume_over_looptijd(toewijzing.omvang, Looptijd(toewijzing.ingangsdatum, toewijzing.einddatum))
    return None if total is None else (toewijzing.omvang, as_basis(total, toewijzing.omvang.eenheid))


def _counted(prestatie: Prestatie, omvang: Omvang) -> int:
    """What a line adds to the use of its toewijzing, hours as minutes; nothing in an eenheid that does not fit (TR341)."""
    if not passende_eenheid(omvang.eenheid, prestatie.eenheid):
        return 0
    volume = as_basis(prestatie.geleverd_volume, prestatie.eenheid)
    return -volume if prestatie.is_credit else volume


def _row(kijk: Kijk, nummer: int, omvang: Omvang, total: int, declared: int) -> Resterend:
    """One toewijzing in its own eenheid; hours that are not whole in minutes."""
    verbruik = kijk.snapshot.verbruik.get((kijk.gemeente, nummer), {})
    used = sum(as_basis(volume, eenheid) for eenheid, volume in verbruik.items() if passende_eenheid(omvang.eenheid, eenheid))
    in_hours = omvang.eenheid == UUR
    whole = in_hours and not any(amount % MINUTEN_PER_UUR for amount in (total, used, declared))
    per = MINUTEN_PER_UUR if whole else 1
    return Resterend(
        toewijzing_nummer=nummer,
        eenheid=MINUUT if in_hours and not whole else omvang.eenheid,
        toegestaan=total // per,
        verbruikt=used // per,
        in_dit_bericht=declared // per,
        resterend=(total - used - declared) // per,
    )
