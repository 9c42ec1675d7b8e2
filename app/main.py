"""The HTTP process: the interface under /v1, the pages, and the addresses for operations, on one world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import Message, Scope

from app.adapters.wereld import Wereld
from app.api import API_PREFIX, ZINNEN, Edge, Verkeer, add_handlers, http_problem, maak_api, operaties, problem, trace_id_of
from app.bootstrap import database_of, open_wereld
from app.notices import LiveAfkeuringen
from app.settings import Settings
from app.web import STATIC_PAD, begin_lezing, foutpagina, maak_web

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def maak_app(settings: Settings, wereld: Wereld | None = None) -> FastAPI:
    """The application.

    Args:
        settings: Of this process.
        wereld: An open world to use; without one the application opens its own when it starts and closes it when it stops.
    """
    opened: list[Wereld] = [] if wereld is None else [wereld]

    def wereld_of() -> Wereld:
        return opened[0]

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if wereld is None:
                dsn = stack.enter_context(database_of(settings))
                opened[:] = [await stack.enter_async_context(open_wereld(settings, dsn))]
            yield

    return bouw_app(wereld_of, secure_cookies=settings.secure_cookies, lifespan=lifespan)


def bouw_app(wereld_of: Callable[[], Wereld], *, secure_cookies: bool = False, lifespan: Lifespan | None = None) -> FastAPI:
    """The application on whatever world `wereld_of` gives; it is asked at every request.

    Args:
        wereld_of: Gives the world; called per request.
        secure_cookies: True behind TLS: cookies are then sent over https only, and browsers are told to stay on it.
        lifespan: What opens before the first request and closes after the last.
    """
    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.wereld_of = wereld_of
    app.state.verkeer = Verkeer()
    app.state.live = LiveAfkeuringen(wereld_of)
    app.include_router(operaties)
    pages, static = maak_web(wereld_of, secure_cookies=secure_cookies, afkeuringen=app.state.live)
    app.include_router(pages)
    app.mount(STATIC_PAD, static, name="static")
    app.mount(API_PREFIX, maak_api(wereld_of))
    add_handlers(app)
    app.add_exception_handler(HTTPException, _refused)
    app.add_middleware(Edge, verkeer=app.state.verkeer, https=secure_cookies, failed=_failed)
    return app


async def warm_up(app: FastAPI) -> None:
    """Let the routes be built, which FastAPI does when it first looks for one: the first reader would wait half a second for it."""
    for path in ("/-", f"{API_PREFIX}/-"):
        scope: Scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
            "raw_path": path.encode(), "root_path": "", "query_string": b"", "headers": [], "client": None, "server": None, "app": app,
        }  # fmt: skip
        # Not by way of `Edge`: nobody asked, so it is not logged and not counted.
        with suppress(HTTPException):
            await app.router(scope, _no_body, _nobody)


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _nobody(_message: Message) -> None:
    """Nobody listens."""


async def _refused(request: Request, error: Exception) -> Response:
    """No such address, no such method: a page for a browser, a problem for a program."""
    assert isinstance(error, HTTPException)
    if not _wants_page(request):
        return await http_problem(request, error)
    begin_lezing(request)
    page = foutpagina(error.status_code, ZINNEN.get(error.status_code, "Dit kan niet."))
    page.headers.update(error.headers or {})
    return page


async def _failed(request: Request) -> Response:
    """Our own bug; `Edge` logs it under the trace_id that the reader sees."""
    trace_id = trace_id_of(request)
    if not _wants_page(request):
        return problem(500, trace_id=trace_id)
    begin_lezing(request)
    return foutpagina(500, f"Er ging bij ons iets mis. Noem {trace_id} als u het meldt.")


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
