"""The pages of the help, read from `resources/help`. No Qt.

    page("shrinkage").title
    search("boundary fit")               # pages that hold all the words, best first

A page is a Markdown file whose first line is its title. Links between pages name the file, `[Groups](groups.md)`, and may name a
heading in it, `[ICC](glossary.md#icc)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from mlgui.errors import UserError
from mlgui.paths import resources
from mlgui.words import tr

ORDER = (
    "index", "start", "import", "columns", "model", "equation", "overview", "coefficients", "groups", "shrinkage", "group_level",
    "fitted_lines", "predictions", "marginal_means", "checks", "compare", "data", "expressions", "explain", "export", "wording",
    "glossary",
)  # fmt: skip
"""Keys of the pages that have a fixed place in the list of contents; others follow in the order of the alphabet."""

_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. key: name of its file without the ending. text: the whole page in Markdown."""

    key: str
    title: str
    text: str

    @property
    def links(self) -> tuple[str, ...]:
        """What the page links to, as written."""
        return tuple(_LINK.findall(self.text))

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the page, its title first."""
        return tuple(line.lstrip("#").strip() for line in self.text.splitlines() if line.startswith("#"))


def slug(heading: str) -> str:
    """Return how a link names a heading: small letters, hyphens for all that is neither letter nor digit."""
    return re.sub(r"[^\w]+", "-", heading.casefold()).strip("-")


@cache
def pages() -> tuple[Page, ...]:
    """Return all pages in the order of the list of contents; UserError where none can be read."""
    found = {}
    for file in sorted((resources() / "help").glob("*.md")):
        text = file.read_text(encoding="utf-8")
        found[file.stem] = Page(key=file.stem, title=text.partition("\n")[0].lstrip("# "), text=text)
    if not found:
        raise UserError(
            what=tr("The help is missing."),
            why=tr("The program was installed without its pages."),
            do=tr("Install it again."),
        )
    placed = {key: place for place, key in enumerate(ORDER)}
    return tuple(sorted(found.values(), key=lambda page: (placed.get(page.key, len(ORDER)), page.key)))


def page(key: str) -> Page:
    """Return a page, the first one for an unknown key."""
    return next((found for found in pages() if found.key == key), pages()[0])


def search(query: str) -> tuple[Page, ...]:
    """Return the pages that hold every word of a query; those with a word in title or headings first, all for no words."""
    words = query.casefold().split()
    hits = [found for found in pages() if all(word in found.text.casefold() for word in words)]
    return tuple(sorted(hits, key=lambda found: -_rank(found, words)))


def _rank(found: Page, words: list[str]) -> int:
    title, headings = found.title.casefold(), " ".join(found.headings).casefold()
    return sum(2 * (word in title) + (word in headings) for word in words)


def glossary_terms() -> tuple[str, ...]:
    """Return the terms the glossary explains, in its order."""
    lines = page("glossary").text.splitlines()
    return tuple(line[4:].strip() for line in lines if line.startswith("### "))
