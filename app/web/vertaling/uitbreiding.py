"""The templates compiled for another language: their source rewritten before Jinja reads it, values translated where they are shown."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension
from markupsafe import Markup, escape

from app.web.vertaling.catalogus import ALGEMEEN, Catalogus, groep_van
from app.web.vertaling.eenheden import herschrijf

_NEDERLANDS = re.compile(
    r"\b(aan|bij|dan|dat|de|deze|die|dit|door|een|en|geen|heeft|het|kan|meer|met|moet|naar|niet|nog|om|ook|op|te|tot|uit|van|voor|wordt|zijn)\b",
    re.IGNORECASE,
)
"""Words that a Dutch sentence seldom does without and an English one hardly has."""


class _Vertaald(Extension):
    """Rewrites each source; the catalogue is that of the environment."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        catalogus = self.environment.globals["_catalogus"]
        assert isinstance(catalogus, Catalogus)
        groep = groep_van(name or "")
        return herschrijf(source, lambda sleutel: catalogus.tekst(sleutel, groep), groep)


def vertaalde_omgeving(basis: Environment, catalogus: Catalogus) -> Environment:
    """The templates, filters and globals of an environment, in the language of a catalogue."""
    env = basis.overlay(extensions=[_Vertaald])
    env.globals = {**basis.globals, "_catalogus": catalogus}

    def vertaal(waarde: Any, groep: str = ALGEMEEN) -> Any:
        """A value where only text may stand; markup and what is no text stay as they are."""
        return catalogus.waarde(waarde, groep) if isinstance(waarde, str) and not isinstance(waarde, Markup) else waarde

    def vertaal_tekst(waarde: Any, groep: str = ALGEMEEN) -> Any:
        """A value in running text; what stays Dutch says so (WCAG 3.1.2)."""
        found = vertaal(waarde, groep)
        blijft = isinstance(found, str) and not isinstance(found, Markup) and found == waarde and _NEDERLANDS.search(found)
        return Markup('<span lang="nl">') + escape(found) + Markup("</span>") if blijft else found

    env.filters = {**basis.filters, "vertaal": vertaal, "vertaal_tekst": vertaal_tekst}
    return env
