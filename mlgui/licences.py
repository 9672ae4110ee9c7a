"""The parts the program is made of and their licences, read from what is installed beside it (also in a frozen program)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from mlgui.paths import resources

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_TEXT_NAME = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_CLASSIFIER = "License :: "
_LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Part:
    """One library. name: of its distribution, lower case with dashes. licence: its expression or name, "" if it states none."""

    name: str
    version: str
    licence: str


def parts() -> tuple[Part, ...]:
    """Return mlgui and every library it needs that is installed, mlgui first, the others by name."""
    found: dict[str, Distribution] = {}
    _gather("mlgui", found)
    ordered = sorted(found, key=lambda name: (name != "mlgui", name))
    return tuple(_part(name, found[name]) for name in ordered)


def part(name: str) -> Part:
    """Return one installed library; importlib.metadata.PackageNotFoundError if it is not installed."""
    return _part(name, distribution(name))


def licence_texts(name: str) -> tuple[tuple[str, str], ...]:
    """Return the licence files of one part as (file name, text); empty where its distribution ships none."""
    texts = []
    for file in distribution(name).files or ():
        inside = file.parts[1:]
        about = file.parts[0].endswith(".dist-info") and (inside[0] == "licenses" or _TEXT_NAME.match(file.name))
        path = Path(str(file.locate()))
        if about and path.is_file():
            texts.append(("/".join(inside).removeprefix("licenses/"), path.read_text("utf-8", "replace")))
    return tuple(texts)


def other_texts() -> tuple[tuple[str, str], ...]:
    """Return the licences of what is no Python library: fonts, Qt, and where shipped along, Python and system libraries."""
    folder = resources() / "licences"
    fonts = ("Inter and STIX fonts", resources() / "fonts" / "OFL.txt")
    others = [(path.relative_to(folder).with_suffix("").as_posix(), path) for path in sorted(folder.rglob("*.txt"))]
    return tuple((name, path.read_text("utf-8", "replace")) for name, path in (fonts, *others))


def _gather(name: str, found: dict[str, Distribution]) -> None:
    """Add a distribution and what it requires without extras; what is not installed is not needed on this system."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found:
        return
    try:
        found[key] = distribution(name)
    except PackageNotFoundError:
        return
    for requirement in found[key].requires or ():
        if "extra ==" not in requirement and (needed := _NAME.match(requirement)):
            _gather(needed.group(), found)


def _part(name: str, found: Distribution) -> Part:
    return Part(name=name, version=found.version, licence=_licence(found))


def _licence(found: Distribution) -> str:
    """Return what a distribution says of its licence in a few words: the expression, the old field, or its classifiers."""
    stated: list[str] = found.metadata.get_all("License-Expression") or found.metadata.get_all("License") or [""]
    first = str(stated[0]).strip().partition("\n")[0]
    if first and len(first) <= _LONGEST_NAME and not first.startswith("Copyright"):
        return first
    classifiers = found.metadata.get_all("Classifier") or []
    return ", ".join(c.rpartition(" :: ")[2] for c in classifiers if c.startswith(_CLASSIFIER))
