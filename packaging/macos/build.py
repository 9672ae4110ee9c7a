"""What Mac users install: mlgui.app in a .dmg, signed and notarised where the environment holds the means. Runs on a Mac only.

MLGUI_SIGNING_IDENTITY: "Developer ID Application: ..." of a certificate in the keychain; without it the app is signed ad hoc.
MLGUI_NOTARY_PROFILE: name under which `xcrun notarytool store-credentials` has stored the account; without it nothing is sent.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from frozen.build import build_frozen
from project import PACKAGING, PRODUCTS, WORK, fresh, megabytes, run, say, version

SOURCES = PACKAGING / "macos"


def build_macos() -> Path:
    """Build, sign and (where possible) notarise the .dmg of this Mac's processor; return its path."""
    if sys.platform != "darwin":
        raise SystemExit("The .app can be built on a Mac only; packaging/ci/macos.yml does it.")
    app = build_frozen().parent / "mlgui.app"
    identity = os.environ.get("MLGUI_SIGNING_IDENTITY", "-")
    hardened = ("--options", "runtime", "--timestamp") if identity != "-" else ("--options", "runtime")
    entitlements = SOURCES / "entitlements.plist"
    run("codesign", "--force", "--deep", *hardened, "--entitlements", entitlements, "-s", identity, app)
    run("codesign", "--verify", "--deep", "--strict", app)
    product = _image(app)
    if os.environ.get("MLGUI_NOTARY_PROFILE"):
        run("codesign", "--force", "--timestamp", "-s", identity, product)
        run("xcrun", "notarytool", "submit", product, "--keychain-profile", os.environ["MLGUI_NOTARY_PROFILE"], "--wait")
        run("xcrun", "stapler", "staple", product)
    say(f"{product.name}: {megabytes(product)}")
    return product


def _image(app: Path) -> Path:
    """Return the disk image: the app beside a link to the folder it is dragged to."""
    folder = fresh(WORK / "dmg")
    shutil.copytree(app, folder / app.name, symlinks=True)
    (folder / "Applications").symlink_to("/Applications")
    PRODUCTS.mkdir(parents=True, exist_ok=True)
    product = PRODUCTS / f"mlgui-{version()}-macos-{platform.machine()}.dmg"
    run("hdiutil", "create", "-volname", "mlgui", "-srcfolder", folder, "-ov", "-format", "UDZO", product)
    return product
