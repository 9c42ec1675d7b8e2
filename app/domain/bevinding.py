"""What a check found: one form for every layer, from the door to the rules against earlier berichten.

A bevinding is a value. Who decides what follows from it (a refusal, a retourcode, a parked bericht) is `intake` and `judging`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bevinding:
    """One rule that does not hold, and where.

    Attributes:
        regel: Code of the rule (`TR321`, `CS002`, `OP192`) or `XSD` for a fault of structure.
        retourcode: Code of list WJ001 that the answer carries, or None at controleniveau 1 (no retourbericht is made then).
        pad: Path of the element, with a 1-based index where the element repeats: `/Bericht/Client/Relaties/Relatie[2]`.
        regelnummer: Line in the XML, counted from 1; None when the fault has no line.
        waarde: The offending value, masked when it is personal data; None when there is none.
        melding: One Dutch sentence that tells the sender what to change, with the expected value.
    """

    regel: str
    retourcode: str | None = None
    pad: str = "/Bericht"
    regelnummer: int | None = None
    waarde: str | None = None
    melding: str

    def as_dict(self) -> dict[str, str | int | None]:
        """The bevinding as the HTTP interface and `--json` show it."""
        return {
            "regel": self.regel,
            "retourcode": self.retourcode,
            "pad": self.pad,
            "regelnummer": self.regelnummer,
            "waarde": self.waarde,
            "melding": self.melding,
        }
