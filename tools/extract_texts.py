"""List what the pages say in Dutch and what of it has no English: units of the templates, and sentences and words that Python passes to them.

Run: python tools/extract_texts.py            what has no text yet, and which texts are no longer used
     python tools/extract_texts.py FILE.json  put the texts of FILE (by file of the catalogue, or `*`) in, take out what is no longer used, sort
"""

from __future__ import annotations

import ast
import builtins
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import nodes

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "app" / "web" / "templates"
CATALOGUS = ROOT / "app" / "web" / "vertaling" / "en"
ZEGGEN = ("app/web/*.py", "app/reports/*.py", "app/composing/*.py", "app/domain/errors.py", "app/identity/*.py")
"""Modules whose sentences come on pages."""
WEIGEREN = (
    "app/settlement/*.py",
    "app/ledger/*.py",
    "app/judging/*.py",
    "app/mailbox/lists.py",
    "app/adapters/bankbestand.py",
    "app/parties/service*.py",
    "app/solidarity/service*.py",
    "app/solidarity/risico/*.py",
)
"""Modules of which only refusals do."""
ZWIJGEN = ("*/store*.py", "*/maandrapportage*.py", "app/settlement/staat*.py")
"""Modules that speak to the database or fill files, which stay Dutch."""

_ZIN = re.compile(r"[^\W\d_]{2,}[\s,.:;{}\d]+[^\W\d_]")
_NAAM = re.compile(r"[A-ZÀ-Ý][^\W\d_A-Z]+")
_NAAMPLEK = re.compile(r"\{([a-z_]*)\}")
"""A place in a text that `format` fills."""
_GEEN_TEKST = re.compile(
    r"\b(SELECT|FROM|INSERT|UPDATE|WHERE|DELETE|VALUES|JOIN|COALESCE|ORDER BY|AND|OR|IS NULL)\b|^[\w-]+=|^[A-Z][\w]*(-[A-Z]\w*)+$|;q=|default-src|::"
    r"|\.html$|^\S*/\S*$|^attachment;|^(text|application)/|^(select|regexp_replace|union)\b|^\(?cast\(|^\w+\.\w+ "
)
"""SQL, names of headers, addresses and the like."""


@cache
def schermteksten() -> dict[str, set[str]]:
    """Each unit of the templates, and the groups of templates that have it."""
    from app.web.vertaling import eenheden, groep_van

    found: dict[str, set[str]] = {}
    for path in sorted(TEMPLATES.glob("*.html")):
        for key in eenheden(path.read_text(encoding="utf-8")):
            found.setdefault(key, set()).add(groep_van(path.name))
    return found


def bestand_van(groepen: set[str]) -> str:
    """The file that a unit belongs in: that of its group, or `algemeen` when more than one has it."""
    from app.web.vertaling import ALGEMEEN

    return next(iter(groepen)) if len(groepen) == 1 else ALGEMEEN


@cache
def woorden() -> dict[str, str]:
    """Each text that Python or an expression of a template gives, and where it was first seen; places in it are `{1}`, `{2}`."""
    found: dict[str, str] = {}
    for path in sorted(TEMPLATES.glob("*.html")):
        for text in _uit_sjabloon(path.read_text(encoding="utf-8")):
            found.setdefault(text.strip(), path.name)
    for patterns, alleen_weigeringen in ((ZEGGEN, False), (WEIGEREN, True)):
        for path in sorted(each for pattern in patterns for each in ROOT.glob(pattern)):
            if not any(path.match(pattern) for pattern in ZWIJGEN):
                for text in _uit_python(path.read_text(encoding="utf-8"), alleen_weigeringen=alleen_weigeringen):
                    found.setdefault(text, path.name)
    return found


def _uit_sjabloon(bron: str) -> Iterator[str]:
    """Constants in expressions: what may be shown itself, and what is given to a macro and looks like a text."""
    from jinja2 import Environment, nodes

    tree = Environment().parse(bron)
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData):
                yield from (text for text in _getoond(node) if _is_tekst(text))
    for kind in (nodes.Assign, nodes.For, nodes.CallBlock, nodes.Macro):
        for each in tree.find_all(kind):
            parts: list[nodes.Node] = [each.node] if isinstance(each, nodes.Assign) else [each.iter] if isinstance(each, nodes.For) else []
            parts += [each.call] if isinstance(each, nodes.CallBlock) else list(each.defaults) if isinstance(each, nodes.Macro) else []
            yield from (text for part in parts for text in _getoond(part) if _is_tekst(text))


def _getoond(node: nodes.Node) -> Iterator[str]:
    """The texts that an expression may give; parts put together are one text with places."""
    from jinja2 import nodes

    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.Concat):
        parts = [each.value if isinstance(each, nodes.Const) else None for each in node.nodes]
        yield _met_plekken([part if isinstance(part, str) else None for part in parts])
        yield from (text for each in node.nodes if not isinstance(each, nodes.Const) for text in _getoond(each))
    elif isinstance(node, nodes.CondExpr):
        yield from (text for each in (node.expr1, node.expr2) if each is not None for text in _getoond(each))
    elif isinstance(node, nodes.Call):
        yield from (text for each in (*node.args, *(kw.value for kw in node.kwargs)) for text in _getoond(each))
    elif isinstance(node, nodes.Filter | nodes.Getattr | nodes.Getitem | nodes.Compare | nodes.Test):
        first = node.node if isinstance(node, nodes.Filter) else None
        yield from _getoond(first) if first is not None else ()
    else:
        yield from (text for each in node.iter_child_nodes() for text in _getoond(each))


