"""The outermost layer of every request: its id, the limit on its body, the headers that keep a browser safe, one line in the log, and the
last catch for our own bugs."""

from __future__ import annotations

import re
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

import structlog
from fastapi import HTTPException, Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem
from app.api.verkeer import Verkeer

API_VERSION = "1.0.0"
API_PREFIX = "/v1"
BODY_BYTES_MAX = 1_000_000
OWN_COUNT = frozenset({"/v1/berichten", "/v1/berichten/controle", "/controle"})
"""Where the route itself stops reading: at 25 MB, because the door wants to keep the beginning of what it refuses, or on the page of a check,
because it says so itself."""
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
FRAMES_MAX = 8
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "-"

CSP_API = "default-src 'none'; frame-ancestors 'none'"
CSP_PAGES = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""Defaults; an answer that says otherwise itself (a style sheet that may be cached) is left as it is."""
HSTS = "max-age=31536000; includeSubDomains"

log = structlog.get_logger("solidair.http")


@dataclass(slots=True)
class _Answer:
    """What is known of the answer so far; `begon_op` of one that goes on as long as the reader stays."""

    status: int = 0
    begon_op: float | None = None


class Edge:
    """ASGI middleware around the whole application.

    Args:
        verkeer: Where requests are counted.
        https: Behind TLS: tells browsers to come back over https only.
        own_count: Paths whose routes limit the body themselves.
        failed: What a reader gets after a bug of ours, when nothing was sent yet; without it a problem document.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        verkeer: Verkeer,
        https: bool = False,
        own_count: Collection[str] = OWN_COUNT,
        failed: Callable[[Request], Awaitable[Response]] | None = None,
    ) -> None:
        self._app = app
        self._verkeer = verkeer
        self._https = https
        self._own_count = frozenset(own_count)
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin = time.monotonic()
        answer = _Answer()
        path: str = scope["path"]
        scope["trace_id"] = trace_id = _trace_id(Headers(scope=scope))
        sending = self._sending(send, answer, trace_id, path)
        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            await self._guarded(scope, self._receiving(receive, path), sending, answer, path)
            self._note(scope, answer, (answer.begon_op or time.monotonic()) - begin)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, answer: _Answer, path: str) -> None:
        if path not in self._own_count and _content_length(Headers(scope=scope)) > BODY_BYTES_MAX:
            await problem(413, trace_id=scope["trace_id"], headers={"Connection": "close"})(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            log.info("client_gone")
        except Exception as error:  # noqa: BLE001 - the last catch: logged once here, and the reader gets its trace_id
            log.error(
                "request_failed", error=type(error).__name__, trace="".join(traceback.format_tb(error.__traceback__, limit=-FRAMES_MAX))
            )
            if not answer.status:
                response = problem(500, trace_id=scope["trace_id"]) if self._failed is None else await self._failed(Request(scope))
                await response(scope, receive, send)

    def _receiving(self, receive: Receive, path: str) -> Receive:
        """The body, cut off when there is more than the limit."""
        if path in self._own_count:
            return receive
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > BODY_BYTES_MAX:
                raise HTTPException(413)
            return message

        return counted

    def _sending(self, send: Send, answer: _Answer, trace_id: str, path: str) -> Send:
        """The answer, with the headers of every answer."""
        is_api = path == API_PREFIX or path.startswith(f"{API_PREFIX}/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                headers = MutableHeaders(scope=message)
                if headers.get("Content-Type", "").startswith("text/event-stream"):
                    answer.begon_op = time.monotonic()
                headers["X-Request-Id"] = trace_id
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", CSP_API if is_api else CSP_PAGES)
                if is_api:
                    headers["API-Version"] = API_VERSION
                if self._https:
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        return with_headers

    def _note(self, scope: Scope, answer: _Answer, seconds: float) -> None:
        """One line in the log and one count; the pattern of the route, because a path or query may hold a name."""
        method = scope["method"] if scope["method"] in METHODS else "-"
        route = route_of(scope)
        self._verkeer.add(method, route, answer.status, seconds)
        log.info("http_request", method=method, route=route, status=answer.status, ms=round(seconds * 1000, 1))


def route_of(scope: Scope) -> str:
    """The pattern of the route that answered, such as `/v1/berichten/{bericht_id}`; `-` when there was none."""
    path = getattr(scope.get("route"), "path", None)
    if not isinstance(path, str):
        return NO_ROUTE
    prefix = Request(scope).scope.get("root_path", "")
    return f"{prefix}{path}"


def _trace_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _content_length(headers: Headers) -> int:
    given = headers.get("content-length", "")
    return int(given) if given.isdecimal() and len(given) < 20 else 0
