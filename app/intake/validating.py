"""Controleniveau 1 in full: is this file a bericht that its schema allows, and if not, everything that is wrong with it.

For the door, the check over HTTP and `solidair validate`. Needs no database and decides nothing about parties. What a valid bericht says
(controleniveau 2) is judged in `judging.controle`; the outcome for a file has the same form.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from app.adapters import xml
from app.adapters.xml import Accepted, Schemas
from app.domain.bevinding import Bevinding
from app.standard.catalogue import BerichtSoort
from app.standard.explaining import Uitleg, explain

# With the refusal itself and the reading of the tree, 25 MB stays within 10 seconds.
EXPLAIN_SECONDS_MAX = 8.0
# From this size a file is judged in a thread of its own: the names in a smaller one are too few to matter.
APART_BYTES_MIN = 100_000
# The densest valid bericht of 25 MB has 0.8 million elements. A tree of many more would not stay within 512 MB; then one finding has to do.
EXPLAIN_ELEMENTS_MAX = 1_000_000
PROGRESS_FILES_MIN = 20
NIET_BEOORDEELD = "NIET_BEOORDEELD"
"""Stands as regel in the finding that we could not judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oordeel:
    """The outcome for one file.

    Attributes:
        valid: True when nothing was found.
        domein, bericht: `ijw` and `JW323`, as far as the file says so; None when it does not.
        bevindingen: What is wrong, in the order of the file.
        beoordeeld_tot: The controleniveau up to which it was judged: 1 when the structure is wrong, or the content cannot be read yet.
        stopped_early: True when there may be more than is listed.
        accepted: The facts of the header of a valid file.
    """

    valid: bool
    domein: str | None
    bericht: str | None
    bevindingen: tuple[Bevinding, ...]
    beoordeeld_tot: int = 1
    stopped_early: bool = False
    accepted: Accepted | None = None

    def as_dict(self) -> dict[str, Any]:
        """The outcome as `--json` and the HTTP check show it."""
        return {
            "valid": self.valid,
            "domein": self.domein,
            "bericht": self.bericht,
            "bevindingen": [bevinding.as_dict() for bevinding in self.bevindingen],
            "beoordeeld_tot": self.beoordeeld_tot,
            "stopped_early": self.stopped_early,
        }


Judge = Callable[[bytes], Oordeel]
"""Gives the outcome for the bytes of one file."""


def validate_bytes(data: bytes, schemas: Schemas, *, seconds_max: float = EXPLAIN_SECONDS_MAX) -> Oordeel:
    """Judge one file: quickly when it is right, in full when it is not. Never raises on what is in it."""
    if len(data) < APART_BYTES_MIN:
        return _judge(data, schemas, seconds_max)
    return xml.apart(lambda: _judge(data, schemas, seconds_max))


def _judge(data: bytes, schemas: Schemas, seconds_max: float) -> Oordeel:
    """As `validate_bytes`, in this thread."""
    outcome = xml.accept(data, schemas)
    if isinstance(outcome, Accepted):
        return Oordeel(valid=True, domein=outcome.soort.domein, bericht=outcome.soort.code, bevindingen=(), accepted=outcome)
    soort = _soort_of(data, outcome)
    if soort is None:
        return Oordeel(valid=False, domein=None, bericht=None, bevindingen=tuple(outcome))
    uitleg = explain_refusal(data, soort, schemas, outcome, seconds_max=seconds_max)
    return Oordeel(valid=False, domein=soort.domein, bericht=soort.code, bevindingen=uitleg.bevindingen, stopped_early=uitleg.stopped_early)


def explain_refusal(
    data: bytes, soort: BerichtSoort, schemas: Schemas, refusal: Sequence[Bevinding], *, seconds_max: float = EXPLAIN_SECONDS_MAX
) -> Uitleg:
    """All faults of a bericht that `accept` refused; the refusal itself when it needs no explanation or none was found.

    Args:
        refusal: What `accept` said; anything but a refusal by the schema as a whole already says it all.
    """
    if any(bevinding.regel != "XSD" or bevinding.pad != "/Bericht" for bevinding in refusal):
        return Uitleg(bevindingen=tuple(refusal))
    if data.count(b"<") - data.count(b"</") > EXPLAIN_ELEMENTS_MAX:
        return Uitleg(bevindingen=tuple(refusal), stopped_early=True)
    tree = xml.read_tree(data)
    if isinstance(tree, Bevinding):
        return Uitleg(bevindingen=(tree,))
    uitleg = explain(tree, schemas.structuur(soort), soort.domein, out_of_time=_deadline(seconds_max))
    if uitleg.bevindingen or uitleg.stopped_early:
        return uitleg if uitleg.bevindingen else Uitleg(bevindingen=tuple(refusal), stopped_early=True)
    return Uitleg(bevindingen=_as_bevindingen(xml.schema_faults(data, soort, schemas), refusal))