def _uit_python(bron: str, *, alleen_weigeringen: bool) -> Iterator[str]:
    """Texts in a module: all that look like one, or only what is raised."""
    tree = ast.parse(bron)
    skip = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    skip |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    skip |= {id(part) for node in tree.body if _is_lijst_van_namen(node) for part in ast.walk(node)}
    skip |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) and _is_eigen_fout(node) for part in ast.walk(node)}
    skip |= {id(spec) for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and (spec := node.format_spec)}
    if not alleen_weigeringen:
        yield from (
            doc for node in tree.body if isinstance(node, ast.ClassDef) and _is_weigering(node) and (doc := ast.get_docstring(node))
        )
    roots: list[ast.AST] = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)] if alleen_weigeringen else [tree]
    for node in (each for root in roots for each in ast.walk(root) if id(each) not in skip):
        if isinstance(node, ast.JoinedStr):
            text = _met_plekken(
                [part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else None for part in node.values]
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = _met_plekken([None if index % 2 else part for index, part in enumerate(_NAAMPLEK.split(node.value))])
        else:
            continue
        if _is_tekst(text):
            yield text.strip()


def _is_lijst_van_namen(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets)


def _is_eigen_fout(node: ast.Raise) -> bool:
    """Whether this raises an error of Python itself: that is for programmers, in English."""
    name = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(name, ast.Name) and isinstance(getattr(builtins, name.id, None), type)


def _is_weigering(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id in ("DomainError", "OngeldigVerzoek", "Conflict", "Exception") for base in node.bases)


def _met_plekken(delen: list[str | None]) -> str:
    """Fixed parts with a numbered place for each None between them."""
    plekken = iter(range(1, len(delen) + 1))
    return "".join(f"{{{next(plekken)}}}" if deel is None else deel for deel in delen)


def _is_tekst(text: str) -> bool:
    """Whether a person is meant to read it: more words than one, or one that begins as a sentence does."""
    bare = re.sub(r"\{\d+\}", " ", text)
    if "\n" in text or _GEEN_TEKST.search(text):
        return False
    return bool(_ZIN.search(bare) or _NAAM.fullmatch(bare.strip()))


def catalogus() -> dict[str, dict[str, str]]:
    """The files of the catalogue by name."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(CATALOGUS.glob("*.json"))}


def ontbrekend() -> dict[str, list[str]]:
    """What has no English, by the file that it belongs in."""
    from app.web.vertaling import WOORDEN

    known = {key for texts in catalogus().values() for key in texts}
    found: dict[str, list[str]] = {}
    for key, groepen in schermteksten().items():
        if key not in known:
            found.setdefault(bestand_van(groepen), []).append(key)
    known.update(key for keys in found.values() for key in keys)
    missing = [key for key in woorden() if key not in known]
    return {**found, WOORDEN: missing} if missing else found


def overbodig() -> list[tuple[str, str]]:
    """File and text of what nothing says any more: no template has the unit, and no source its fixed parts."""
    from app.web.vertaling import ALGEMEEN, WOORDEN

    schermen = schermteksten()
    gezegd = woorden()
    bron = _plat("\n".join(path.read_text(encoding="utf-8") for kind in ("*.py", "*.html") for path in sorted((ROOT / "app").rglob(kind))))

    def leeft(name: str, key: str) -> bool:
        if name in (ALGEMEEN, WOORDEN, *schermen.get(key, ())) and key in schermen:
            return True
        return key in gezegd or all(_plat(part.strip()) in bron for part in re.split(r"\{\d+\}", key))

    return [(name, key) for name, texts in catalogus().items() for key in texts if not leeft(name, key)]


def _plat(text: str) -> str:
    """A source for searching words in: names of columns become words."""
    return text.replace("_", " ").casefold()


def schrijf(nieuw: dict[str, dict[str, str]]) -> None:
    """Put texts where they belong; what nothing says any more goes out, and what a second group says too goes to the general file.

    Args:
        nieuw: By file; texts of file `*` go where their unit is.
    """
    from app.web.vertaling import ALGEMEEN, WOORDEN

    schermen = schermteksten()
    gone = set(overbodig())
    files = {name: {key: text for key, text in texts.items() if (name, key) not in gone} for name, texts in catalogus().items()}
    for name in [name for name in files if name not in (ALGEMEEN, WOORDEN)]:
        for key in [key for key in files[name] if len(schermen.get(key, ())) > 1 and key not in files[ALGEMEEN]]:
            files[ALGEMEEN][key] = files[name].pop(key)
    for name, texts in nieuw.items():
        for key, text in texts.items():
            files.setdefault(name if name != "*" else bestand_van(schermen[key]) if key in schermen else WOORDEN, {})[key] = text
    for name, texts in files.items():
        text = json.dumps(dict(sorted(texts.items())), ensure_ascii=False, indent=1)
        (CATALOGUS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def main(argumenten: list[str]) -> int:
    """Write texts, or list what is missing; 1 when something is."""
    for name in argumenten:
        schrijf(json.loads(Path(name).read_text(encoding="utf-8")))
    missing, gone = ontbrekend(), overbodig()
    for groep, keys in missing.items():
        print(f"{groep}: {len(keys)} without English", *keys, sep="\n  ")
    print(f"{len(gone)} no longer used", *(f"{name}: {key}" for name, key in gone), sep="\n  ")
    return 1 if missing or gone else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main(sys.argv[1:]))
