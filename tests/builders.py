"""Builders of berichten and of the past they are judged on: every field has a plausible default, a test states only what matters to it.

The default world: client 1 has toewijzing 1001 from gemeente 0664 to aanbieder 42420001 over 2026, ten hours a week of product 45A04 at € 60,00 an
hour. The default declaratie claims eight hours over May 2026. All persons are fictitious (test-Bsns).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.bedrag import BedragMetDC, totaal_met_dc
from app.domain.bericht import (
    Achternaam,
    Adres,
    Bericht,
    BerichtIdentificatie,
    Client,
    Contact,
    Domein,
    Geboortedatum,
    Header,
    Huis,
    Naam,
    Relatie,
    XsdVersie,
)
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie, ProductReferentie
from app.domain.levering import NIEUW, StartProduct, StopProduct
from app.domain.partij import aanbieder, gemeente
from app.domain.periode import GeslotenPeriode, laatste_dag
from app.domain.snapshot import EerderePrestatie, Kijk, Levering, ProductOpDatum, Snapshot, Tariefregel, Toewijzing
from app.domain.toewijzing import Omvang, Product, ToegewezenProduct
from app.domain.verzoek import IN_ONDERZOEK, AangevraagdProduct, Antwoord, TeWijzigenProduct, Verwijzer, Verzoek
from app.standard import catalogue

GEMEENTE, AGB = "0664", "42420001"
BSN, ANDERE_BSN = "999900006", "999900018"
CLIENT_ID, ANDERE_CLIENT_ID = 1, 2
NUMMER = 1001
CATEGORIE, CODE = "45", "45A04"
UURTARIEF_CENT = 6000
VANDAAG = date(2026, 6, 3)
MEI = GeslotenPeriode(begindatum=date(2026, 5, 1), einddatum=date(2026, 5, 31))
KORTE_NAAM = Naam(geslachtsnaam=Achternaam(achternaam="Voorbeeld"))
"""As 305 and 307 write it: without NaamGebruik."""
TIEN_UUR_PER_WEEK = Omvang(volume=10, eenheid="04", frequentie="2")


def make_header(soort: str, domein: Domein = "ijw", **changes: Any) -> Header:
    """The Header of a heenbericht between the default gemeente and aanbieder."""
    identificatie = changes.pop("identificatie", f"ID{soort}")
    dagtekening = changes.pop("dagtekening", VANDAAG)
    afzender, ontvanger = (GEMEENTE, AGB) if soort in ("301", "319") else (AGB, GEMEENTE)
    fields = {
        "bericht_code": catalogue.soort(domein, soort).bericht_code,
        "afzender": afzender,
        "ontvanger": ontvanger,
        "bericht_identificatie": BerichtIdentificatie(identificatie=identificatie, dagtekening=dagtekening),
        "xsd_versie": XsdVersie(basisschema_xsd_versie="1.0.0", bericht_xsd_versie="1.0.0"),
        "regelnummer": 2,
    }
    return Header(**{**fields, **changes})


def make_contact(**changes: Any) -> Contact:
    """A BRP-adres in the Netherlands."""
    adres = Adres(huis=Huis(huisnummer=1), postcode="4461AA", straatnaam="Voorbeeldstraat", plaatsnaam="Goes", land_code="NL")
    return Contact(**{"soort": "01", "adres": adres, **changes})


def make_relatie(**changes: Any) -> Relatie:
    """A relation with a telephone-less address."""
    naam = Naam(geslachtsnaam=Achternaam(achternaam="Voorbeeld"), naam_gebruik="1")
    return Relatie(**{"nummer": "1", "soort": "03", "naam": naam, "contact": make_contact(), **changes})


def make_client(**changes: Any) -> Client:
    """A child with an address; without products."""
    fields = {
        "bsn": BSN,
        "geboortedatum": Geboortedatum(datum=date(2012, 4, 5)),
        "geslacht": "2",
        "naam": Naam(geslachtsnaam=Achternaam(achternaam="Voorbeeld"), naam_gebruik="1"),
        "contactgegevens": (make_contact(),),
        "regelnummer": 12,
    }
    return Client(**{**fields, **changes})


def make_toegewezen_product(**changes: Any) -> ToegewezenProduct:
    """The line of a 301 that gives the default toewijzing."""
    fields = {
        "toewijzing_nummer": NUMMER,
        "product": Product(categorie=CATEGORIE, code=CODE),
        "toewijzingsdatum": date(2025, 12, 15),
        "toewijzingstijd": "10:00:00",
        "ingangsdatum": date(2026, 1, 1),
        "einddatum": date(2026, 12, 31),
        "omvang": TIEN_UUR_PER_WEEK,
        "regelnummer": 30,
    }
    return ToegewezenProduct(**{**fields, **changes})


def make_301(*producten: ToegewezenProduct, domein: Domein = "ijw", client: Client | None = None, **header: Any) -> Bericht:
    """A toewijzingsbericht with these products, or with the default one."""
    client = client or make_client(toegewezen_producten=producten or (make_toegewezen_product(),))
    return Bericht(domein=domein, soort="301", header=make_header("301", domein, **header), client=client)


def make_start(**changes: Any) -> StartProduct:
    """A new start on the default toewijzing."""
    fields = {
        "toewijzing_nummer": NUMMER,
        "product": Product(categorie=CATEGORIE, code=CODE),
        "toewijzing_ingangsdatum": date(2026, 1, 1),
        "begindatum": date(2026, 1, 10),
        "status_aanlevering": NIEUW,
        "regelnummer": 20,
    }
    return StartProduct(**{**fields, **changes})


def make_stop(**changes: Any) -> StopProduct:
    """A new definitive stop on the default toewijzing."""
    fields = {
        "toewijzing_nummer": NUMMER,
        "product": Product(categorie=CATEGORIE, code=CODE),
        "toewijzing_ingangsdatum": date(2026, 1, 1),
        "begindatum": date(2026, 1, 10),
        "reden_beeindiging": "31",
        "einddatum": date(2026, 4, 30),
        "status_aanlevering": NIEUW,
        "regelnummer": 20,
    }
    return StopProduct(**{**fields, **changes})


def make_305(*starts: StartProduct, domein: Domein = "ijw", client: Client | None = None, **header: Any) -> Bericht:
    """A startbericht with these starts, or with the default one."""
    client = client or make_client(start_producten=starts or (make_start(),), contactgegevens=(), naam=KORTE_NAAM)
    return Bericht(domein=domein, soort="305", header=make_header("305", domein, **header), client=client)


def make_307(*stops: StopProduct, domein: Domein = "ijw", client: Client | None = None, **header: Any) -> Bericht:
    """A stopbericht with these stops, or with the default one."""
    client = client or make_client(stop_producten=stops or (make_stop(),), contactgegevens=(), naam=KORTE_NAAM)
    return Bericht(domein=domein, soort="307", header=make_header("307", domein, **header), client=client)


def make_aangevraagd_product(referentie: str = "VR1", **changes: Any) -> AangevraagdProduct:
    """One product of a 315: the default product for the rest of the year, referred by a doctor."""
    fields = {
        "referentie_aanbieder": referentie,
        "product": Product(categorie=CATEGORIE, code=CODE),
        "toewijzing_ingangsdatum": date(2026, 7, 1),
        "toewijzing_einddatum": date(2026, 12, 31),
        "omvang": TIEN_UUR_PER_WEEK,
        "verwijzer": Verwijzer(type="02", zorgverlener_code="01010101"),
        "regelnummer": 20,
    }
    return AangevraagdProduct(**{**fields, **changes})


def make_315(*producten: AangevraagdProduct, domein: Domein = "ijw", client: Client | None = None, **header: Any) -> Bericht:
    """A verzoek om toewijzing for these products, or for the default one."""
    asked = producten or (make_aangevraagd_product(),)
    client = client or make_client(aangevraagde_producten=asked, contactgegevens=(), naam=KORTE_NAAM)
    return Bericht(domein=domein, soort="315", header=make_header("315", domein, **header), client=client)


def make_te_wijzigen(**changes: Any) -> TeWijzigenProduct:
    """The default toewijzing with two hours a week more from a day in the future."""
    fields = {
        "toewijzing_nummer": NUMMER,
        "gewenste_ingangsdatum": date(2026, 7, 1),
        "einddatum": date(2026, 12, 31),
        "omvang": Omvang(volume=12, eenheid="04", frequentie="2"),
        "regelnummer": 20,
    }
    return TeWijzigenProduct(**{**fields, **changes})


def make_verzoek(referentie: str = "VW1", **changes: Any) -> Verzoek:
    """The Verzoek of a 317 that changes the default toewijzing and nothing else."""
    fields = {
        "referentie_aanbieder": referentie,
        "reden_verzoek": "1",
        "te_wijzigen_producten": (make_te_wijzigen(),),
        "regelnummer": 18,
    }
    return Verzoek(**{**fields, **changes})


def make_317(verzoek: Verzoek | None = None, *, domein: Domein = "ijw", bsn: str = BSN, **header: Any) -> Bericht:
    """A verzoek om wijziging; the client is named by Bsn alone."""
    client = Client(bsn=bsn, verzoek=verzoek or make_verzoek(), regelnummer=12)
    return Bericht(domein=domein, soort="317", header=make_header("317", domein, **header), client=client)


def make_319(referentie: str = "VR1", *, domein: Domein = "ijw", antwoord: Antwoord | None = None, **header: Any) -> Bericht:
    """An antwoordbericht: in onderzoek (2), unless `antwoord` says otherwise."""
    antwoord = antwoord or Antwoord(referentie_aanbieder=referentie, verzoek_antwoord=IN_ONDERZOEK, regelnummer=12)
    return Bericht(domein=domein, soort="319", header=make_header("319", domein, **header), antwoord=antwoord)


def make_retour(heen: Bericht, *codes: str) -> Bericht:
    """The retourbericht of a bericht: accepted without codes, rejected in the header with them (IV028)."""
    nummer = catalogue.soort(heen.domein, heen.soort).antwoord
    assert nummer is not None
    header = replace(
        heen.header,
        bericht_code=catalogue.soort(heen.domein, nummer).bericht_code,
        identificatie_retour="R1",
        dagtekening_retour=VANDAAG,
        xsd_versie_retour=XsdVersie(basisschema_xsd_versie="1.0.0", bericht_xsd_versie="1.0.0"),
        retour_codes=codes,
    )
    return Bericht(domein=heen.domein, soort=nummer, header=header)


def make_prestatie(referentie: str = "R1", *, vorig: str | None = None, debet_credit: str = "D", **changes: Any) -> Prestatie:
    """Eight hours over May 2026 on the default toewijzing; `bedrag` follows from volume and tariff unless it is given."""
    periode = changes.pop("periode", MEI)
    volume = changes.pop("geleverd_volume", 8)
    tarief = changes.pop("product_tarief", UURTARIEF_CENT)
    bedrag = changes.pop("bedrag", volume * (1 if tarief is None else tarief))
    fields = {
        "product_referentie": ProductReferentie(referentie_nummer=referentie, vorig_referentie_nummer=vorig),
        "toewijzing_nummer": NUMMER,
        "product_categorie": CATEGORIE,
        "product_code": CODE,
        "product_periode": periode,
        "geleverd_volume": volume,
        "eenheid": "04",
        "product_tarief": tarief,
        "ingediend_bedrag": BedragMetDC(bedrag=bedrag, debet_credit="C" if debet_credit == "C" else "D"),
        "regelnummer": 40,
    }
    return Prestatie(**{**fields, **changes})


def make_credit(referentie: str, debet: Prestatie) -> Prestatie:
    """The credit that undoes a debit (IV091)."""
    return make_prestatie(
        referentie,
        vorig=debet.product_referentie.referentie_nummer,
        debet_credit="C",
        bedrag=debet.ingediend_bedrag.bedrag,
        periode=debet.product_periode,
        **{
            name: getattr(debet, name)
            for name in ("toewijzing_nummer", "product_categorie", "product_code", "geleverd_volume", "eenheid", "product_tarief")
        },
    )


def make_declaratie(clienten: Iterable[DeclaratieClient], **changes: Any) -> Declaratie:
    """A declaratie over May 2026 whose total is the sum of its lines."""
    clienten = tuple(clienten)
    total = sum(prestatie.ingediend_bedrag.cent for client in clienten for prestatie in client.prestaties)
    fields = {
        "declaratie_nummer": "D1",
        "declaratie_periode": MEI,
        "declaratie_dagtekening": VANDAAG,
        "totaal_ingediend_bedrag": totaal_met_dc(total),
        "clienten": clienten,
        "regelnummer": 10,
    }
    return Declaratie(**{**fields, **changes})


def make_323(
    *prestaties: Prestatie,
    clienten: Iterable[DeclaratieClient] | None = None,
    declaratie: Declaratie | None = None,
    domein: Domein = "ijw",
    **header: Any,
) -> Bericht:
    """A declaratiebericht: of these prestaties of the default client, of these clients, or with this Declaratie."""
    if clienten is None:
        clienten = (DeclaratieClient(bsn=BSN, prestaties=prestaties or (make_prestatie(),), regelnummer=14),)
    declaratie = declaratie or make_declaratie(clienten)
    return Bericht(domein=domein, soort="323", header=make_header("323", domein, **header), declaratie=declaratie)


def make_toewijzing(**changes: Any) -> Toewijzing:
    """The default toewijzing as the register knows it."""
    fields = {
        "bericht_nr": 1,
        "domein": "ijw",
        "gemeente": GEMEENTE,
        "agb": AGB,
        "client_id": CLIENT_ID,
        "toewijzing_nummer": NUMMER,
        "categorie": CATEGORIE,
        "code": CODE,
        "toewijzingsdatum": date(2025, 12, 15),
        "toewijzingstijd": "10:00:00",
        "ingangsdatum": date(2026, 1, 1),
        "einddatum": date(2026, 12, 31),
        "omvang": TIEN_UUR_PER_WEEK,
    }
    return Toewijzing(**{**fields, **changes})


def make_levering(**changes: Any) -> Levering:
    """An accepted start of the default toewijzing; a stop when `einddatum` is given."""
    fields = {
        "bericht_nr": 2,
        "volgnr": 1,
        "client_id": CLIENT_ID,
        "toewijzing_nummer": NUMMER,
        "categorie": CATEGORIE,
        "code": CODE,
        "begindatum": date(2026, 1, 10),
    }
    return Levering(**{**fields, **changes})


def make_debet(prestatie: Prestatie | None = None, **changes: Any) -> EerderePrestatie:
    """A debit as an earlier declaratie had it granted."""
    line = prestatie or make_prestatie("R0")
    fields = {
        "bericht_nr": 3,
        "regel": 7,
        "referentie_nummer": line.product_referentie.referentie_nummer,
        "client_id": CLIENT_ID,
        "toewijzing_nummer": line.toewijzing_nummer,
        "categorie": line.product_categorie,
        "code": line.product_code,
        "begindatum": line.product_periode.begindatum,
        "einddatum": line.product_periode.einddatum,
        "volume": line.geleverd_volume,
        "eenheid": line.eenheid,
        "tarief_cent": line.product_tarief,
        "bedrag_cent": line.ingediend_bedrag.bedrag,
        "toegekend": True,
        "gecrediteerd": False,
        "zorgvorm": "verblijf",
        "gemeente_drager": GEMEENTE,
        "tarief_id": 11,
    }
    return EerderePrestatie(**{**fields, **changes})


def make_tariefregel(**changes: Any) -> Tariefregel:
    """The hour tariff of the default product, from 2026 on."""
    fields = {
        "tarief_id": 11,
        "contract": "C1",
        "gemeente": GEMEENTE,
        "categorie": CATEGORIE,
        "code": CODE,
        "eenheid": "04",
        "tarief_cent": UURTARIEF_CENT,
        "geldig_van": date(2026, 1, 1),
    }
    return Tariefregel(**{**fields, **changes})


def make_snapshot(*toewijzingen: Toewijzing, tarieven: Iterable[Tariefregel] | None = None, **changes: Any) -> Snapshot:
    """A past with these toewijzingen (or the default one), the default clients and the default contract line."""
    versies: dict[tuple[str, int], list[Toewijzing]] = {}
    for versie in sorted(toewijzingen or (make_toewijzing(),), key=lambda each: each.volgorde):
        versies.setdefault((versie.gemeente, versie.toewijzing_nummer), []).append(versie)
    contract: dict[tuple[str, str, str], list[Tariefregel]] = {}
    for regel in (make_tariefregel(),) if tarieven is None else tarieven:
        contract.setdefault((regel.gemeente, regel.categorie, regel.code), []).append(regel)
    clienten = {BSN: CLIENT_ID, ANDERE_BSN: ANDERE_CLIENT_ID}
    fields = {
        "domein": "ijw",
        "agb": AGB,
        "clienten": clienten,
        "nieuwe_clienten": clienten,
        "toewijzingen": {key: tuple(found) for key, found in versies.items()},
        "tarieven": {key: tuple(found) for key, found in contract.items()},
        "contracten": frozenset({GEMEENTE}),
        "producten": {
            (CATEGORIE, CODE): (ProductOpDatum(categorie=CATEGORIE, code=CODE, zorgvorm="ambulant", geldig_van=date(2020, 1, 1)),)
        },
    }
    return Snapshot(**{**fields, **changes})


def make_kijk(bericht: Bericht | None = None, **changes: Any) -> Kijk:
    """The Kijk on a part of a bericht, with the default toewijzing and contract line in it."""
    bericht = bericht or make_323()
    is_van_gemeente = bericht.soort in ("301", "319")
    fields = {
        "vandaag": VANDAAG,
        "van": gemeente(GEMEENTE) if is_van_gemeente else aanbieder(AGB),
        "gemeente": GEMEENTE,
        "bericht": bericht,
        "snapshot": make_snapshot(),
        "client_id": CLIENT_ID,
        "bsn": BSN,
        "toewijzing": make_toewijzing(),
        "tarieven": (make_tariefregel(),),
    }
    return Kijk(**{**fields, **changes})


def make_month(year: int, month: int) -> GeslotenPeriode:
    """A whole calendar month."""
    begin = date(year, month, 1)
    return GeslotenPeriode(begindatum=begin, einddatum=laatste_dag(begin))


def days(begin: date, einde: date) -> GeslotenPeriode:
    """A period of days, both included."""
    return GeslotenPeriode(begindatum=begin, einddatum=einde)


def next_day(dag: date) -> date:
    """The day after."""
    return dag + timedelta(days=1)
