"""The pages in another language: texts found in the Dutch templates, a catalogue of what they are called, and values as they come by.

The templates stay plain Dutch. `Vertaalde` rewrites their source when it is compiled for another language; Dutch is compiled as it stands.
"""

from app.web.vertaling.catalogus import ALGEMEEN, WOORDEN, Catalogus, groep_van, lees_catalogus
from app.web.vertaling.eenheden import eenheden, herschrijf, plekken
from app.web.vertaling.uitbreiding import vertaalde_omgeving

__all__ = ["ALGEMEEN", "WOORDEN", "Catalogus", "eenheden", "groep_van", "herschrijf", "lees_catalogus", "plekken", "vertaalde_omgeving"]
