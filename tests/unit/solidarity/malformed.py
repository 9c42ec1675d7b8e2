"""Documents that are wrong in one way each, and the sentence that each of them gets."""

from __future__ import annotations

HEAD = """
naam = "Verevening jeugdhulp"
regio = "Testregio"
versie = "2026-1"
geldig_van = 2026-01-01
geldig_tot = 2027-12-31
leden = ["0664", "0687"]

[gemeenten]
"0664" = "Goes"
"0687" = "Middelburg"

[zorgvormen]
AMB = "Ambulant"
VERBLIJF = "Verblijf"

[maatstaven.inwoners]
bron = "CBS"
[maatstaven.inwoners.waarden]
2026 = { "0664" = 38000, "0687" = 49000 }
2027 = { "0664" = 38100, "0687" = 49100 }

[maatstaven.rijksbudget]
bron = "circulaire"

[[regeling]]
code = "AMB"
zorgvormen = ["AMB"]
"""
KEY = '[[regeling.sleutel]]\nmaatstaf = "inwoners"\n'
SOUND = HEAD + KEY
"""One regeling that shares everything by inwoners; each case below changes one thing of it."""


def second(extra: str = "", zorgvorm: str = "VERBLIJF") -> str:
    """A second regeling with some fields, and then the key of inwoners."""
    return f'{SOUND}\n[[regeling]]\ncode = "B"\nzorgvormen = ["{zorgvorm}"]\n{extra}\n{KEY}'


def changed(old: str, new: str) -> str:
    """The sound document with one thing changed."""
    assert old in SOUND
    return SOUND.replace(old, new)


def first(fields: str) -> str:
    """The sound document with more fields in its regeling."""
    return HEAD + fields + "\n" + KEY


def last(fields: str) -> str:
    """The sound document with more at its end: fields of the key, or tables after it."""
    return SOUND + fields + "\n"


def layer(fields: str, more: str = "") -> str:
    """The sound document with a laag."""
    return last(f"[[regeling.laag]]\n{fields}\n{more}")


