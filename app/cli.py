"""The `solidair` command: arguments here, work in `app/commands`. A command that needs no database starts within 0.3 s."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import DomainError, Unavailable


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 refused or found something wrong, 2 wrong arguments, 75 try again later."""
    arguments = make_parser().parse_args(argv)
    command = importlib.import_module(f"app.commands.{arguments.module}")
    try:
        code: int = command.run(arguments)
    except DomainError as error:
        print(f"solidair: {error.melding}", file=sys.stderr)
        return 1
    except Unavailable as error:
        print(f"solidair: {error}", file=sys.stderr)
        return 75
    except KeyboardInterrupt:
        return 130
    return code


def make_parser() -> argparse.ArgumentParser:
    """Every subcommand with its arguments."""
    parser = argparse.ArgumentParser(prog="solidair", description="Uitwisseling en boekhouding van een inkoopregio (iJw 3.2, iWmo 3.2)")
    commands = parser.add_subparsers(required=True, metavar="OPDRACHT")
    _add_running(commands)
    _add_messages(commands)
    _add_region(commands)
    _add_identity(commands)
    _add_money(commands)
    return parser


def _add(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, module: str, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(module=module)
    return command


def _add_running(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = _add(
        commands, "demo", "demo", "Een synthetische regio van begin tot eind: laden, berichten sturen, boeken, verevenen, pagina's tonen"
    )
    demo.add_argument("--exit", action="store_true", dest="exit_after", help="stop na het overzicht")
    demo.add_argument("--houden", action="store_true", help="ga verder met de gegevens van de vorige keer")
    demo.add_argument("--broker", action="store_true", help="stuur alles door een eigen RabbitMQ")
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--gemeenten", type=int, default=13)
    demo.add_argument("--aanbieders", type=int, default=12)
    demo.add_argument("--clienten", type=int, default=250)
    demo.add_argument("--maanden", type=int, default=12)
    demo.add_argument("--tot", default="2026-06", help="laatste maand, JJJJ-MM")
    serve = _add(commands, "serve", "serve", "Start het HTTP-deel; zonder broker ook het beoordelen")
    serve.add_argument("--alleen-http", action="store_true", help="beoordeel niet in dit proces")
    _add(commands, "work", "work", "Start een worker: doorgeven en beoordelen")
    _add(commands, "migrate", "migrate", "Breng de database op de nieuwste versie")


def _add_messages(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    validate = _add(commands, "validate", "validate", "Controleer XML-bestanden op formaat en inhoud; geen database nodig")
    validate.add_argument("bestanden", nargs="+", type=Path, metavar="BESTAND")
    validate.add_argument("--json", action="store_true", dest="as_json")
    validate.add_argument(
        "--niveau", type=int, choices=(1, 2), default=2, help="1: alleen formaat; 2: ook wat het bericht zelf kan zeggen (standaard)"
    )
    rules = _add(commands, "rules", "rules", "Toon elke regel van de standaard en wat ermee gebeurt; geen database nodig")
    rules.add_argument("--domein", choices=["ijw", "iwmo"])
    rules.add_argument("--staat", choices=["afgedwongen", "schema", "proces", "niet_controleerbaar", "open"])
    rules.add_argument("--code", help="begin van de code, zoals TR3")
    rules.add_argument("--database", action="store_true", help="zeg ook wanneer elke regel voor het laatst afging")
    rules.add_argument("--json", action="store_true", dest="as_json")
    submit = _add(commands, "submit", "submit", "Verstuur berichten en toon wat ervan geworden is")
    submit.add_argument("bestanden", nargs="+", type=Path, metavar="BESTAND")
    submit.add_argument("--url", help="adres van Solidair; zonder adres rechtstreeks op de database, als de afzender in het bestand")
    submit.add_argument("--token", help="toegangstoken bij --url (of SOLIDAIR_TOKEN)")
    submit.add_argument("--json", action="store_true", dest="as_json")
    replay = _add(commands, "replay", "replay", "Laat een geparkeerd bericht opnieuw beoordelen")
    replay.add_argument("bericht_nr", type=int)


def _add_region(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    region = commands.add_parser("region", help="De regio als map met CSV-bestanden of als werkmap (XLSX)")
    actions = region.add_subparsers(required=True, metavar="ACTIE")
    check = _add(actions, "check", "region", "Toon alle fouten en waarschuwingen van een regiomap; geen database nodig")
    diff = _add(actions, "diff", "region", "Toon wat het laden van een regiomap verandert; er verandert niets")
    load = _add(actions, "load", "region", "Laad een regiomap: toont wat er verandert, vraagt, en dan alles of niets")
    load.add_argument("--ja", action="store_true", help="vraag niet of het mag; nodig als er niemand is om het te vragen")
    for action in (diff, load):
        action.add_argument("--voorbeelden", type=int, default=5, metavar="N", help="hoeveel rijen van elke soort wijziging worden getoond")
    for name, action in (("check", check), ("diff", diff), ("load", load)):
        action.add_argument("map", type=Path, metavar="MAP|XLSX")
        action.add_argument("--json", action="store_true", dest="as_json")
        action.set_defaults(actie=name)
    export = _add(actions, "export", "region", "Schrijf de regio naar een map of een werkmap (.xlsx)")
    export.add_argument("map", type=Path, metavar="MAP|XLSX")
    export.set_defaults(actie="export")
    generate = _add(actions, "generate", "region", "Maak een synthetische regio met berichten en opzettelijke fouten")
    generate.add_argument("--seed", type=int, default=1)
    generate.add_argument("--gemeenten", type=int, default=13)
    generate.add_argument("--aanbieders", type=int, default=20)
    generate.add_argument("--clienten", type=int, default=2000)
    generate.add_argument("--maanden", type=int, default=12)
    generate.add_argument("--tot", default="2026-06", help="laatste maand, JJJJ-MM")
    generate.add_argument("map", type=Path)
    generate.set_defaults(actie="generate")


def _add_identity(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    token = commands.add_parser("token", help="Toegang voor software van partijen")
    actions = token.add_subparsers(required=True, metavar="ACTIE")
    make = _add(actions, "maak", "identiteit", "Maak een token en druk alleen dat af")
    make.add_argument("partij", nargs="+", help="gemeente:0664 of aanbieder:42420001")
    make.add_argument("--label", default="", help="waarvoor het token is")
    make.set_defaults(actie="maak")
    revoke = _add(actions, "intrek", "identiteit", "Trek een token in")
    revoke.add_argument("token_nr", type=int)
    revoke.set_defaults(actie="intrek")
    _add(actions, "lijst", "identiteit", "Toon de tokens").set_defaults(actie="lijst")
    account = commands.add_parser("account", help="Accounts van mensen")
    account_actions = account.add_subparsers(required=True, metavar="ACTIE")
    person = _add(account_actions, "maak", "identiteit", "Maak een account; het wachtwoord wordt gevraagd of van standaardinvoer gelezen")
    person.add_argument("naam")
    person.add_argument("--rol", action="append", required=True, dest="rollen")
    person.add_argument("--gemeente", action="append", dest="gemeenten", help="zonder: alle gemeenten van de regio")
    person.add_argument(
        "--partij", action="append", default=[], dest="partijen", help="in wiens naam deze persoon verstuurt, zoals gemeente:0664"
    )
    person.set_defaults(actie="account")
    _add(account_actions, "lijst", "identiteit", "Toon de accounts").set_defaults(actie="account_lijst")
    changed = _add(account_actions, "wijzig", "identiteit", "Vervang rollen, gemeenten of partijen; wat u niet noemt, blijft")
    changed.add_argument("naam")
    changed.add_argument("--rol", action="append", dest="rollen")
    changed.add_argument("--gemeente", action="append", dest="gemeenten")
    changed.add_argument("--alle-gemeenten", action="store_true", dest="alle_gemeenten")
    changed.add_argument("--partij", action="append", dest="partijen")
    changed.set_defaults(actie="account_wijzig")
    for name, help_ in (
        ("wachtwoord", "Geef een account een nieuw wachtwoord; het wordt gevraagd of van standaardinvoer gelezen"),
        ("beeindig", "Beëindig een account: niemand kan er meer mee werken"),
    ):
        action = _add(account_actions, name, "identiteit", help_)
        action.add_argument("naam")
        action.set_defaults(actie=f"account_{name}")


def _add_money(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    settle = _add(commands, "settle", "settle", "Bereken de verevening, uit het grootboek of uit CSV")
    settle.add_argument(
        "actie",
        nargs="?",
        choices=["sjabloon", "controleer", "omzetten", "compare", "runs"],
        help="doe iets met een document van afspraken, vergelijk er enkele, of toon de berekeningen",
    )
    settle.add_argument("namen", nargs="*", metavar="NAAM|BESTAND|MAP", help="welk sjabloon of document; bij compare twee of meer")
    settle.add_argument("--from", type=Path, dest="bron", metavar="MAP", help="lees input_*.csv uit deze map; geen database nodig")
    settle.add_argument("--agreement", type=Path, dest="overeenkomst", metavar="BESTAND", help="vereven volgens dit document (TOML)")
    settle.add_argument("--out", type=Path, dest="uit", metavar="MAP", help="schrijf de uitkomst hierheen (bij --from)")
    settle.add_argument("--jaar", "--year", type=int)
    settle.add_argument("--model", choices=["profijt", "waarborg", "vlaktaks"], default="waarborg")
    settle.add_argument("--maatstaf", default="inwoners")
    settle.add_argument("--jaren-terug", type=int, default=3)
    settle.add_argument("--jaren", metavar="JAAR-JAAR", help="bij compare: de jaren; zonder: elk jaar met kosten")
    settle.add_argument("--run", type=int, dest="run_nr", metavar="NR", help="toon een bewaarde berekening")
    settle.add_argument("--herhaal", action="store_true", help="bij --run: reken haar over uit haar bewaarde invoer, byte voor byte")
    settle.add_argument("--verschil", type=int, metavar="NR", help="wat anders is dan de vorige geboekte berekening, en waardoor")
    settle.add_argument("--vaststellen", type=int, metavar="NR", help="stel een concept vast, met --door een ander dan wie het maakte")
    settle.add_argument("--boeken", type=int, metavar="NR", help="boek een vastgestelde berekening")
    settle.add_argument("--intrekken", type=int, metavar="NR", help="trek een concept in")
    settle.add_argument("--door", metavar="ACCOUNT", help="in wiens naam; zonder: het systeem zelf")
    settle.add_argument("--reden", help="bij --boeken: waarom, voor wie het grootboek leest")
    settle.add_argument("--json", action="store_true", dest="as_json")
    _add_simulate(commands)
    ledger = commands.add_parser("ledger", help="Het grootboek")
    actions = ledger.add_subparsers(required=True, metavar="ACTIE")
    verify = _add(actions, "verify", "ledger", "Reken de boeken na en bewaar de uitkomst")
    months = _add(actions, "months", "ledger", "Toon de boekmaanden: open of afgesloten, met hun hash")
    close = _add(actions, "close", "ledger", "Sluit een boekmaand af, of met --jaar wat van een jaar nog open is; niet terug te draaien")
    close.add_argument("maand", nargs="?", metavar="JJJJ-MM")
    close.add_argument("--jaar", type=int)
    close.add_argument("--reden", required=True, help="waarom, voor wie later in de boeken kijkt")
    for name, action in (("verify", verify), ("months", months), ("close", close)):
        action.add_argument("--json", action="store_true", dest="as_json")
        action.set_defaults(actie=name)
    commitments = _add(actions, "verplichtingen", "verplichtingen", "Herreken de verplichtingen, of laat vrijvallen wat oud is")
    commitments.add_argument("--vrijval", type=int, metavar="OUDER_DAN_MAANDEN", help="laat vrijvallen wat over is van oudere zorgmaanden")
    commitments.add_argument("--toon", action="store_true", help="met --vrijval: toon wat er zou vrijvallen; er verandert niets")
    commitments.add_argument("--json", action="store_true", dest="as_json")
    _add_boek(actions)
    _add_trace(commands)
    bench = _add(commands, "bench", "bench", "Meet de snelheid tegen een bodemprogramma in dezelfde run")
    bench.add_argument("--bytes", type=int, default=25_000_000, help="grootte van de declaratie")
    bench.add_argument("--dicht", action="store_true", help="zo dicht als het schema toestaat in plaats van ingesprongen")
    bench.add_argument("--herhaal", type=int, default=3)
    bench.add_argument("--json", action="store_true", dest="as_json")


def _add_boek(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    boek = _add(
        actions, "boek", "boeken", "Boek zonder bericht wat voor een maand het totaal is; nogmaals boekt niets, anders het verschil"
    )
    soorten = ("termijnen", "voorschotten", "bijdragen", "organisatiekosten", "pgb_voorschot", "pgb_besteding", "ouderbijdrage", "lokaal")
    boek.add_argument("soort", choices=soorten)
    boek.add_argument("maand", metavar="JJJJ-MM")
    boek.add_argument("--reden", required=True, help="waarom, voor wie later in de boeken kijkt")
    boek.add_argument("--gemeente", metavar="CODE")
    boek.add_argument("--domein", choices=("ijw", "iwmo"))
    boek.add_argument("--zorgvorm")
    boek.add_argument("--bedrag", metavar="EURO", help="het totaal van de maand, bijvoorbeeld 1234,56")
    boek.add_argument("--maatstaf", help="waarnaar een bedrag van meer gemeenten wordt verdeeld")
    boek.add_argument("--door", metavar="ACCOUNT", help="wie boekt; standaard het systeem")
    boek.add_argument("--json", action="store_true", dest="as_json")


def _add_trace(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    trace = commands.add_parser("trace", help="Volg geld: van een totaal naar de boekingen, en van een prestatie naar de verevening")
    actions = trace.add_subparsers(required=True, metavar="ACTIE")
    saldo = _add(actions, "saldo", "trace", "Toon waaruit een totaal bestaat en de eerste boekingen ervan")
    saldo.add_argument("--rekening", default="kosten", help="soort rekening (standaard kosten)")
    saldo.add_argument("--gemeente", metavar="CODE")
    saldo.add_argument("--aanbieder", metavar="AGB")
    saldo.add_argument("--zorgvorm")
    saldo.add_argument("--jaar", type=int, help="zorgjaar")
    saldo.add_argument("--maand", metavar="JJJJ-MM", help="zorgmaand")
    saldo.add_argument("--boekmaand", metavar="JJJJ-MM")
    saldo.add_argument("--aantal", type=int, default=20, help="hoeveel boekingen, hoogstens 200")
    prestatie = _add(actions, "prestatie", "trace", "Toon waar het geld van een regel van een declaratie bleef")
    prestatie.add_argument("bericht_nr", type=int, metavar="NR")
    prestatie.add_argument("regel", type=int, metavar="REGEL")
    verevening = _add(actions, "verevening", "trace", "Toon het aandeel van een gemeente in een verevening, tot op de saldi")
    verevening.add_argument("run_nr", type=int, metavar="RUN")
    verevening.add_argument("gemeente", metavar="GEMEENTE")
    for name, action in (("saldo", saldo), ("prestatie", prestatie), ("verevening", verevening)):
        action.add_argument("--json", action="store_true", dest="as_json")
        action.set_defaults(actie=name)


def _add_simulate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = _add(commands, "simulate", "simulate", "Simuleer wat een jaar elke gemeente kan kosten onder elke overeenkomst")
    simulate.add_argument("--from", type=Path, dest="bron", metavar="MAP", help="lees input_*.csv uit deze map; geen database nodig")
    simulate.add_argument(
        "--agreement",
        action="append",
        dest="overeenkomsten",
        metavar="MODEL|SJABLOON|BESTAND",
        help="mag vaker: profijt, waarborg[:MAATSTAF], vlaktaks[:JAREN], uitstel[:JAREN], quotum:DEEL, stoploss:EURO, een sjabloon, een"
        " document, of map: de regelingen in de map van --from",
    )
    simulate.add_argument("--jaar", "--year", type=int, help="het jaar dat wordt gesimuleerd; zonder: het laatste van de historie")
    simulate.add_argument("--historie", metavar="JAAR-JAAR", help="jaren waaruit getrokken wordt; zonder: alle (afgesloten) jaren")
    simulate.add_argument("--zorgvorm", action="append", dest="zorgvormen", help="mag vaker; zonder: alle zorgvormen van de iJw")
    simulate.add_argument("--aantal", type=int, default=10_000, help="aantal gesimuleerde jaren")
    simulate.add_argument("--methode", choices=["bootstrap", "poisson"], default="bootstrap")
    simulate.add_argument("--verleden", choices=["simuleer", "vast"], default="simuleer", help="de jaren waarop een sleutel terugkijkt")
    simulate.add_argument("--schok", default="0", help="standaardafwijking van een gezamenlijke schok, zoals 0.05")
    simulate.add_argument("--budget", metavar="MAATSTAF", help="maatstaf in euro's die het budget is")
    simulate.add_argument("--budget-factor", default="1.05", help="zonder budget: zoveel maal de verwachte eigen kosten")
    simulate.add_argument("--grens", default="0.05", help="tel de jaren met een te betalen verevening boven dit deel van het budget")
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument(
        "--out", type=Path, dest="uit", metavar="MAP", help="schrijf risico.csv, poolwinst.csv en grafieken.json hierheen"
    )
    simulate.add_argument("--json", action="store_true", dest="as_json")


if __name__ == "__main__":
    sys.exit(main())
