"""How many requests, how they ended and how long they took, counted in this process; and the metrics text of Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.mailbox import Stand

GRENZEN_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(slots=True)
class Duur:
    """How long requests of one kind took: how many per bucket, and the sum in seconds."""

    per_grens: list[int] = field(default_factory=lambda: [0] * (len(GRENZEN_S) + 1))
    som_s: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one request."""
        self.per_grens[bisect_left(GRENZEN_S, seconds)] += 1
        self.som_s += seconds


class Verkeer:
    """Requests per method, route and status. Routes are the patterns of the program, so their number is bounded."""

    def __init__(self) -> None:
        self._duur: dict[tuple[str, str, int], Duur] = {}

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request that ended."""
        self._duur.setdefault((method, route, status), Duur()).add(seconds)

    def lines(self) -> Iterator[str]:
        """The histogram `solidair_http_request_seconds`."""
        name = "solidair_http_request_seconds"
        yield f"# HELP {name} Duration of HTTP requests."
        yield f"# TYPE {name} histogram"
        for (method, route, status), duur in sorted(self._duur.items()):
            labels = {"method": method, "route": route, "status": str(status)}
            total = 0
            for grens, count in zip((*map(str, GRENZEN_S), "+Inf"), duur.per_grens, strict=True):
                total += count
                yield _line(f"{name}_bucket", {**labels, "le": grens}, total)
            yield _line(f"{name}_sum", labels, round(duur.som_s, 6))
            yield _line(f"{name}_count", labels, total)


def metrics_text(stand: Stand, verkeer: Verkeer) -> str:
    """All metrics: counts and ages only, no label that says who."""
    families = (
        ("solidair_berichten", "Berichten per status.", "status", stand.berichten),
        ("solidair_outbox", "Unfinished tasks in the outbox.", "taak", stand.outbox),
        ("solidair_oldest_waiting_seconds", "Age of the oldest bericht that waits, per status.", "status", stand.oudste_s),
    )
    lines = [line for name, help_text, label, values in families for line in _gauge(name, help_text, label, values)]
    lines += _gauge("solidair_postvak", "Berichten that a party has not yet acknowledged.", None, {"": stand.postvak})
    return "\n".join([*lines, *verkeer.lines()]) + "\n"


def _gauge(name: str, help_text: str, label: str | None, values: Mapping[str, float]) -> Iterable[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} gauge"
    for key, value in sorted(values.items()):
        yield _line(name, {label: key} if label else {}, value)


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    shown = ",".join(f'{key}="{_escape(text)}"' for key, text in labels.items())
    return f"{name}{{{shown}}} {value}" if shown else f"{name} {value}"


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