def validate_files(paths: Iterable[Path], *, judge: Judge, as_json: bool, out: TextIO) -> int:
    """Judge files and print the outcome; shows progress when they are many.

    Args:
        paths: Files; one that cannot be read counts as invalid.
        judge: Gives the outcome for the bytes of one file. When it fails, which is a bug of ours, that file counts as invalid and says so.
        as_json: Print one JSON array instead of lines for a reader.
        out: Where to print; progress goes to standard error.
    Returns:
        0 when every file is valid, else 1.
    """
    listed = list(paths)
    results: list[dict[str, Any]] = []
    invalid = 0
    for path in _with_progress(listed):
        oordeel = _validate_file(path, judge)
        invalid += not oordeel.valid
        if as_json:
            results.append({"file": str(path), **oordeel.as_dict()})
        else:
            out.write(as_text(path, oordeel))
    if as_json:
        json.dump(results, out, ensure_ascii=False, indent=1)
        out.write("\n")
    elif len(listed) > 1:
        out.write(f"{len(listed)} bestanden: {len(listed) - invalid} goed, {invalid} niet goed\n")
    return 1 if invalid else 0


def as_text(path: Path, oordeel: Oordeel) -> str:
    """The outcome for a reader: one line for the file, one for each finding."""
    what = oordeel.bericht or "geen bericht van iJw of iWmo 3.2"
    limit = " (alleen controleniveau 1)" if oordeel.valid and oordeel.beoordeeld_tot == 1 else ""
    lines = [f"{path}: {what}, {'goed' if oordeel.valid else 'niet goed'}{limit}"]
    for each in oordeel.bevindingen:
        place = f"regel {each.regelnummer}, " if each.regelnummer else ""
        lines.append(f"  {place}{each.pad}\n    {each.regel}: {each.melding}")
    if oordeel.stopped_early:
        lines.append("  Er kunnen meer fouten zijn: het zoeken is eerder gestopt.")
    return "\n".join(lines) + "\n"


def not_judged(reden: str, *, domein: str | None = None, bericht: str | None = None) -> Oordeel:
    """The outcome when we could not judge: never an approval, and not the fault of the sender."""
    bevinding = Bevinding(regel=NIET_BEOORDEELD, melding=f"Dit bericht kon niet worden beoordeeld door een fout van Solidair: {reden}.")
    return Oordeel(valid=False, domein=domein, bericht=bericht, bevindingen=(bevinding,))


def _validate_file(path: Path, judge: Judge) -> Oordeel:
    """The outcome for a file, also when it cannot be read or is too big to be worth reading."""
    try:
        with path.open("rb") as file:
            data = file.read(xml.SIZE_BYTES_MAX + 1)
    except OSError as problem:
        unreadable = Bevinding(
            regel="OP192", pad="/", melding=f"Het bestand kan niet worden gelezen: {problem.strerror or 'onbekende fout'}."
        )
        return Oordeel(valid=False, domein=None, bericht=None, bevindingen=(unreadable,))
    try:
        return judge(data)
    except Exception as error:  # noqa: BLE001 - a bug of ours: told in the outcome of this file and on standard error; the other files go on
        from app.adapters.log import trace_without_values  # Only here: the command must start fast.

        sys.stderr.write(f"{path}: {trace_without_values(error)}\n")
        return not_judged(type(error).__name__)


def _soort_of(data: bytes, refusal: Sequence[Bevinding]) -> BerichtSoort | None:
    """The soort of a refused file; None when the bytes must not go near a parser or are not a bericht."""
    if any(bevinding.regel in ("OP179", "OP192") for bevinding in refusal) and xml.check_bytes(data):
        return None
    found = xml.find_soort(data)
    return found if isinstance(found, BerichtSoort) else None


def _as_bevindingen(faults: tuple[str, ...], refusal: Sequence[Bevinding]) -> tuple[Bevinding, ...]:
    """What libxml2 says as findings; the refusal itself when it says nothing, so that a refused file is never without one."""
    said = tuple(Bevinding(regel="XSD", melding=f"Het schema weigert dit: {fault}.") for fault in faults)
    return said or tuple(refusal)


def _deadline(seconds: float) -> Callable[[], bool]:
    """A question that is answered with yes once this many seconds have passed."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _with_progress(paths: list[Path]) -> Iterable[Path]:
    """The paths, with a progress bar on standard error when they are many."""
    if len(paths) < PROGRESS_FILES_MIN:
        return paths
    from tqdm import tqdm  # Only here: most calls need no bar, and the command must start fast.

    shown: Iterable[Path] = tqdm(paths, unit="bestand", desc="validate")
    return shown
