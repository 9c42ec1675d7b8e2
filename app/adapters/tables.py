"""The tables as SQLAlchemy Core sees them: names and types for composing lists; how they are made is in `migrations/`.

A test compares this file with what the migrations make. Constraints and indexes stand only in the migrations.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, LargeBinary, MetaData, Numeric, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()
INSTANT = DateTime(timezone=True)

bericht = Table(
    "bericht",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("richting", Text, nullable=False),
    Column("domein", Text),
    Column("soort", Text),
    Column("van", Text, nullable=False),
    Column("aan", Text),
    Column("gemeente", Text),
    Column("agb", Text),
    Column("identificatie", Text),
    Column("dagtekening", Date),
    Column("identificatie_retour", Text),
    Column("sha256", LargeBinary, nullable=False),
    Column("poging", Integer, nullable=False),
    Column("grootte", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("telt", Boolean),
    Column("pogingen", Integer, nullable=False),
    Column("ontvangen_op", INSTANT, nullable=False),
    Column("ontvangst_datum", Date, nullable=False),
    Column("beoordeeld_op", INSTANT),
    Column("oordeel_nr", BigInteger),
    Column("antwoord_nr", BigInteger),
    Column("antwoord_op_nr", BigInteger),
    Column("termijn", Date),
    Column("termijn_wie", Text),
    Column("termijn_voldaan_op", Date),
    Column("ingediend_cent", BigInteger),
    Column("toegekend_cent", BigInteger),
    Column("aantal_regels", Integer),
    Column("park_reden", Text),
    Column("trace_id", Text),
    Column("ingediend_door", Text, nullable=False),
    Column("zonder_contract_afwijzen", Boolean, nullable=False),
)

bericht_inhoud = Table(
    "bericht_inhoud",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("sleutel_versie", SmallInteger, nullable=False),
    Column("inhoud", LargeBinary, nullable=False),
)

bevinding = Table(
    "bevinding",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("volgnr", Integer, primary_key=True),
    Column("regel", Text, nullable=False),
    Column("retourcode", Text),
    Column("pad", Text, nullable=False),
    Column("regelnummer", Integer),
    Column("waarde", Text),
    Column("melding", Text, nullable=False),
)

bericht_oorzaak = Table(
    "bericht_oorzaak",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("regel", Text, primary_key=True),
    Column("retourcode", Text, primary_key=True),
    Column("aantal", Integer, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("rij_nr", BigInteger, nullable=False),
    Column("ontvangst_datum", Date, nullable=False),
    Column("gemeente", Text),
    Column("van", Text, nullable=False),
    Column("soort", Text),
    Column("deur", Boolean, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("outbox_nr", BigInteger, primary_key=True),
    Column("taak", Text, nullable=False),
    Column("bericht_nr", BigInteger, nullable=False),
    Column("domein", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("routing_key", Text, nullable=False),
    Column("groot", Boolean, nullable=False),
    Column("beschikbaar_op", INSTANT, nullable=False),
    Column("gepubliceerd_op", INSTANT),
)

postvak = Table(
    "postvak",
    metadata,
    Column("partij", Text, primary_key=True),
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("klaar_op", INSTANT, nullable=False),
    Column("ontvangen_op", INSTANT),
)

vasthoudregel = Table(
    "vasthoudregel",
    metadata,
    Column("regel_nr", BigInteger, primary_key=True),
    Column("agb", Text, nullable=False),
    Column("domein", Text),
    Column("gemeente", Text),
    Column("reden", Text, nullable=False),
    Column("sinds", INSTANT, nullable=False),
    Column("door", Text, nullable=False),
    Column("tot", Date, nullable=False),
    Column("beeindigd_op", INSTANT),
    Column("beeindigd_door", Text),
)

vasthouding = Table(
    "vasthouding",
    metadata,
    Column("vasthouding_nr", BigInteger, primary_key=True),
    Column("bericht_nr", BigInteger, nullable=False),
    Column("domein", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("volgt", Boolean, nullable=False),
    Column("regel_nr", BigInteger),
    Column("reden", Text),
    Column("sinds", INSTANT, nullable=False),
    Column("door", Text, nullable=False),
    Column("vrij_op", INSTANT),
    Column("vrij_door", Text),
)

melding = Table(
    "melding",
    metadata,
    Column("melding_nr", BigInteger, primary_key=True),
    Column("soort", Text, nullable=False),
    Column("sleutel", Text, nullable=False),
    Column("gemeente", Text),
    Column("voor_regio", Boolean, nullable=False),
    Column("onderwerp", Text, nullable=False),
    Column("aantal", Integer, nullable=False),
    Column("dag", Date, nullable=False),
    Column("gemaakt_op", INSTANT, nullable=False),
)

melding_gelezen = Table(
    "melding_gelezen",
    metadata,
    Column("naam", Text, primary_key=True),
    Column("melding_nr", BigInteger, primary_key=True),
)

oorzaak_stand = Table(
    "oorzaak_stand",
    metadata,
    Column("oorzaak", Text, primary_key=True),
    Column("gemeente", Text, primary_key=True),
    Column("is_open", Boolean, nullable=False),
    Column("keer", Integer, nullable=False),
    Column("laatst", Date, nullable=False),
    Column("rij_nr", BigInteger, nullable=False),
)

melding_stand = Table(
    "melding_stand",
    metadata,
    Column("eenmalig", Boolean, primary_key=True),
    Column("rij_nr", BigInteger, nullable=False),
    Column("opvolging_nr", BigInteger, nullable=False),
)

gebruikt_nummer = Table(
    "gebruikt_nummer",
    metadata,
    Column("soort", Text, primary_key=True),
    Column("domein", Text, primary_key=True),
    Column("partij", Text, primary_key=True),
    Column("nummer", Text, primary_key=True),
    Column("bericht_nr", BigInteger, nullable=False),
)

client = Table(
    "client",
    metadata,
    Column("client_id", BigInteger, primary_key=True),
    Column("bsn_hmac", LargeBinary, nullable=False),
    Column("bsn_versleuteld", LargeBinary, nullable=False),
    Column("sleutel_versie", SmallInteger, nullable=False),
    Column("aangemaakt_op", INSTANT, nullable=False),
)

toewijzing_versie = Table(
    "toewijzing_versie",
    metadata,
    Column("domein", Text, primary_key=True),
    Column("gemeente", Text, primary_key=True),
    Column("toewijzing_nummer", BigInteger, primary_key=True),
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("volgnr", Integer, primary_key=True),
    Column("agb", Text, nullable=False),
    Column("client_id", BigInteger, nullable=False),
    Column("categorie", Text),
    Column("code", Text),
    Column("toewijzingsdatum", Date, nullable=False),
    Column("toewijzingstijd", Text, nullable=False),
    Column("ingangsdatum", Date, nullable=False),
    Column("einddatum", Date),
    Column("reden_wijziging", Text),
    Column("volume", Integer),
    Column("eenheid", Text),
    Column("frequentie", Text),
    Column("budget_cent", BigInteger),
    Column("referentie_aanbieder", Text),
    Column("ingetrokken_door", BigInteger),
)

verzoek = Table(
    "verzoek",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("volgnr", Integer, primary_key=True),
    Column("domein", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("client_id", BigInteger, nullable=False),
    Column("soort", Text, nullable=False),
    Column("referentie_aanbieder", Text, nullable=False),
    Column("ontvangst_datum", Date, nullable=False),
    Column("categorie", Text),
    Column("code", Text),
    Column("reden_verzoek", Text),
    Column("status", Text, nullable=False),
    Column("antwoordtermijn", Date, nullable=False),
    Column("onderzoekstermijn", Date, nullable=False),
    Column("woonplaatstermijn", Date),
    Column("beslistermijn", Date),
    Column("onderzoek_nr", BigInteger),
    Column("besluit_nr", BigInteger),
    Column("besluit_datum", Date),
)

levering = Table(
    "levering",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("volgnr", Integer, primary_key=True),
    Column("domein", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("client_id", BigInteger, nullable=False),
    Column("toewijzing_nummer", BigInteger),
    Column("categorie", Text),
    Column("code", Text),
    Column("begindatum", Date, nullable=False),
    Column("reden_beeindiging", Text),
    Column("einddatum", Date),
    Column("vervallen_door", BigInteger),
)

prestatie = Table(
    "prestatie",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("regel", Integer, primary_key=True),
    Column("domein", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("client_id", BigInteger),
    Column("referentie_nummer", Text, nullable=False),
    Column("vorig_referentie_nummer", Text),
    Column("is_credit", Boolean, nullable=False),
    Column("toewijzing_nummer", BigInteger, nullable=False),
    Column("categorie", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("begindatum", Date, nullable=False),
    Column("einddatum", Date, nullable=False),
    Column("volume", Integer, nullable=False),
    Column("eenheid", Text, nullable=False),
    Column("tarief_cent", Integer),
    Column("bedrag_cent", Integer, nullable=False),
    Column("toegekend", Boolean, nullable=False),
    Column("retour_codes", ARRAY(Text), nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("gemeente_drager", Text, nullable=False),
    Column("tarief_id", BigInteger),
    Column("gecrediteerd_door", BigInteger),
    Column("volgnr", SmallInteger, nullable=False),
)

herbeoordeling = Table(
    "herbeoordeling",
    metadata,
    Column("herbeoordeling_nr", BigInteger, primary_key=True),
    Column("reden", Text, nullable=False),
    Column("lading_nr", BigInteger),
    Column("contract", Text),
    Column("van", Date),
    Column("tot", Date),
    Column("nieuw_antwoord", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("gemaakt_op", INSTANT, nullable=False),
    Column("gemaakt_door", Text, nullable=False),
    Column("afgerond_op", INSTANT),
    Column("afgerond_door", Text),
)

herbeoordeling_baan = Table(
    "herbeoordeling_baan",
    metadata,
    Column("herbeoordeling_nr", BigInteger, primary_key=True),
    Column("domein", Text, primary_key=True),
    Column("agb", Text, primary_key=True),
    Column("vanaf_oordeel_nr", BigInteger, nullable=False),
    Column("declaraties", Integer, nullable=False),
    Column("regels", Integer, nullable=False),
    Column("vingerafdruk", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
)

herbeoordeling_regel = Table(
    "herbeoordeling_regel",
    metadata,
    Column("herbeoordeling_nr", BigInteger, primary_key=True),
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("regel", Integer, primary_key=True),
    Column("domein", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("zorgmaand", Date, nullable=False),
    Column("is_credit", Boolean, nullable=False),
    Column("bedrag_cent", Integer, nullable=False),
    Column("was_toegekend", Boolean, nullable=False),
    Column("was_codes", ARRAY(Text), nullable=False),
    Column("was_zorgvorm", Text, nullable=False),
    Column("was_drager", Text, nullable=False),
    Column("wordt_toegekend", Boolean, nullable=False),
    Column("wordt_codes", ARRAY(Text), nullable=False),
    Column("wordt_zorgvorm", Text, nullable=False),
    Column("wordt_drager", Text, nullable=False),
)

declaratie = Table(
    "declaratie",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("domein", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("declaratie_nummer", Text, nullable=False),
    Column("begindatum", Date, nullable=False),
    Column("einddatum", Date, nullable=False),
)

regio_lading = Table(
    "regio_lading",
    metadata,
    Column("lading_nr", BigInteger, primary_key=True),
    Column("geladen_op", INSTANT, nullable=False),
    Column("geladen_door", Text, nullable=False),
    Column("verschil", JSONB, nullable=False),
)

gemeente = Table(
    "gemeente",
    metadata,
    Column("gemeente_id", BigInteger, primary_key=True),
    Column("code", Text, nullable=False),
    Column("naam", Text, nullable=False),
    Column("geldig_van", Date, nullable=False),
    Column("geldig_tot", Date),
    Column("vervallen_op", INSTANT),
    Column("jeugdregio", Text, nullable=False),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

herindeling = Table(
    "herindeling",
    metadata,
    Column("herindeling_id", BigInteger, primary_key=True),
    Column("datum", Date, nullable=False),
    Column("van", Text, nullable=False),
    Column("naar", Text, nullable=False),
    Column("fractie", Text, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

aanbieder = Table(
    "aanbieder",
    metadata,
    Column("aanbieder_id", BigInteger, primary_key=True),
    Column("agb", Text, nullable=False),
    Column("naam", Text, nullable=False),
    Column("contractpartner_agb", Text),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

zorgvorm = Table(
    "zorgvorm",
    metadata,
    Column("zorgvorm_id", BigInteger, primary_key=True),
    Column("zorgvorm", Text, nullable=False),
    Column("naam", Text, nullable=False),
    Column("domein", Text, nullable=False),
    Column("stuurbaarheid", Text, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("niveau", Text, nullable=False),
    Column("crisis", Boolean, nullable=False),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

product = Table(
    "product",
    metadata,
    Column("product_id", BigInteger, primary_key=True),
    Column("domein", Text, nullable=False),
    Column("categorie", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("omschrijving", Text, nullable=False),
    Column("eenheid", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("geldig_van", Date, nullable=False),
    Column("geldig_tot", Date),
    Column("vervallen_op", INSTANT),
    Column("groep", Text, nullable=False),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

contract = Table(
    "contract",
    metadata,
    Column("contract_id", BigInteger, primary_key=True),
    Column("contract", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("domein", Text, nullable=False),
    Column("alle_gemeenten", Boolean, nullable=False),
    Column("geldig_van", Date, nullable=False),
    Column("geldig_tot", Date),
    Column("uitvoeringsvariant", Text, nullable=False),
    Column("bekostiging", Text, nullable=False),
    Column("plafond_cent", BigInteger),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

contract_gemeente = Table(
    "contract_gemeente",
    metadata,
    Column("contract_id", BigInteger, primary_key=True),
    Column("gemeente", Text, primary_key=True),
)

tarief = Table(
    "tarief",
    metadata,
    Column("tarief_id", BigInteger, primary_key=True),
    Column("contract", Text, nullable=False),
    Column("categorie", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("eenheid", Text, nullable=False),
    Column("tarief_cent", Integer),
    Column("geldig_van", Date, nullable=False),
    Column("geldig_tot", Date),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

productgroep = Table(
    "productgroep",
    metadata,
    Column("productgroep_id", BigInteger, primary_key=True),
    Column("groep", Text, nullable=False),
    Column("naam", Text, nullable=False),
    Column("domein", Text, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

contractoptie = Table(
    "contractoptie",
    metadata,
    Column("contractoptie_id", BigInteger, primary_key=True),
    Column("contract", Text, nullable=False),
    Column("tot", Date, nullable=False),
    Column("uitgeoefend_op", Date),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

onderaannemer = Table(
    "onderaannemer",
    metadata,
    Column("onderaannemer_id", BigInteger, primary_key=True),
    Column("hoofdaannemer_agb", Text, nullable=False),
    Column("onderaannemer_agb", Text, nullable=False),
    Column("contract", Text, nullable=False),
    Column("declareert", Text, nullable=False),
    Column("geldig_van", Date, nullable=False),
    Column("geldig_tot", Date),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

bekostiging = Table(
    "bekostiging",
    metadata,
    Column("bekostiging_id", BigInteger, primary_key=True),
    Column("contract", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("jaar", Integer, nullable=False),
    Column("vorm", Text, nullable=False),
    Column("gegarandeerd_cent", BigInteger, nullable=False),
    Column("variabel_cent", BigInteger, nullable=False),
    Column("administratie_promille", Integer, nullable=False),
    Column("termijnen", Integer, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

plafond = Table(
    "plafond",
    metadata,
    Column("plafond_id", BigInteger, primary_key=True),
    Column("contract", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("jaar", Integer, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

deelname = Table(
    "deelname",
    metadata,
    Column("deelname_id", BigInteger, primary_key=True),
    Column("gemeente", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("geldig_van", Date, nullable=False),
    Column("geldig_tot", Date),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

budget = Table(
    "budget",
    metadata,
    Column("budget_id", BigInteger, primary_key=True),
    Column("gemeente", Text, nullable=False),
    Column("jaar", Integer, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("bron", Text, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

maatstaf = Table(
    "maatstaf",
    metadata,
    Column("maatstaf_id", BigInteger, primary_key=True),
    Column("maatstaf", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("jaar", Integer, nullable=False),
    Column("waarde", Numeric, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

voorschot_plan = Table(
    "voorschot_plan",
    metadata,
    Column("voorschot_plan_id", BigInteger, primary_key=True),
    Column("agb", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("maand", Date, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

bijdrage_plan = Table(
    "bijdrage_plan",
    metadata,
    Column("bijdrage_plan_id", BigInteger, primary_key=True),
    Column("gemeente", Text, nullable=False),
    Column("maand", Date, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

partij = Table(
    "partij",
    metadata,
    Column("partij_id", BigInteger, primary_key=True),
    Column("partij", Text, nullable=False),
    Column("kanaal", Text, nullable=False),
    Column("adres", Text, nullable=False),
    Column("kopie", Boolean, nullable=False),
    Column("antwoordt", Text, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

bankrekening = Table(
    "bankrekening",
    metadata,
    Column("bankrekening_id", BigInteger, primary_key=True),
    Column("partij", Text, nullable=False),
    Column("iban", Text, nullable=False),
    Column("tenaamstelling", Text, nullable=False),
    Column("bic", Text, nullable=False),
    Column("vervallen_op", INSTANT),
    Column("geladen_door_lading", BigInteger),
    Column("vervallen_door_lading", BigInteger),
)

rekening = Table(
    "rekening",
    metadata,
    Column("rekening_nr", Integer, primary_key=True),
    Column("soort", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("agb", Text, nullable=False),
)

boeking = Table(
    "boeking",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("regel", Integer, primary_key=True),
    Column("soort", Text, primary_key=True),
    Column("volgnr", SmallInteger, primary_key=True),
    Column("debet", Integer, nullable=False),
    Column("credit", Integer, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("domein", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("zorgmaand", Date, nullable=False),
    Column("dienst_van", Date),
    Column("dienst_tot", Date),
    Column("boekdatum", Date, nullable=False),
    Column("client_id", BigInteger),
    Column("prestatie_nr", BigInteger),
    Column("tarief_id", BigInteger),
    Column("regelset", Text, nullable=False),
    Column("storno_van", Text),
)

rekeningsoort = Table(
    "rekeningsoort",
    metadata,
    Column("soort", Text, primary_key=True),
    Column("eigenaar", Text, nullable=False),
    Column("normaal", Text, nullable=False),
)

gebeurtenis = Table(
    "gebeurtenis",
    metadata,
    Column("soort", Text, primary_key=True),
    Column("debet", Text, primary_key=True),
    Column("credit", Text, primary_key=True),
    Column("tegen", Boolean, nullable=False),
    Column("noemt_eerdere", Boolean, nullable=False),
    Column("bron", Text, nullable=False),
    Column("client", Text, nullable=False),
)

handeling = Table(
    "handeling",
    metadata,
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("soort", Text, nullable=False),
    Column("sleutel", Text, nullable=False),
    Column("gemaakt_op", INSTANT, nullable=False),
    Column("gemaakt_door", Text, nullable=False),
    Column("reden", Text, nullable=False),
    Column("gegevens", JSONB, nullable=False),
    Column("goedgekeurd_op", INSTANT),
    Column("goedgekeurd_door", Text),
)

handeling_voorstel = Table(
    "handeling_voorstel",
    metadata,
    Column("handeling_nr", BigInteger, primary_key=True),
    Column("soort", Text, nullable=False),
    Column("sleutel", Text, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("vingerafdruk", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    Column("besloten_op", INSTANT),
    Column("besloten_door", Text),
    Column("besluit_reden", Text, nullable=False),
)

maand_afsluiting = Table(
    "maand_afsluiting",
    metadata,
    Column("boekmaand", Date, primary_key=True),
    Column("gesloten_op", INSTANT, nullable=False),
    Column("gesloten_door", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("vorige_hash", LargeBinary),
    Column("aantal", BigInteger, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
)

maand_afsluiting_bron = Table(
    "maand_afsluiting_bron",
    metadata,
    Column("boekmaand", Date, primary_key=True),
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("aantal", Integer, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

verificatie = Table(
    "verificatie",
    metadata,
    Column("verificatie_nr", BigInteger, primary_key=True),
    Column("begonnen_op", INSTANT, nullable=False),
    Column("klaar_op", INSTANT, nullable=False),
    Column("door", Text, nullable=False),
    Column("klopt", Boolean, nullable=False),
    Column("uitkomst", JSONB, nullable=False),
)

betaalrun = Table(
    "betaalrun",
    metadata,
    Column("run_nr", BigInteger, primary_key=True),
    Column("gemeente", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("peildatum", Date, nullable=False),
    Column("uitvoeren_op", Date, nullable=False),
    Column("iban", Text, nullable=False),
    Column("tenaamstelling", Text, nullable=False),
    Column("bic", Text, nullable=False),
    Column("verrekening", JSONB, nullable=False),
    Column("ingetrokken_nr", BigInteger),
    Column("verzonden_op", INSTANT),
    Column("verzonden_door", Text),
    Column("sleutel_versie", SmallInteger),
    Column("bestand", LargeBinary),
    Column("bestand_sha256", LargeBinary),
)

betaalregel = Table(
    "betaalregel",
    metadata,
    Column("run_nr", BigInteger, primary_key=True),
    Column("regel", Integer, primary_key=True),
    Column("agb", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("open_cent", BigInteger, nullable=False),
    Column("verrekend_cent", BigInteger, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("betaald_cent", BigInteger, nullable=False),
    Column("blokkade", Text, nullable=False),
    Column("iban", Text),
    Column("tenaamstelling", Text),
    Column("bic", Text),
    Column("end_to_end_id", Text),
)

betaalpost = Table(
    "betaalpost",
    metadata,
    Column("run_nr", BigInteger, primary_key=True),
    Column("regel", Integer, primary_key=True),
    Column("bericht_nr", BigInteger, primary_key=True),
    Column("bedrag_cent", BigInteger, nullable=False),
)

bankafschrift = Table(
    "bankafschrift",
    metadata,
    Column("afschrift_nr", BigInteger, primary_key=True),
    Column("gemeente", Text, nullable=False),
    Column("iban", Text, nullable=False),
    Column("kenmerk", Text, nullable=False),
    Column("volgnummer", Text, nullable=False),
    Column("van", Date, nullable=False),
    Column("tot", Date, nullable=False),
    Column("begin_cent", BigInteger, nullable=False),
    Column("eind_cent", BigInteger, nullable=False),
    Column("waarschuwing", Text, nullable=False),
    Column("bestand_sha256", LargeBinary, nullable=False),
)

bankregel = Table(
    "bankregel",
    metadata,
    Column("afschrift_nr", BigInteger, primary_key=True),
    Column("volgnr", Integer, primary_key=True),
    Column("status", Text, nullable=False),
    Column("boekdatum", Date, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("is_debet", Boolean, nullable=False),
    Column("is_retour", Boolean, nullable=False),
    Column("retour_code", Text, nullable=False),
    Column("end_to_end_id", Text, nullable=False),
    Column("batch_kenmerk", Text, nullable=False),
    Column("bankreferentie", Text, nullable=False),
    Column("vingerafdruk", LargeBinary, nullable=False),
    Column("reden", Text, nullable=False),
    Column("opgelost_nr", BigInteger),
)

betaling = Table(
    "betaling",
    metadata,
    Column("handeling_nr", BigInteger, primary_key=True),
    Column("boekregel", Integer, primary_key=True),
    Column("run_nr", BigInteger, nullable=False),
    Column("regel", Integer, nullable=False),
    Column("afschrift_nr", BigInteger, nullable=False),
    Column("volgnr", Integer, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
    Column("teruggeboekt_nr", BigInteger),
)

afrekening = Table(
    "afrekening",
    metadata,
    Column("afrekening_nr", BigInteger, primary_key=True),
    Column("agb", Text, nullable=False),
    Column("jaar", Integer, nullable=False),
    Column("volgnr", Integer, nullable=False),
    Column("vorige_nr", BigInteger),
    Column("status", Text, nullable=False),
    Column("versie", Integer, nullable=False),
)

afrekening_versie = Table(
    "afrekening_versie",
    metadata,
    Column("afrekening_nr", BigInteger, primary_key=True),
    Column("versie", Integer, primary_key=True),
    Column("gemaakt_op", INSTANT, nullable=False),
    Column("gemaakt_door", Text, nullable=False),
    Column("reden", Text, nullable=False),
    Column("inhoud_sha256", LargeBinary, nullable=False),
)

afrekening_bedrag = Table(
    "afrekening_bedrag",
    metadata,
    Column("afrekening_nr", BigInteger, primary_key=True),
    Column("versie", Integer, primary_key=True),
    Column("gemeente", Text, primary_key=True),
    Column("client_id", BigInteger, primary_key=True),
    Column("groep", Text, primary_key=True),
    Column("naam", Text, primary_key=True),
    Column("detail", Text, primary_key=True),
    Column("aantal", Integer, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
)

afrekening_stem = Table(
    "afrekening_stem",
    metadata,
    Column("afrekening_nr", BigInteger, primary_key=True),
    Column("versie", Integer, primary_key=True),
    Column("partij", Text, primary_key=True),
    Column("is_akkoord", Boolean, nullable=False),
    Column("op", INSTANT, nullable=False),
    Column("door", Text, nullable=False),
    Column("toelichting", Text, nullable=False),
)

verplichting = Table(
    "verplichting",
    metadata,
    Column("domein", Text, primary_key=True),
    Column("gemeente", Text, primary_key=True),
    Column("toewijzing_nummer", BigInteger, primary_key=True),
    Column("zorgmaand", Date, primary_key=True),
    Column("agb", Text, nullable=False),
    Column("versie_nr", BigInteger, nullable=False),
    Column("drager", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("wijze", Text, nullable=False),
    Column("verwacht_cent", BigInteger, nullable=False),
    Column("vrijgevallen_nr", BigInteger),
)

saldo = Table(
    "saldo",
    metadata,
    Column("rekening_nr", Integer, primary_key=True),
    Column("domein", Text, primary_key=True),
    Column("zorgvorm", Text, primary_key=True),
    Column("zorgmaand", Date, primary_key=True),
    Column("boekmaand", Date, primary_key=True),
    Column("bedrag_cent", BigInteger, nullable=False),
)

saldo_delta = Table(
    "saldo_delta",
    metadata,
    Column("delta_nr", BigInteger, primary_key=True),
    Column("rekening_nr", Integer, nullable=False),
    Column("domein", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("zorgmaand", Date, nullable=False),
    Column("boekmaand", Date, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
)

saldo_client = Table(
    "saldo_client",
    metadata,
    Column("client_id", BigInteger, primary_key=True),
    Column("gemeente", Text, primary_key=True),
    Column("zorgvorm", Text, primary_key=True),
    Column("zorgjaar", Integer, primary_key=True),
    Column("bedrag_cent", BigInteger, nullable=False),
)

saldo_client_delta = Table(
    "saldo_client_delta",
    metadata,
    Column("delta_nr", BigInteger, primary_key=True),
    Column("client_id", BigInteger, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("zorgjaar", Integer, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
)

verplichting_saldo = Table(
    "verplichting_saldo",
    metadata,
    Column("domein", Text, primary_key=True),
    Column("agb", Text, primary_key=True),
    Column("gemeente", Text, primary_key=True),
    Column("zorgvorm", Text, primary_key=True),
    Column("zorgmaand", Date, primary_key=True),
    Column("bedrag_cent", BigInteger, nullable=False),
)

verplichting_saldo_delta = Table(
    "verplichting_saldo_delta",
    metadata,
    Column("delta_nr", BigInteger, primary_key=True),
    Column("domein", Text, nullable=False),
    Column("agb", Text, nullable=False),
    Column("gemeente", Text, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("zorgmaand", Date, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
)

tarief_saldo = Table(
    "tarief_saldo",
    metadata,
    Column("tarief_id", BigInteger, primary_key=True),
    Column("zorgvorm", Text, primary_key=True),
    Column("zorgmaand", Date, primary_key=True),
    Column("bedrag_cent", BigInteger, nullable=False),
)

tarief_saldo_delta = Table(
    "tarief_saldo_delta",
    metadata,
    Column("delta_nr", BigInteger, primary_key=True),
    Column("tarief_id", BigInteger, nullable=False),
    Column("zorgvorm", Text, nullable=False),
    Column("zorgmaand", Date, nullable=False),
    Column("bedrag_cent", BigInteger, nullable=False),
)

nummerreeks = Table(
    "nummerreeks",
    metadata,
    Column("soort", Text, primary_key=True),
    Column("domein", Text, primary_key=True),
    Column("gemeente", Text, primary_key=True),
    Column("laatste", BigInteger, nullable=False),
)

nummerreeks_aanbieder = Table(
    "nummerreeks_aanbieder",
    metadata,
    Column("agb", Text, primary_key=True),
    Column("laatste", BigInteger, nullable=False),
)

concept = Table(
    "concept",
    metadata,
    Column("concept_nr", BigInteger, primary_key=True),
    Column("gemeente", Text, nullable=False),
    Column("domein", Text, nullable=False),
    Column("stap", Text, nullable=False),
    Column("gemaakt_op", INSTANT, nullable=False),
    Column("gemaakt_door", Text, nullable=False),
    Column("gewijzigd_op", INSTANT, nullable=False),
    Column("gewijzigd_door", Text, nullable=False),
    Column("sleutel_versie", SmallInteger, nullable=False),
    Column("inhoud", LargeBinary, nullable=False),
    Column("toewijzing_nummer", BigInteger),
    Column("identificatie", Text),
    Column("xml_versie", SmallInteger),
    Column("xml", LargeBinary),
    Column("bericht_nr", BigInteger),
)

verevening_run = Table(
    "verevening_run",
    metadata,
    Column("run_nr", BigInteger, primary_key=True),
    Column("gemaakt_op", INSTANT, nullable=False),
    Column("gemaakt_door", Text, nullable=False),
    Column("jaar", Integer, nullable=False),
    Column("model", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("invoer", JSONB, nullable=False),
    Column("uitkomst", JSONB, nullable=False),
    Column("te_boeken", JSONB(none_as_null=True)),
    Column("bestanden", JSONB(none_as_null=True)),
    Column("reserve_cent", BigInteger, nullable=False),
    Column("overeenkomst_sha256", Text),
    Column("invoer_sha256", Text),
    Column("uitkomst_sha256", Text),
    Column("vastgesteld_op", INSTANT),
    Column("vastgesteld_door", Text),
    Column("geboekt_op", INSTANT),
    Column("geboekt_door", Text),
    Column("geboekt_nr", BigInteger),
    Column("ingetrokken_op", INSTANT),
    Column("ingetrokken_door", Text),
)

toegangstoken = Table(
    "toegangstoken",
    metadata,
    Column("token_nr", BigInteger, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
    Column("label", Text, nullable=False),
    Column("partijen", ARRAY(Text), nullable=False),
    Column("aangemaakt_op", INSTANT, nullable=False),
    Column("ingetrokken_op", INSTANT),
)

account = Table(
    "account",
    metadata,
    Column("account_nr", BigInteger, primary_key=True),
    Column("naam", Text, nullable=False),
    Column("wachtwoord_hash", Text, nullable=False),
    Column("rollen", ARRAY(Text), nullable=False),
    Column("gemeenten", ARRAY(Text)),
    Column("partijen", ARRAY(Text), nullable=False),
    Column("aangemaakt_op", INSTANT, nullable=False),
    Column("geblokkeerd_op", INSTANT),
    Column("mislukte_pogingen", Integer, nullable=False),
    Column("beeindigd_op", INSTANT),
)

sessie = Table(
    "sessie",
    metadata,
    Column("sessie_hash", LargeBinary, primary_key=True),
    Column("account_nr", BigInteger, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("aangemaakt_op", INSTANT, nullable=False),
    Column("verloopt_op", INSTANT, nullable=False),
)

oorzaak_notitie = Table(
    "oorzaak_notitie",
    metadata,
    Column("notitie_nr", BigInteger, primary_key=True),
    Column("oorzaak", Text, nullable=False),
    Column("gemeenten", ARRAY(Text)),
    Column("op", INSTANT, nullable=False),
    Column("door", Text, nullable=False),
    Column("tekst", Text, nullable=False),
)

oorzaak_opvolging = Table(
    "oorzaak_opvolging",
    metadata,
    Column("opvolging_nr", BigInteger, primary_key=True),
    Column("oorzaak", Text, nullable=False),
    Column("gemeenten", ARRAY(Text)),
    Column("op", INSTANT, nullable=False),
    Column("door", Text, nullable=False),
    Column("toegewezen_aan", Text),
    Column("opgelost_tot", BigInteger),
)
