"""Renew `sbom.cdx.json`, the parts list (CycloneDX 1.6) that wheel and installers carry, from the lock.

python packaging/sbom.py
"""

from __future__ import annotations

import json
import os
import re
import sys
import uuid
from importlib.metadata import distribution
from typing import Any

from project import LOCK, ROOT, SBOM, build_python, run, sha256, version

_PIN = re.compile(r"^([\w.-]+)==([\w.!+]+)", re.M)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def parts_list() -> dict[str, Any]:
    """Return the list: mlgui, every library of the lock with version and licence, and which needs which."""
    from mlgui.licences import part

    pins = dict(_PIN.findall(LOCK.read_text("utf-8")))
    found = [part(name) for name in pins]
    needs = {name: _needs(name) & set(pins) for name in pins}
    wanted = re.search(r"^dependencies = \[(.*?)^\]", (ROOT / "pyproject.toml").read_text("utf-8"), re.M | re.S)
    assert wanted is not None
    own = {_plain(name) for name in re.findall(r'^\s*"([A-Za-z0-9][\w.-]*)', wanted.group(1), re.M)}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, version() + sha256(LOCK))}",
        "version": 1,
        "metadata": {"component": _component("application", "mlgui", version(), "GPL-3.0-or-later")},
        "components": [_component("library", one.name, pins[one.name], one.licence) for one in found],
        "dependencies": [
            {"ref": _purl("mlgui", version()), "dependsOn": [_purl(name, pins[name]) for name in sorted(own & set(pins))]},
            *({"ref": _purl(name, pins[name]), "dependsOn": [_purl(other, pins[other]) for other in sorted(others)]}
              for name, others in needs.items()),
        ],
    }  # fmt: skip


def _component(kind: str, name: str, number: str, licence: str) -> dict[str, Any]:
    purl = _purl(name, number)
    licences = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    return {"type": kind, "bom-ref": purl, "name": name, "version": number, "purl": purl, **licences}


def _purl(name: str, number: str) -> str:
    return f"pkg:pypi/{name}@{number}"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needs(name: str) -> set[str]:
    """Return the plain names of what a library requires without extras."""
    required = [text for text in distribution(name).requires or () if "extra ==" not in text]
    return {_plain(found.group()) for text in required if (found := _NAME.match(text))}


if __name__ == "__main__":
    if sys.argv[1:] == ["here"]:
        SBOM.write_text(json.dumps(parts_list(), indent=1) + "\n", "utf-8")
    else:  # licences are read from the installed libraries: those of the build environment
        run(build_python(), __file__, "here", PYTHONPATH=os.pathsep.join((str(ROOT), str(ROOT / "packaging"))))
