"""The pages of the help, read from `resources/help` and `resources/docs`. No Qt.

    page("shrinkage").title
    search("boundary fit")               # pages that hold all the words, best first
    sections()                           # the list of contents

A page is a Markdown file whose first line is its title. Links between pages name the file, `[Groups](groups.md)`, and may name a
heading in it, `[ICC](glossary.md#icc)`. Pictures of the window are for the guide in a browser: here the window itself is on show,
so they are left out. `index.md` is the list of contents: its headings are the sections, its links their pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from mlgui.errors import UserError
from mlgui.paths import resources
from mlgui.words import tr

FOLDERS = ("help", "docs")
FIRST = "index"

_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)\s]*\)\n+", re.MULTILINE)
_COMMENT = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. key: name of its file without the ending. source: the whole page in Markdown. text: it without its pictures."""

    key: str
    title: str
    source: str
    text: str

    @property
    def links(self) -> tuple[str, ...]:
        """What the page links to, as written."""
        return tuple(_LINK.findall(self.text))

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the page, its title first."""
        return tuple(line.lstrip("#").strip() for line in self.text.splitlines() if line.startswith("#"))


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the list of contents. title: "" for the first page, which stands above all sections."""

    title: str
    pages: tuple[Page, ...]


def key_of(link: str) -> str:
    """Return the key of the page that a link names, "" where it names a heading of its own page."""
    return PurePosixPath(link.partition("#")[0]).stem


def slug(heading: str) -> str:
    """Return how a link names a heading: small letters, hyphens for all that is neither letter nor digit."""
    return re.sub(r"[^\w]+", "-", heading.casefold()).strip("-")


@cache
def _files() -> dict[str, Page]:
    found = {}
    for folder in FOLDERS:
        for file in sorted((resources() / folder).glob("*.md")):
            source = _COMMENT.sub("", file.read_text(encoding="utf-8"))
            title = source.partition("\n")[0].lstrip("# ")
            found[file.stem] = Page(key=file.stem, title=title, source=source, text=_as_shown(source))
    if FIRST not in found:
        raise UserError(
            what=tr("The help is missing."),
            why=tr("The program was installed without its pages."),
            do=tr("Install it again."),
        )
    return found


def _as_shown(source: str) -> str:
    """Return a page without its pictures; a bar in a cell of a table is another sign, as Qt would show the escape before it."""
    return _PICTURE.sub("", source).replace(r"\|", "∣")


@cache
def sections() -> tuple[Section, ...]:
    """Return the list of contents: the first page, then the sections it names; UserError where there are no pages."""
    files = _files()
    placed = {FIRST}
    found = [Section(title="", pages=(files[FIRST],))]
    for part in files[FIRST].text.split("\n## ")[1:]:
        keys = [key for key in dict.fromkeys(key_of(link) for link in _LINK.findall(part)) if key in files and key not in placed]
        placed.update(keys)
        if keys:
            found.append(Section(title=part.partition("\n")[0].strip(), pages=tuple(files[key] for key in keys)))
    return tuple(found)


def pages() -> tuple[Page, ...]:
    """Return all pages in the order of the list of contents; UserError where there are none."""
    return tuple(found for section in sections() for found in section.pages)


def page(key: str) -> Page:
    """Return a page, the first one for an unknown key."""
    return next((found for found in pages() if found.key == key), pages()[0])


def search(query: str) -> tuple[Page, ...]:
    """Return the pages that hold every word of a query; those with a word in title or headings first, all for no words."""
    words = query.casefold().split()
    hits = [found for found in pages() if all(word in found.text.casefold() for word in words)]
    return tuple(sorted(hits, key=lambda found: -_rank(found, words)))


def _rank(found: Page, words: list[str]) -> int:
    in_headings = [sum(word in heading.casefold() for word in words) for heading in found.headings]
    return 2 * in_headings[0] + max(in_headings)


def glossary_terms() -> tuple[str, ...]:
    """Return the terms the glossary explains, in its order."""
    lines = page("glossary").text.splitlines()
    return tuple(line[4:].strip() for line in lines if line.startswith("### "))
