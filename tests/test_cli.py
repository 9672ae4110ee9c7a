"""The command line from end to end, most of it in this process."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mlgui
from mlgui.cli import main, main_gui
from mlgui.cli.window import output_folder, why_no_window

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "resources" / "examples"
SLEEPSTUDY = str(EXAMPLES / "sleepstudy" / "sleepstudy.csv")
SLOPES = "Reaction ~ Days + (Days | Subject)"

pytestmark = pytest.mark.usefixtures("qapp")  # figures painted here must not start a lesser application than windows need


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of the test, with no display."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def run_without_qt(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter in which PySide6 cannot be imported."""
    program = f"import sys; sys.modules['PySide6'] = None\n{code}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": ""}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments], capture_output=True, text=True, check=False, env=environment
    )


def test_fit_writes_the_json_of_the_reference(tmp_path: Path) -> None:
    assert main(["fit", SLEEPSTUDY, "--formula", SLOPES, "--json", "fit.json", "--fitted"]) == 0
    content = json.loads((tmp_path / "fit.json").read_text("utf-8"))
    # lme4 1.1-31, polished: case p01 of the reference; tolerances as its README gives them.
    assert content["criterion"] == pytest.approx(1743.6282719584915, abs=1e-6)
    assert content["nobs"] == 180 and content["n_groups"] == {"Subject": 18} and not content["singular"]
    days = content["fixed_effects"][1]
    assert days["estimate"] == pytest.approx(10.4672859596, abs=1.5e-6) and days["df"] == pytest.approx(17, rel=1e-3)
    assert len(content["fitted"]) == 180


def test_fit_prints_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", SLEEPSTUDY, "--formula", SLOPES]) == 0
    out = capsys.readouterr().out
    assert "REML criterion 1743.6283" in out and "Days" in out and "Average coefficients" in out


def test_json_can_go_to_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", SLEEPSTUDY, "--formula", SLOPES, "--ml", "--json", "-"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["method"] == "ML" and content["criterion"] == pytest.approx(1751.93934446, abs=1e-6)


