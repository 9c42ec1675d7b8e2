"""`/live`: server-sent events with the number of new rejections, for the pages that show them; without a script nothing is lost but the hint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from app.web import rechten
from app.web.bezoeker import SESSIE_COOKIE, Bezoeker, bezoeker_met, omgeving
from app.web.pagina import PaginaRoute

OPNIEUW_MS = 5_000
"""A browser that lost its connection waits so long before it comes back."""

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
Uitvaller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.UITVAL))]


@router.get("/live")
async def live(request: Request, bezoeker: Uitvaller, sinds: Annotated[int, Query(ge=0, le=2**63 - 1)]) -> Response:
    """The stream; it ends with the session."""
    counts = omgeving(request).live.luister(bezoeker.actor, request.cookies[SESSIE_COOKIE], sinds)
    # Nothing in between may keep back what is sent.
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_events(counts), media_type="text/event-stream", headers=headers)


async def _events(counts: AsyncIterator[int | None]) -> AsyncIterator[str]:
    yield f"retry: {OPNIEUW_MS}\n\n"
    async for count in counts:
        yield ":\n\n" if count is None else f"event: afkeuringen\ndata: {count}\n\n"
    yield "event: einde\ndata: -\n\n"
