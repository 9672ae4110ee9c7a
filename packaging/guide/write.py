#!/usr/bin/env python3
"""Write the user guide into a folder, from the Markdown the help of the program shows.

    python packaging/guide/write.py FOLDER        needs mlgui and markdown-it-py

`![words](pictures/EXAMPLE-TAB.png)` in a page is a picture of the running program, taken in light and dark while the guide is
written. A link, an anchor or a picture that leads nowhere ends the build with a list of all of them.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from string import Template

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mlgui import __version__
from mlgui.gui.help.library import Page, Section, key_of, pages, sections, slug

HERE = Path(__file__).resolve().parent
PICTURES = "pictures"
Camera = Callable[[Path, Iterable[str]], None]
"""Takes the pictures of these names, each as NAME-light.png and NAME-dark.png, and puts them into a folder."""


def photograph(folder: Path, names: Iterable[str]) -> None:
    """Take pictures of the running program; CalledProcessError for a name that is no example and tab."""
    screens = HERE.parent / "screens.py"
    environment = {"QT_QPA_PLATFORM": "offscreen", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parent.parent)}
    command = [sys.executable, str(screens), "--only", str(folder), *names]
    subprocess.run(command, env={**os.environ, **environment}, check=True)


def write(folder: Path, camera: Camera = photograph) -> list[str]:
    """Write every page and picture into a folder and return what is wrong, nothing where all is well."""
    template = Template((HERE / "page.html").read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "style.css").write_text((HERE / "style.css").read_text("utf-8"), "utf-8")
    named: set[str] = set()
    order = pages()
    for place, page in enumerate(order):
        tokens = parse(page.source)
        named |= adapt(tokens)
        text = template.substitute(
            title=html.escape(page.title),
            contents=contents(page),
            body=MarkdownIt().renderer.render(tokens, MarkdownIt().options, {}),
            turns=turns(order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None),
            version=__version__,
        )
        (folder / f"{page.key}.html").write_text(text, "utf-8")
    (folder / PICTURES).mkdir(exist_ok=True)
    camera(folder / PICTURES, sorted(named))
    return wrong(folder)


def parse(text: str) -> list[Token]:
    """Return the tokens of a page: CommonMark with tables, where HTML is plain text."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)


def adapt(tokens: list[Token]) -> set[str]:
    """Give headings their anchors, let links name pages of the site, draw pictures in both themes; return the pictures' names."""
    named = set()
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following is not None:
            token.attrSet("id", slug("".join(part.content for part in following.children or [])))
        for part in token.children or []:
            if part.type == "link_open":
                part.attrSet("href", site_link(str(part.attrGet("href"))))
            if part.type == "image":
                name = Path(str(part.attrGet("src"))).stem
                named.add(name)
                part.type, part.content = "html_inline", picture(name, part.content)
    return named


def site_link(link: str) -> str:
    """Return what a link between Markdown files is on the site."""
    if "://" in link:
        return link
    _, sign, heading = link.partition("#")
    return (f"{key_of(link)}.html" if key_of(link) else "") + sign + heading


def picture(name: str, words: str) -> str:
    """Return a picture that follows the theme of the reader."""
    return (
        f'<picture><source srcset="{PICTURES}/{name}-dark.png" media="(prefers-color-scheme: dark)">'
        f'<img src="{PICTURES}/{name}-light.png" alt="{html.escape(words)}" loading="lazy"></picture>'
    )


def contents(shown: Page) -> str:
    """Return the list of contents, the section of a page unfolded and the page marked; all sections on the first page."""
    first, *others = sections()
    parts = [f"<ul>{entries(first, shown)}</ul>"]
    for section in others:
        unfolded = " open" if shown in (*section.pages, *first.pages) else ""
        title = html.escape(section.title)
        parts.append(f"<details{unfolded}><summary>{title}</summary><ul>{entries(section, shown)}</ul></details>")
    return "\n".join(parts)


def entries(section: Section, shown: Page) -> str:
    """Return the links to the pages of a section."""
    marks = {page.key: ' aria-current="page"' if page is shown else "" for page in section.pages}
    return "".join(f'<li><a href="{page.key}.html"{marks[page.key]}>{html.escape(page.title)}</a></li>' for page in section.pages)


def turns(before: Page | None, after: Page | None) -> str:
    """Return the links to the page before and the page after."""
    back = f'<a rel="prev" href="{before.key}.html">← {html.escape(before.title)}</a>' if before else "<span></span>"
    on = f'<a rel="next" href="{after.key}.html">{html.escape(after.title)} →</a>' if after else ""
    return back + on


class _Reader(HTMLParser):
    """What a written page links to, shows and can be linked at."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.files: list[str] = []
        self.anchors: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.links += [str(found["href"])] if tag == "a" else []
        self.files += [str(found[name]) for name in ("src", "srcset") if name in found]
        self.files += [str(found["href"])] if tag == "link" else []
        self.anchors += [str(found["id"])] if "id" in found else []
        if tag == "img" and not found.get("alt"):
            self.faults.append("a picture without words")


def wrong(folder: Path) -> list[str]:
    """Return every link, anchor and file of the written site that leads nowhere, and pictures that no page shows."""
    read = {}
    for file in sorted(folder.glob("*.html")):
        read[file.name] = _Reader()
        read[file.name].feed(file.read_text("utf-8"))
    faults = []
    for name, reader in read.items():
        faults += [f"{name}: {fault}" for fault in reader.faults]
        faults += [f"{name}: two headings are called {anchor}" for anchor in twice(reader.anchors)]
        faults += [f"{name}: no file {file}" for file in reader.files if not (folder / file).is_file()]
        for link in reader.links:
            page, _, anchor = link.partition("#")
            target = read.get(page or name)
            if target is None or (anchor and anchor not in target.anchors):
                faults.append(f"{name}: {link} leads nowhere")
    shown = {file for reader in read.values() for file in reader.files}
    faults += [f"no page shows {path.name}" for path in (folder / PICTURES).iterdir() if f"{PICTURES}/{path.name}" not in shown]
    return faults


def twice(names: list[str]) -> list[str]:
    """Return the names that occur more than once."""
    return sorted({name for name in names if names.count(name) > 1})


def main(arguments: list[str]) -> int:
    """Write the guide; return 1 where something leads nowhere."""
    faults = write(Path(arguments[0]))
    print("\n".join(faults) or f"The guide: {len(pages())} pages in {arguments[0]}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
