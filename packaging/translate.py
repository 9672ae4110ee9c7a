"""Catalogues of translations: collect what there is to translate, and bring every language up to date with it.

    python packaging/translate.py             # writes resources/languages/mlgui.pot and merges it into every .po
    python packaging/translate.py --check     # says what is missing or no longer used, fails where that is much, writes nothing

Texts are the arguments of tr and ntr in the source, the words that examples and enumerations bring, in the order of files.
A translator fills in `msgstr "..."`; what is left empty stays English.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from enum import EnumMeta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mlgui.words import LANGUAGES, Entries, read_catalogue  # noqa: E402

FOLDER = ROOT / "resources" / "languages"
RULES = {
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "zh": "nplurals=1; plural=0;",
}

SLACK = 0.02
"""Share of texts a catalogue may not know, or keep though they are gone, before --check fails: sentences change every day."""

Texts = dict[tuple[str, ...], list[str]]
"""Text, or text and its plural -> the files it is in."""


def collected() -> Texts:
    """Return every text there is to translate."""
    found: Texts = {}
    for path in sorted((ROOT / "mlgui").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for key in texts_of(path.read_text(encoding="utf-8")):
            places = found.setdefault(key, [])
            if name not in places:
                places.append(name)
    for text, name in (*words_of_examples(), *words_of_enumerations(), *words_of_wordings()):
        found.setdefault((text,), []).append(name)
    return found


def texts_of(source: str) -> Iterator[tuple[str, ...]]:
    """Yield the constant arguments of every call of tr and ntr."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in ("tr", "ntr"):
            continue
        wanted = node.args[: 1 if node.func.id == "tr" else 2]
        values = [argument.value for argument in wanted if isinstance(argument, ast.Constant)]
        if values and len(values) == len(wanted):
            yield tuple(str(value) for value in values)


def words_of_examples() -> Iterator[tuple[str, str]]:
    """Yield what examples say of themselves, with the file."""
    for path in sorted((ROOT / "resources" / "examples").rglob("about.toml")):
        about = tomllib.loads(path.read_text(encoding="utf-8"))
        texts = [about[key] for key in ("title", "field", "size", "row_noun", "question", "story")]
        texts += [entry["meaning"] for entry in about["columns"]]
        texts += [entry[key] for entry in about["models"] for key in ("name", "note")]
        yield from ((text, path.relative_to(ROOT).as_posix()) for text in texts if text)


def words_of_enumerations() -> Iterator[tuple[str, str]]:
    """Yield the words of kinds and relations, which are shown as they are called."""
    from mlgui.data import kinds, structure

    for module in (kinds, structure):
        for members in vars(module).values():
            if isinstance(members, EnumMeta):
                yield from ((str(member.value), module.__name__) for member in members)


def words_of_wordings() -> Iterator[tuple[str, str]]:
    """Yield what other names of things there are: they are looked up in place of the usual ones."""
    from mlgui.session.wordings import REPLACEMENTS

    for replacements in REPLACEMENTS.values():
        yield from ((text, "mlgui/session/wordings.py") for text in replacements.values())


def catalogue_text(texts: Texts, entries: Entries, language: str = "") -> str:
    """Return a .po (or with no entries a .pot) of all texts, with the translations there are."""
    forms = 1 if language == "zh" else 2
    header = ["Project-Id-Version: mlgui\\n", "MIME-Version: 1.0\\n", "Content-Type: text/plain; charset=UTF-8\\n"]
    header += ["Content-Transfer-Encoding: 8bit\\n"]
    header += [f"Language: {language}\\n", f"Plural-Forms: {RULES[language]}\\n"] if language else []
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(f'"{line}"' for line in header)]
    for key, places in texts.items():
        known = entries.get(key, ())
        lines = [f"#: {' '.join(places)}", f"msgid {_quoted(key[0])}"]
        if len(key) == 2:
            lines.append(f"msgid_plural {_quoted(key[1])}")
            lines += [f"msgstr[{k}] {_quoted(known[k] if k < len(known) else '')}" for k in range(forms)]
        else:
            lines.append(f"msgstr {_quoted(known[0] if known else '')}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def main() -> int:
    """Write or check all catalogues; return 1 where --check finds one out of date."""
    texts, check, stale = collected(), "--check" in sys.argv[1:], False
    if not check:
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / "mlgui.pot").write_text(catalogue_text(texts, {}), encoding="utf-8")
    for language in LANGUAGES[1:]:
        path = FOLDER / f"{language}.po"
        entries = read_catalogue(path.read_text(encoding="utf-8")) if path.is_file() else {}
        done = sum(all(entries.get(key, ("",))) for key in texts)
        gone = [key for key in entries if key not in texts and key != ("",)]
        new = [key for key in texts if key not in entries]
        stale = stale or len(gone) + len(new) > SLACK * len(texts)
        print(f"{language}: {done} of {len(texts)} translated, {len(new)} unknown, {len(gone)} no longer used")
        if not check:
            path.write_text(catalogue_text(texts, entries, language), encoding="utf-8")
    return int(check and stale)


if __name__ == "__main__":
    raise SystemExit(main())