def test_json_on_standard_output_stays_json_beside_a_folder(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert main(["fit", SLEEPSTUDY, "--formula", SLOPES, "--json", "-", "--out", "results"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["nobs"] == 180 and "files written to results" in captured.err


def test_a_wrong_formula_is_shown_with_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", SLEEPSTUDY, "--formula", "Reaction ~ Dayz + (1 | Subject)"]) == 1
    shown, caret, sentence = capsys.readouterr().err.splitlines()
    assert shown[caret.index("^") :].startswith("Dayz") and sentence.startswith("mlgui: There is no column called")
    assert main(["fit", SLEEPSTUDY, "--formula", "Reaction ~ " + "Days + " * 100 + ") + Days" * 100]) == 1
    shown, caret, _ = capsys.readouterr().err.splitlines()
    assert shown[caret.index("^")] == ")" and len(shown) < 130


def test_without_a_formula_outcome_and_groups_are_guessed_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", SLEEPSTUDY]) == 0
    captured = capsys.readouterr()
    assert "Guessed" in captured.err and "Reaction ~ 1 + (1 | Subject)" in captured.err
    assert "Reaction ~ 1 + (1 | Subject)" in captured.out


def test_kinds_and_level_orders_can_be_forced(tmp_path: Path) -> None:
    hsb = str(EXAMPLES / "hsb" / "hsb.csv")
    formula = "math ~ ses + sector + (1 | school)"
    assert main(["fit", hsb, "--formula", formula, "--category", "sector=Public,Catholic", "--json", "a.json"]) == 0
    assert main(["fit", hsb, "--formula", formula, "--category", "sector=Catholic,Public", "--json", "b.json"]) == 0
    a, b = (json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json"))
    assert a["fixed_effects"][2]["term"] == "sectorCatholic" and b["fixed_effects"][2]["term"] == "sectorPublic"
    assert a["fixed_effects"][2]["estimate"] == pytest.approx(-b["fixed_effects"][2]["estimate"], rel=1e-6)
    assert main(["fit", hsb, "--formula", "math ~ himinty + (1 | school)", "--category", "himinty", "--json", "c.json"]) == 0
    assert json.loads((tmp_path / "c.json").read_text())["fixed_effects"][1]["term"] == "himinty1"


def test_sum_contrasts_can_be_asked_for(tmp_path: Path) -> None:
    hsb = str(EXAMPLES / "hsb" / "hsb.csv")
    formula = "math ~ sector + (1 | school)"
    assert main(["fit", hsb, "--formula", formula, "--category", "sector=Public,Catholic", "--json", "a.json"]) == 0
    assert main(["fit", hsb, "--formula", formula, "--sum", "sector", "--json", "b.json"]) == 0
    a, b = (json.loads((tmp_path / name).read_text())["fixed_effects"] for name in ("a.json", "b.json"))
    assert b[1]["term"] == "sector1"
    assert b[1]["estimate"] == pytest.approx(a[1]["estimate"] / 2, rel=1e-6)  # half the difference, Catholic first
    assert main(["fit", hsb, "--formula", formula, "--sum", "nothing"]) == 1


def test_out_writes_tables_figures_and_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert main(["fit", SLEEPSTUDY, "--formula", SLOPES, "--out", "results"]) == 0
    names = {path.name for path in (tmp_path / "results").iterdir()}
    assert {"fixed_effects.csv", "fixed_effects.html", "tables.xlsx", "report.html", "results.json", "model.R"} <= names
    assert {"tables.docx", "tables.rtf", "tables.tex", "tables.md", "report.docx", "references.bib", "model.py"} <= names
    for suffix in (".png", ".svg", ".csv"):
        assert f"shrinkage_subject_intercept{suffix}" in names
    assert all(name.isascii() and "(" not in name for name in names)
    rows = list(csv.DictReader((tmp_path / "results" / "fixed_effects.csv").read_text("utf-8").splitlines()))
    assert float(rows[1]["estimate"]) == pytest.approx(10.4672859596, abs=1.5e-6)
    page = (tmp_path / "results" / "report.html").read_text("utf-8")
    assert "data:image/svg+xml" in page and 'class="equation"' in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fit", "nowhere.csv", "--formula", SLOPES], "There is no file nowhere.csv"),
        (["fit", SLEEPSTUDY, "--formula", "Reaction ~ Dayz + (1 | Subject)"], "Dayz"),
        (["fit", SLEEPSTUDY, "--formula", "Reaction ~ ("], "mlgui:"),
        (["fit", SLEEPSTUDY, "--formula", ""], "stops too early"),
        (["fit", SLEEPSTUDY, "--formula", "Reaction ~ __import__('os').system('true')"], "mlgui:"),
        (["fit", SLEEPSTUDY, "--formula", SLOPES, "--category", "nothing"], "no column nothing"),
        (["fit", SLEEPSTUDY, "--formula", SLOPES, "--category", "Subject=1,2"], "none of them"),
        (["fit", SLEEPSTUDY, "--formula", SLOPES, "--weights", "absent"], "absent"),
        (["fit", SLEEPSTUDY, "--formula", SLOPES, "--answer", "x"], "ABOUT=CHOICE"),
        (["fit", SLEEPSTUDY, "--formula", SLOPES, "--json", f"{SLEEPSTUDY}/x.json"], "could not be written"),
        (["describe", "."], "folder"),
        (["--example", "nothing"], "The examples are: hsb"),
        (["nowhere.csv"], "There is no file nowhere.csv"),
    ],
)  # fmt: skip
def test_problems_are_told_in_a_sentence_and_end_with_one(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert main(arguments) == 1
    err = capsys.readouterr().err
    assert sentence in err and "Traceback" not in err and "went wrong inside" not in err


def test_a_project_is_not_read_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "work.mlgui").write_bytes(b"")
    assert main(["describe", "work.mlgui"]) == 1
    assert "Open it with: mlgui work.mlgui" in capsys.readouterr().err


def test_wrong_usage_ends_with_two() -> None:
    for arguments in (["fit"], ["fit", "a", "b"], ["--unknown"], ["describe", "x", "--header-row", "one"],
                      ["describe", "x", "--header-row=-1"]):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2


def test_describe_says_how_a_file_is_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text(
        "class;pupil;score\n" + "".join(f"{'ab'[n % 2]};p{n};{n},5\n" for n in range(8)) + "a;p9;-99\n"
    )
    assert main(["describe", "a.csv", "--json", "a.json", "--values", "--missing=-99"]) == 0
    content = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert (content["delimiter"], content["decimal"], content["n_rows"], content["header_row"]) == (";", ",", 9, 1)
    score = content["columns"][2]
    assert (score["kind"], score["missing"], score["values"][0], score["values"][-1]) == ("number", 1, 0.5, None)
    assert content["columns"][0]["levels"] == ["a", "b"]
    assert [(g["name"], g["groups"], g["sizes"]) for g in content["groupings"]] == [("class", 2, [5, 4])]
    assert "grouping class: 2 groups" in capsys.readouterr().out


def test_describe_shows_how_groups_relate(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(EXAMPLES / "pastes" / "pastes.csv"), "--json", "-"]) == 0
    content = json.loads(capsys.readouterr().out)
    relations = {(pair["inner"], pair["outer"]): pair for pair in content["relations"]}
    assert relations["sample", "batch"]["relation"] == "nested"
    assert relations["cask", "batch"]["relation"] == "crossed" and relations["cask", "batch"]["reused_labels"]


def test_describe_names_unlikely_groupings_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(EXAMPLES / "hsb" / "hsb.csv")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("hsb.csv: 7185 rows, ")
    assert [line.split(":")[0] for line in lines if line.startswith("  grouping")] == ["  grouping school"]
    assert "could be groupings too" in lines[-1]


def test_without_a_display_the_example_is_fitted_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                              capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert main([]) == 0
    captured = capsys.readouterr()
    assert "There is no display" in captured.err and "High School & Beyond" in captured.out
    names = {path.suffix for path in (tmp_path / "mlgui-output").iterdir()}
    assert {".csv", ".html", ".png", ".svg", ".xlsx", ".json"} <= names


def test_every_data_set_has_a_folder_of_its_own_beside_the_example() -> None:
    assert output_folder([], None) == output_folder([], "hsb") == Path("mlgui-output")
    assert output_folder([], "sleepstudy") == Path("mlgui-output/sleepstudy")
    assert output_folder([Path("data/my file.csv"), Path("b.csv")], None) == Path("mlgui-output/my_file")


def test_without_qt_tables_are_written_and_pictures_named(tmp_path: Path) -> None:
    done = run_without_qt(
        "from mlgui.cli import main; sys.exit(main(sys.argv[1:]))",
        "fit", SLEEPSTUDY, "--formula", SLOPES, "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Pictures left out" in done.stderr and "shrinkage_subject" in done.stderr
    suffixes = {path.suffix for path in (tmp_path / "out").iterdir()}
    assert {".csv", ".html", ".xlsx"} <= suffixes and not {".png", ".svg"} & suffixes


def test_without_qt_the_program_works_without_a_window(tmp_path: Path) -> None:
    done = run_without_qt("from mlgui.cli import main; sys.exit(main(['--example', 'pastes']))")
    assert done.returncode == 0, done.stderr
    assert "working without a window" in done.stderr and "Paste strength" in done.stdout


def test_a_console_without_the_characters_is_no_error() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    for arguments in (["fit", str(EXAMPLES / "hsb" / "hsb.csv"), "--formula", "math ~ ses * sector + (ses | school)"],
                      ["fit", SLEEPSTUDY, "--formula", SLOPES, "--json", "-"]):  # fmt: skip
        done = subprocess.run([sys.executable, "-m", "mlgui", *arguments], capture_output=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr
        assert done.stdout.isascii()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f'"{sys.executable}" -m mlgui describe "{EXAMPLES / "insteval" / "insteval.csv.gz"}" --json - --values | head -1'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, env=environment)
    assert done.stdout == "{\n" and done.stderr == ""


def test_the_version_is_told_without_loading_anything() -> None:
    code = """
from mlgui.cli import main
try:
    main(["--version"])
except SystemExit as ended:
    assert ended.code == 0
heavy = {"numpy", "pandas", "scipy"} & set(sys.modules)
assert not heavy, heavy
"""
    done = run_without_qt(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"mlgui {mlgui.__version__}"


def test_a_display_is_looked_for_where_there_may_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert why_no_window({}) and why_no_window({"DISPLAY": ":4321"})
    assert not why_no_window({"WAYLAND_DISPLAY": "wayland-0"})
    assert why_no_window({"QT_QPA_PLATFORM": "offscreen"}) and why_no_window({"QT_QPA_PLATFORM": "xcb"})
    assert not why_no_window({"QT_QPA_PLATFORM": "offscreen", "MLGUI_QUIT": "1"})
    assert not why_no_window({"QT_QPA_PLATFORM": "eglfs"})
    assert not why_no_window({"DISPLAY": "far.example:0"})
    monkeypatch.setattr("sys.platform", "darwin")
    assert not why_no_window({})


def test_the_window_opens_with_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import mlgui.gui.app as app

    asked: list[tuple[object, object]] = []
    monkeypatch.setattr("mlgui.cli.window.why_no_window", lambda environment: "")
    monkeypatch.setattr(app, "run", lambda paths, example=None: asked.append((list(paths), example)) or 0)
    monkeypatch.setattr("sys.argv", ["mlgui-gui"])
    assert [main([]), main([SLEEPSTUDY]), main(["--example", "radon"]), main_gui()] == [0, 0, 0, 0]
    assert asked == [([], "hsb"), ([Path(SLEEPSTUDY)], None), ([], "radon"), ([], None)]


def test_the_entry_without_a_console_ends_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlgui.cli.window.why_no_window", lambda environment: "No display")
    monkeypatch.setattr("sys.argv", ["mlgui-gui", "nowhere.csv"])
    assert main_gui() == 1
    assert "nowhere.csv" in capsys.readouterr().err