MALFORMED: list[tuple[str, str, str, str]] = [
    # What goes wrong, the document, path, sentence.
    ("no TOML", SOUND + "plafond 1.1\n", "regel 31, kolom 9", "na de naam van een veld hoort een '='."),
    ("decimal comma", first("plafond = 1,1"), "regel 29, kolom 12", "na de waarde staat nog iets; begin een nieuwe regel"),
    ("open text", SOUND + 'x = "abc\n', "regel 31, kolom 9", "een teken mag hier niet staan; kijk of een aanhalingsteken ontbreekt"),
    ("open list", SOUND + "x = [1, 2\n", "kolom einde", "een lijst is niet gesloten; voeg ']' toe"),
    (
        "text without quotes",
        first("inleg = premie"),
        "regel 29, kolom 9",
        "deze waarde is niet te lezen; zet tekst tussen aanhalingstekens",
    ),
    ("field twice", SOUND + 'maatstaf = "x"\n', "regel 31, kolom 15", "deze naam staat er twee keer; laat er één staan"),
    ("no such day", changed("2026-01-01", "2026-02-30"), "regel 5, kolom 14", "deze datum bestaat niet"),
    ("huge number", first(f"plafond = {'9' * 5000}"), "", "een getal of lijst is veel te groot"),
    ("no name", changed('naam = "Verevening jeugdhulp"', ""), "naam", "dit veld ontbreekt of is leeg; vul het in."),
    ("empty region", changed('"Testregio"', '" "'), "regio", "dit veld ontbreekt of is leeg"),
    ("number as version", changed('"2026-1"', "2026"), "versie", "hier hoort tekst tussen aanhalingstekens, geen getal."),
    ("no start", changed("geldig_van = 2026-01-01", ""), "geldig_van", "dit veld ontbreekt; vul een datum in, zoals 2026-01-31."),
    ("date as text", changed("2026-01-01", '"2026-01-01"'), "geldig_van", "hier hoort een datum zonder aanhalingstekens"),
    ("date with time", changed("2026-01-01", "2026-01-01T09:00:00"), "geldig_van", "hier hoort een datum zonder aanhalingstekens of tijd"),
    ("ends before it starts", changed("2027-12-31", "2025-12-31"), "geldig_tot", "ligt voor de eerste dag 2026-01-01"),
    ("year 9999", changed("2027-12-31", "9999-12-31"), "geldig_tot", "een periode ligt tussen 1900 en 2999"),
    ("a hundred and one years", changed("2027-12-31", "2126-12-31"), "regeling[1].geldig_tot", "een regeling loopt hoogstens 100 jaar"),
    ("no regeling", SOUND.split("[[regeling]]")[0], "regeling", "het document heeft geen regeling; voeg er een toe onder [[regeling]]."),
    ("single brackets", HEAD.replace("[[regeling]]", "[regeling]"), "regeling", "schrijf elke keer [[regeling]] met dubbele haken"),
    ("unknown field", first("plafon = 1.1"), "regeling[1].plafon", "dit veld is onbekend (bedoelt u 'plafond'?"),
    ("unknown field of a key", last("gewigt = 1"), "regeling[1].sleutel[1].gewigt", "bedoelt u 'gewicht'?"),
    ("unknown field at the top", changed("regio =", 'region = "x"\nregio ='), "region", "dit veld is onbekend (bedoelt u 'regio'?"),
    ("article of an unknown field", first('artikelen = { plafon = "art. 3" }'), "regeling[1].artikelen.plafon", "bedoelt u 'plafond'?"),
    ("no code", changed('code = "AMB"', ""), "regeling[1].code", "dit veld ontbreekt of is leeg"),
    ("code twice", second().replace('code = "B"', 'code = "AMB"'), "regeling[2].code", "de code AMB komt vaker voor; geef elke regeling"),
    ("no zorgvormen", changed('zorgvormen = ["AMB"]', ""), "regeling[1].zorgvormen", "noem minstens één zorgvorm"),
    ("zorgvorm twice", changed('["AMB"]', '["AMB", "AMB"]'), "regeling[1].zorgvormen", "noem elke zorgvorm één keer"),
    ("zorgvorm as text", changed('["AMB"]', '"AMB"'), "regeling[1].zorgvormen", "hier hoort een lijst tussen [ en ], geen tekst."),
    ("unknown zorgvorm", changed('["AMB"]', '["AMBU"]'), "regeling[1].zorgvormen[1]", "zorgvorm 'AMBU' staat niet onder [zorgvormen]"),
    ("zorgvorm in two pools", second(zorgvorm="AMB"), "regeling[2].zorgvormen", "valt op 2026-01-01 in de regelingen AMB en B"),
    (
        "overlap of a month",
        changed('code = "AMB"', 'code = "AMB"\ngeldig_tot = 2026-12-31') + second("geldig_van = 2026-12-01", "AMB").removeprefix(SOUND),
        "regeling[2].zorgvormen",
        "0664, 0687, zorgvorm AMB, valt op 2026-12-01 in de regelingen AMB en B; op elke dag mag dat er één zijn",
    ),
    ("outside the document", second("geldig_tot = 2028-12-31"), "regeling[2].geldig_van", "loopt buiten de geldigheid van het document"),
    ("unknown pool", first('pool = "categorie"'), "regeling[1].pool", "'categorie' is geen keuze; kies uit regeling, zorgvorm"),
    ("no members", first("leden = []"), "regeling[1].leden", "de regeling heeft geen leden; voeg minstens één gemeente toe."),
    (
        "unknown gemeente",
        first('leden = ["0664", "0678"]'),
        "regeling[1].leden[2]",
        "gemeente '0678' staat niet onder [gemeenten] (bedoelt u",
    ),
    (
        "unknown shared gemeente",
        changed('"0687"]', '"0688"]'),
        "leden[2]",
        "gemeente '0688' staat niet onder [gemeenten] (bedoelt u '0687'?",
    ),
    (
        "member from after to",
        first('leden = [{ gemeente = "0664", van = 2027-01-01, tot = 2026-06-30 }]'),
        "regeling[1].leden[1].tot",
        "tot 2026-06-30 moet na van 2027-01-01 liggen.",
    ),
    ("member is a number", first("leden = [664]"), "regeling[1].leden[1]", 'hier hoort een gemeente: "0664", of { gemeente'),
    ("member twice", first('leden = ["0664", "0664"]'), "regeling[1].leden[2].gemeente", "valt op 2026-01-01 twee keer in regeling AMB"),
    ("no key", HEAD, "regeling[1].sleutel", "er zijn geen termen voor hoofd in 2026"),
    ("key ends too early", last("tot_en_met_jaar = 2026"), "regeling[1].sleutel", "er zijn geen termen voor hoofd in 2027"),
    ("weights", last('gewicht = "3/4"'), "regeling[1].sleutel[1].gewicht", "de gewichten van hoofd in 2026 zijn samen 3/4; maak er 1 van."),
    (
        "negative weight",
        last(f"gewicht = 2\n{KEY}gewicht = -1"),
        "regeling[1].sleutel[2].gewicht",
        "een gewicht is minstens 0, niet -1.",
    ),
    ("weight is text", last('gewicht = "veel"'), "regeling[1].sleutel[1].gewicht", 'hier hoort een getal, zoals 0.75, "1/3" of "75%"'),
    ("weight is true", last("gewicht = true"), "regeling[1].sleutel[1].gewicht", "geen ja of nee."),
    ("weight is infinite", last("gewicht = inf"), "regeling[1].sleutel[1].gewicht", "hier hoort een getal"),
    ("unknown measure", changed('"inwoners"\n', '"inwoner"\n'), "regeling[1].sleutel[1].maatstaf", "bedoelt u 'inwoners'?"),
    ("English measure", changed('"inwoners"\n', '"cost"\n'), "regeling[1].sleutel[1].maatstaf", "schrijf 'kosten' voor de eigen kosten."),
    (
        "lag to the future",
        last("jaren_terug = -1"),
        "regeling[1].sleutel[1].jaren_terug",
        "kijken vooruit; een sleutel kijkt 0 of meer jaren",
    ),
    (
        "lags reversed",
        last("jaren_terug = [3, 1]"),
        "regeling[1].sleutel[1].jaren_terug",
        "lopen van klein naar groot, vanaf 0; draai ze om",
    ),
    ("three lags", last("jaren_terug = [1, 2, 3]"), "regeling[1].sleutel[1].jaren_terug", "hier hoort een aantal jaren (1) of een reeks"),
    ("unknown averaging", last('middeling = "sum"'), "regeling[1].sleutel[1].middeling", "kies uit som, gemiddeld_aandeel"),
    ("English role", last('rol = "key"'), "regeling[1].sleutel[1].rol", "schrijf 'hoofd' in plaats van 'key'."),
    ("unused role", last(f'{KEY}rol = "uitschieter"'), "regeling[1].sleutel[2].rol", "geen laag gebruikt de sleutel 'uitschieter'"),
    (
        "year of two digits",
        last("vanaf_jaar = 26"),
        "regeling[1].sleutel[1].vanaf_jaar",
        "hier hoort een jaar van vier cijfers, zoals 2026",
    ),
    ("years reversed", last("vanaf_jaar = 2027\ntot_en_met_jaar = 2026"), "regeling[1].sleutel[1].tot_en_met_jaar", "ligt voor vanaf_jaar"),
    ("layer without basis", layer("aandeel = 1"), "regeling[1].laag[1].basis", "dit veld ontbreekt; kies uit client, afwijking, kosten"),
    ("layer without share", layer('basis = "kosten"'), "regeling[1].laag[1].aandeel", "dit veld ontbreekt; vul een getal in."),
    ("share above 1", layer('basis = "kosten"\naandeel = 75'), "regeling[1].laag[1].aandeel", "aandeel is een fractie van 0 tot en met 1"),
    (
        "negative share",
        layer('basis = "kosten"\naandeel = -0.5'),
        "regeling[1].laag[1].aandeel",
        "een fractie van 0 tot en met 1, niet -1/2",
    ),
    (
        "bounds reversed",
        layer('basis = "client"\naandeel = 1\nondergrens = 200\nbovengrens = 100'),
        "regeling[1].laag[1].bovengrens",
        "ondergrens is minstens 0 en bovengrens ligt daarboven.",
    ),
    ("bounds of a quota", layer('basis = "kosten"\naandeel = 1\nondergrens = 5'), "regeling[1].laag[1].ondergrens", "heeft geen grenzen"),
    ("layer without key", layer('basis = "client"\naandeel = 1\nsleutel = "dure"'), "regeling[1].sleutel", "er zijn geen termen voor dure"),
    (
        "side of a client layer",
        layer('basis = "client"\naandeel = 1\nkant = "beide"'),
        "regeling[1].laag[1].kant",
        "hoort bij een laag afwijking",
    ),
    (
        "budget bounds per client",
        layer('basis = "client"\naandeel = 1\neenheid = "budget"'),
        "regeling[1].laag[1].eenheid",
        "eenheid budget hoort alleen bij een laag afwijking; geef grenzen per cliënt in euro.",
    ),
    ("deviation without budget", layer('basis = "afwijking"\naandeel = 1\nkant = "beide"'), "regeling[1].laag", "noem een budgetmaatstaf."),
    (
        "shared twice",
        layer('basis = "kosten"\naandeel = 1\n[[regeling.laag]]\nbasis = "kosten"\naandeel = 0.1'),
        "regeling[1].laag",
        "verlaag aandeel",
    ),
    (
        "deposit without budget",
        first('inleg = "budget"'),
        "regeling[1].inleg",
        "dit vraagt een budget per gemeente; noem een budgetmaatstaf.",
    ),
    ("unknown deposit", first('inleg = "contributie"'), "regeling[1].inleg", "kies uit geen, budget, premie, historie"),
    (
        "premium without measure",
        first('inleg = "premie"'),
        "regeling[1].inleg",
        "een premie vraagt de maatstaf premium (per gemeente) of premium_total",
    ),
    ("history without terms", first('inleg = "historie"'), "regeling[1].inleg", "vraagt sleuteltermen met rol premie; voeg die toe."),
    (
        "no-claim without deposit",
        last('[regeling.no_claim]\nsoort = "vast"\ndrempel = 0.8\ndeel = 0.1'),
        "regeling[1].no_claim",
        "kies inleg budget, premie of historie",
    ),
    (
        "no-claim of 200%",
        first('inleg = "budget"\nbudgetmaatstaf = "rijksbudget"') + ('[regeling.no_claim]\nsoort = "vast"\ndrempel = 0.8\ndeel = 2'),
        "regeling[1].no_claim.deel",
        "een fractie van 0 tot en met 1",
    ),
    ("reserve without deposit", last("[regeling.reserve]\nbeginstand = 0"), "regeling[1].reserve", "een reserve vraagt een inleg"),
    ("reserve without opening", last("[regeling.reserve]\n"), "regeling[1].reserve.beginstand", "dit veld ontbreekt; vul een getal in."),
    ("reserve as a word", first("reserve = true"), "regeling[1].reserve", "hier hoort een tabel: schrijf [regeling.reserve]"),
    (
        "opening of tenths of a cent",
        last("[regeling.reserve]\nbeginstand = 0.001"),
        "regeling[1].reserve.beginstand",
        "hoogstens twee decimalen",
    ),
    ("plafond of nothing", first('plafond = 0\nbudgetmaatstaf = "rijksbudget"'), "regeling[1].plafond", "(1.1 is 110%), niet 0."),
    (
        "local share of 300%",
        first('lokaal_deel = 3\nbudgetmaatstaf = "rijksbudget"'),
        "regeling[1].lokaal_deel",
        "een fractie van 0 tot en met 1, niet 3",
    ),
    ("unknown budget measure", first('budgetmaatstaf = "rijksbuget"'), "regeling[1].budgetmaatstaf", "bedoelt u 'rijksbudget'?"),
    ("unknown fallback measure", first('terugvalmaatstaf = "jeugd"'), "regeling[1].terugvalmaatstaf", "staat niet onder [maatstaven]"),
    ("spread", first('spreiding = ["1/3", "1/3"]'), "regeling[1].spreiding", "fracties van minstens 0 die samen 1 zijn."),
    (
        "kept by who is no member",
        last('[[regeling.ingehouden]]\ngemeente = "0999"\njaar = 2026\nbedrag = 1'),
        "regeling[1].ingehouden[1]",
        "0999 in 2026 hoort bij geen lid",
    ),
    (
        "kept in another year",
        last('[[regeling.ingehouden]]\ngemeente = "0664"\njaar = 2020\nbedrag = 1'),
        "regeling[1].ingehouden[1]",
        "0664 in 2020 hoort bij geen lid",
    ),
    (
        "missing value of a year",
        changed("2027 = {", "2028 = {"),
        "maatstaven.inwoners.waarden.2027",
        "geen waarde voor 0664, 0687; vul haar in",
    ),
    ("missing value of a member", changed(', "0687" = 49100', ""), "maatstaven.inwoners.waarden.2027", "geen waarde voor 0687"),
    (
        "value of an unknown gemeente",
        changed('"0687" = 49100', '"0687" = 49100, "0688" = 1'),
        "maatstaven.inwoners.waarden.2027.0688",
        "bedoelt u '0687'?",
    ),
    (
        "value that is no number",
        changed('"0687" = 49100', '"0687" = "veel"'),
        "maatstaven.inwoners.waarden.2027.0687",
        "hier hoort een getal",
    ),
    (
        "values of no year",
        changed("2027 = {", "jaar27 = {"),
        "maatstaven.inwoners.waarden.jaar27",
        "'jaar27' is geen jaar van vier cijfers",
    ),
    (
        "values of the cost",
        SOUND.replace("[maatstaven.rijksbudget]", "[maatstaven.kosten]"),
        "maatstaven.kosten",
        "volgt uit de kosten zelf",
    ),
    (
        "merger of half",
        last('[[herindeling]]\ndatum = 2026-01-01\nvan = "X"\nnaar = "0664"\nfractie = 0.5'),
        "herindeling[1]",
        "samen precies 1",
    ),
    (
        "merger without day",
        last('[[herindeling]]\nvan = "X"\nnaar = "0664"'),
        "herindeling[1].datum",
        "dit veld ontbreekt; vul een datum in",
    ),
    (
        "merged member",
        last('[[herindeling]]\ndatum = 2026-01-01\nvan = "0664"\nnaar = "0687"'),
        "leden[1]",
        "0664 bestaat op 2026-01-01 niet meer",
    ),
    (
        "gap without year",
        last('[[leemte]]\ngemeente = "0664"\nmaatstaf = "kosten"'),
        "leemte[1].jaar",
        "dit veld ontbreekt; vul een jaar in.",
    ),
    (
        "change without reason",
        last('[[maatstaven.rijksbudget.wijziging]]\ngemeente = "0664"\njaar = 2026\nbedrag = 1\ndatum = 2026-05-31'),
        "maatstaven.rijksbudget.wijziging[1].reden",
        "dit veld ontbreekt of is leeg",
    ),
]
