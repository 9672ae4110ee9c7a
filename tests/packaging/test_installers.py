"""What can be checked of the installers without building them: locks, parts list, versions, descriptions, CI recipes."""

from __future__ import annotations

import json
import plistlib
import re
import tomllib
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from mlgui import __version__

ROOT = Path(__file__).parent.parent.parent
PACKAGING = ROOT / "packaging"
LOCKS = ("lock.txt", "lock-test.txt", "lock-build.txt")
MIME = "application/x-mlgui-project"
BLOCK = re.compile(r"^([\w.-]+)==(\S+)[^\n]*\\\n((?: {4}--hash=sha256:[0-9a-f]{64}[^\n]*\n?)+)", re.M)


def pins(name: str) -> dict[str, str]:
    return {found[1]: found[2] for found in BLOCK.finditer((PACKAGING / name).read_text("utf-8"))}


def plain(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement).group()).lower()  # type: ignore[union-attr]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_version_has_hashes(name: str) -> None:
    text = (PACKAGING / name).read_text("utf-8")
    assert len(pins(name)) == len(re.findall(r"^[\w.-]+==", text, re.M))


def test_the_locks_agree_and_hold_all_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {"lock.txt": [], "lock-test.txt": project["optional-dependencies"]["test"],
              "lock-build.txt": project["optional-dependencies"]["build"]}  # fmt: skip
    run_time = pins("lock.txt")
    for name, extra in extras.items():
        locked = pins(name)
        assert run_time.items() <= locked.items()
        assert {plain(text) for text in [*project["dependencies"], *extra]} <= set(locked)


def test_the_parts_list_is_in_step_with_lock_and_version() -> None:
    """Otherwise run packaging/sbom.py."""
    listed = json.loads((PACKAGING / "sbom.cdx.json").read_text("utf-8"))
    assert listed["bomFormat"] == "CycloneDX" and listed["specVersion"] == "1.6"
    assert listed["metadata"]["component"]["version"] == __version__
    assert {part["name"]: part["version"] for part in listed["components"]} == pins("lock.txt")
    known = {part["bom-ref"] for part in [listed["metadata"]["component"], *listed["components"]]}
    assert {ref for entry in listed["dependencies"] for ref in [entry["ref"], *entry["dependsOn"]]} <= known
    assert all(part["licenses"][0]["license"]["name"] for part in listed["components"])


def test_the_citation_names_this_version() -> None:
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"] == __version__


def test_the_readme_names_the_files_of_this_version() -> None:
    names = re.findall(r"mlgui[-_](\d[\d.]*\d)[-_]", (ROOT / "README.md").read_text("utf-8"))
    assert names and set(names) == {__version__}


def test_no_other_file_repeats_the_version() -> None:
    files = [
        path for path in PACKAGING.rglob("*") if path.suffix in (".py", ".spec", ".nsi", ".xml", ".plist", ".sh", ".desktop")
    ]
    assert not [
        path.name for path in files if re.search(rf'(VERSION|version)\W+{re.escape(__version__)}"', path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("name", ["linux", "windows", "macos"])
def test_ci_recipes_parse_and_run_what_exists(name: str) -> None:
    text = (PACKAGING / "ci" / f"{name}.yml").read_text("utf-8")
    recipe = yaml.safe_load(text)
    assert recipe["jobs"] and all(job["steps"] for job in recipe["jobs"].values())
    named = set(re.findall(r"(?:packaging/[\w/.-]+\.\w+|\.ci/run)", text))
    assert named and all((ROOT / path).is_file() for path in named)
    products = {word for words in re.findall(r"packaging/build\.py ([a-z ]+)", text) for word in words.split()}
    assert products <= set(re.findall(r'^    "(\w+)": build_', (PACKAGING / "build.py").read_text("utf-8"), re.M))


def test_the_mac_knows_the_project_file_and_the_program() -> None:
    info = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    exported = info["UTExportedTypeDeclarations"][0]
    assert info["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == [exported["UTTypeIdentifier"]]
    assert exported["UTTypeTagSpecification"] == {"public.filename-extension": ["mlgui"], "public.mime-type": [MIME]}
    assert "CFBundleShortVersionString" not in info  # put in by the builder
    assert plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())


def test_linux_descriptions_agree() -> None:
    linux = PACKAGING / "linux"
    entry = ConfigParser(interpolation=None, strict=True)
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read(linux / "mlgui.desktop", "utf-8")
    assert entry["Desktop Entry"]["MimeType"] == f"{MIME};" and entry["Desktop Entry"]["Exec"] == "mlgui-gui %f"
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    mime = ElementTree.parse(linux / "mlgui.mime.xml").find("m:mime-type", space)
    assert mime is not None and mime.get("type") == MIME
    assert [glob.get("pattern") for glob in mime.findall("m:glob", space)] == ["*.mlgui"]
    described = ElementTree.parse(linux / "mlgui.metainfo.xml").getroot()
    assert described.findtext("project_license") == "GPL-3.0-or-later"
    assert described.findtext("launchable") == "mlgui.desktop"
    assert MIME in (linux / "mlgui.metainfo.xml").read_text("utf-8")


def test_the_manual_page_names_every_command() -> None:
    from mlgui.cli import arguments

    manual = (PACKAGING / "linux" / "mlgui.1").read_text("utf-8")
    commands = re.findall(r'"(\w+)": _\w+_parser', Path(arguments.__file__).read_text("utf-8"))
    assert commands and all(f".B {command}\n" in manual for command in commands)
