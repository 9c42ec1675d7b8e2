"""The tree of what we refuse or cannot do; findings about a bericht are values (`Bevinding`), not errors.

DomainError                    we refuse a request; its docstring is the default sentence
├── NietGevonden               404
├── NietToegestaan             403
├── NietAangemeld              401
├── OngeldigVerzoek            400, 422
│   ├── RegioOngeldig          the region folder contradicts itself; carries every error
│   └── RegelingOngeldig       an agreement does not fit (`solidarity.errors`); carries every objection
├── Conflict                   409
├── Verouderd                  412: based on what no longer counts; carries what does
├── KenmerkNodig               428: says not what it is based on
└── NietOndersteund            501: known, not built yet
Parkeren                       a bericht that cannot be judged: parked with its reason, never approved
Unavailable                    the world is away (database, broker): try again later
"""

from __future__ import annotations


class DomainError(Exception):
    """Dit verzoek kan niet worden uitgevoerd."""

    status = 400

    def __init__(self, melding: str | None = None, **feiten: object) -> None:
        self.melding = melding or (type(self).__doc__ or "").strip()
        self.feiten = feiten
        super().__init__(self.melding)


class NietGevonden(DomainError):
    """Dit bestaat niet, of niet voor u."""

    status = 404


class NietToegestaan(DomainError):
    """U mag dit niet."""

    status = 403


class NietAangemeld(DomainError):
    """Meld u aan met een geldig token of account."""

    status = 401


class OngeldigVerzoek(DomainError):
    """Dit verzoek is niet goed ingevuld."""

    status = 422


class RegioOngeldig(OngeldigVerzoek):
    """De regiomap bevat fouten; er is niets geladen."""

    @property
    def fouten(self) -> list[dict[str, object]]:
        """Every fault, with bestand, rij, kolom, waarde and melding."""
        faults = self.feiten.get("fouten")
        return list(faults) if isinstance(faults, list) else []


class Conflict(DomainError):
    """Dit is intussen door iets anders gewijzigd."""

    status = 409


class Verouderd(DomainError):
    """Wat u wilt wijzigen is intussen anders; haal het opnieuw op."""

    status = 412

    @property
    def fouten(self) -> list[dict[str, object]]:
        """Every row that is another, with bestand, sleutel and, in `waarde`, its etag now (None: it is not there)."""
        faults = self.feiten.get("fouten")
        return list(faults) if isinstance(faults, list) else []


class KenmerkNodig(DomainError):
    """Zeg met If-Match welke versie u wijzigt, of met If-None-Match: * dat de rij nieuw is."""

    status = 428


class NietOndersteund(DomainError):
    """Dit is nog niet gebouwd."""

    status = 501


class Parkeren(Exception):
    """Dit bericht kan niet worden beoordeeld."""

    def __init__(self, reden: str) -> None:
        self.reden = reden
        super().__init__(reden)


class Unavailable(Exception):
    """De database of de broker is nu niet bereikbaar."""
