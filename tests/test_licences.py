"""The parts of this installation and their licences."""

from __future__ import annotations

from importlib.metadata import requires

from mlgui.licences import licence_texts, other_texts, parts


def test_mlgui_comes_first_and_every_part_states_a_licence() -> None:
    found = parts()
    assert found[0].name == "mlgui" and found[0].licence == "GPL-3.0-or-later"
    assert {"numpy", "scipy", "pandas", "pyside6-essentials", "pyqtgraph"} <= {part.name for part in found}
    assert not [part.name for part in found if not part.licence or not part.version]


def test_tools_of_the_tests_are_no_parts() -> None:
    assert requires("mlgui")
    assert not {"pytest", "hatchling", "ruff"} & {part.name for part in parts()}


def test_texts_are_found_beside_the_libraries() -> None:
    assert any("Copyright" in text for _, text in licence_texts("numpy"))
    names = dict(other_texts())
    assert "SIL OPEN FONT LICENSE" in names["Inter and STIX fonts"]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in names["Qt-and-PySide6-LGPL-3.0"]
