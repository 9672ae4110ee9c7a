from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgui.data.edits.columns import computed
from mlgui.data.edits.rows import filtered, with_cell
from mlgui.data.structure import Structure
from mlgui.data.table import CODED, Column, Kind, Source, Table
from mlgui.errors import UserError
from mlgui.session import archive
from mlgui.session.models import Model, Snapshot
from mlgui.session.project import VERSION, open_project, save_project
from mlgui.session.table_text import table_csv, table_description, table_from_text
from mlgui.spec.formula import parse
from mlgui.spec.model import Coding, Contrast

AWKWARD = ["", "a,b", 'say "no"', "two\nlines", "\r", "=1+1", "NA", "nan", "π ≤ 4", "'", "\t", "-1"]


def awkward_table() -> Table:
    """Return every kind of column with the values that text formats lose."""
    numbers = np.array([0.1, -0.0, np.nan, 0.1 + 0.2, -2.5, 5e-324, 1.7976931348623157e308, 1 / 3, 2**53 + 2, -1e-300, 1e22, 7.0])
    codes = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1], dtype=np.int32)
    dates = np.array(["1582-10-15", "NaT", "2024-02-29", "0001-01-01", "9999-12-31"] + ["2000-01-01"] * 7, dtype="datetime64[D]")
    times = np.array(["2024-01-01T12:34:56.789012", "NaT"] + ["1969-12-31T23:59:59.999999"] * 10, dtype="datetime64[us]")
    coded = tuple(
        Column(name=f"col {kind}", kind=kind, values=codes, levels=tuple(AWKWARD)) for kind in sorted(CODED - {Kind.LABELLED})
    )
    columns = (
        Column(name="a,number", kind=Kind.NUMBER, values=numbers, label="with a label"),
        *coded,
        Column(name="labelled", kind=Kind.LABELLED, values=codes, levels=tuple(AWKWARD), level_codes=tuple(range(-3, 9))),
        Column(name="line\nbreak", kind=Kind.DATE, values=dates),
        Column(name="time", kind=Kind.DATETIME, values=times),
        Column(name="empty", kind=Kind.EMPTY, values=np.full(12, np.nan)),
    )
    return Table(columns=columns, row_ids=np.array([3, 1, 2, *range(10, 19)], dtype=np.int64), source=Source(name="awkward.csv"))


def assert_same(a: Table, b: Table) -> None:
    assert a.names == b.names
    np.testing.assert_array_equal(a.row_ids, b.row_ids)
    for left, right in zip(a.columns, b.columns, strict=True):
        assert (left.kind, left.levels, left.level_codes, left.label) == (
            right.kind,
            right.levels,
            right.level_codes,
            right.label,
        )
        assert left.values.dtype == right.values.dtype
        assert left.values.tobytes() == right.values.tobytes()


def snapshot(table: Table, structure: Structure) -> Snapshot:
    spec = replace(
        parse("score ~ kind * x + u + offset(log(x + 9)) + (x || school)", reml=False, weights="u"),
        codings=(Coding(column="kind", contrast=Contrast.SUM, reference="yes"),),
    )
    models = (
        Model(key=2, name="Modell „zwei“", spec=spec, note="A note.\nIn two lines.", figure_edits=(("f", "title", "T"),)),
        Model(key=5, name="Empty", guessed=("outcome",)),
    )
    return Snapshot(table=table, structure=structure, models=models, active=2)


def rewritten(path: Path, change: dict[str, bytes], *, sums: bool = True) -> Path:
    """Rewrite members of a project, with right checksums unless told otherwise."""
    with zipfile.ZipFile(path) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    members.update(change)
    if sums:
        manifest = json.loads(members["manifest.json"])
        manifest["sha256"] = {name: hashlib.sha256(members[name]).hexdigest() for name in manifest["sha256"]}
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return path


@pytest.fixture
def saved(tmp_path: Path, table: Table, structure: Structure) -> Path:
    path = tmp_path / "work.mlgui"
    save_project(path, snapshot(table, structure))
    return path


def test_a_project_comes_back_as_it_was(saved: Path, table: Table, structure: Structure) -> None:
    before, opened = snapshot(table, structure), open_project(saved)
    assert_same(table, opened.table)
    assert opened.models == before.models and opened.active == 2
    assert dict(opened.table.source.options) == {"delimiter": ","} and opened.table.source.row_noun == "student"
    assert [g.name for g in opened.structure.groupings] == [g.name for g in structure.groupings]


def test_values_come_back_bit_by_bit(tmp_path: Path) -> None:
    table = awkward_table()
    save_project(tmp_path / "a.mlgui", Snapshot(table=table, models=(Model(key=1, name="M"),), active=1))
    assert_same(table, open_project(tmp_path / "a.mlgui").table)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.floats(allow_nan=False), min_size=1, max_size=30),
    levels=st.lists(st.text(max_size=8), min_size=1, max_size=5, unique=True),
)
def test_any_numbers_and_labels_come_back(values: list[float], levels: list[str]) -> None:
    codes = (np.arange(len(values)) % (len(levels) + 1) - 1).astype(np.int32)
    columns = (
        Column(name=levels[0], kind=Kind.NUMBER, values=np.array(values)),
        Column(name=levels[0] + "2", kind=Kind.TEXT, values=codes, levels=tuple(levels)),
    )
    table = Table(columns=columns, row_ids=np.arange(len(values), dtype=np.int64))
    again = table_from_text(table_csv(table), json.loads(json.dumps(table_description(table))), table.source)
    assert_same(table, again)


def test_saving_twice_gives_the_same_bytes(saved: Path, table: Table, structure: Structure) -> None:
    first = saved.read_bytes()
    save_project(saved, snapshot(table, structure))
    assert saved.read_bytes() == first
    assert [path.name for path in saved.parent.iterdir()] == ["work.mlgui"]


def test_the_file_says_what_it_is(saved: Path) -> None:
    assert saved.read_bytes()[30:].startswith(b"mimetypeapplication/x-mlgui-project")


def test_a_failed_save_leaves_the_old_file(
    saved: Path, table: Table, structure: Structure, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(UserError, match="No space left"):
        save_project(saved, snapshot(table, structure))
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == ["work.mlgui"]


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path, table: Table, structure: Structure) -> None:
    with pytest.raises(UserError, match=r"x\.mlgui could not be written"):
        save_project(tmp_path / "no" / "x.mlgui", snapshot(table, structure))


def test_a_link_is_followed_not_replaced(saved: Path, table: Table, structure: Structure) -> None:
    link = saved.with_name("link.mlgui")
    try:
        link.symlink_to(saved)
    except OSError:
        pytest.skip("no symbolic links here")
    save_project(link, snapshot(table, structure))
    assert link.is_symlink() and open_project(saved).active == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip at all", b"\x00" * 5000])
def test_what_is_no_project_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.mlgui"
    path.write_bytes(content)
    with pytest.raises(UserError, match="not a whole mlgui project"):
        open_project(path)


def test_every_cut_file_is_refused(saved: Path) -> None:
    whole = saved.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        saved.write_bytes(whole[:length])
        with pytest.raises(UserError):
            open_project(saved)


def test_every_changed_byte_is_noticed_or_harmless(saved: Path, table: Table) -> None:
    whole = saved.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        changed = bytearray(whole)
        changed[place] ^= 0x55
        saved.write_bytes(bytes(changed))
        try:
            opened = open_project(saved)
        except UserError:
            continue
        assert_same(table, opened.table)


def test_a_changed_member_fails_its_checksum(saved: Path) -> None:
    with pytest.raises(UserError, match="changed after it was saved"):
        open_project(rewritten(saved, {"table.csv": b"#row\n1\n"}, sums=False))


@pytest.mark.parametrize(
    "document",
    [
        b"[]", b"{}", b"null", b"{", b'{"source": 1}', b"[" * 100_000,
        b'{"source": {"name": "", "format": "", "row_noun": "", "title": "", "options": {}}, "models": [], "active": 1}',
    ],
)  # fmt: skip
def test_nonsense_inside_is_told_in_words(saved: Path, document: bytes) -> None:
    with pytest.raises(UserError, match="not a whole mlgui project"):
        open_project(rewritten(saved, {"document.json": document}))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "pickle"}, {"levels": []}, {"levels": [1] * 8}, {"name": 3}, {"levels": None},
    ],
)  # fmt: skip
def test_nonsense_columns_are_told_in_words(saved: Path, change: dict[str, object]) -> None:
    with zipfile.ZipFile(saved) as zipped:
        description = json.loads(zipped.read("columns.json"))
    description["columns"][0].update(change)
    with pytest.raises(UserError, match="not a whole mlgui project"):
        open_project(rewritten(saved, {"columns.json": json.dumps(description).encode()}))


def test_a_formula_in_a_project_is_never_run(saved: Path) -> None:
    with zipfile.ZipFile(saved) as zipped:
        document = json.loads(zipped.read("document.json"))
    document["models"][0]["spec"]["formula"] = "score ~ __import__('os').system('true')"
    with pytest.raises(UserError, match="not a whole mlgui project"):
        open_project(rewritten(saved, {"document.json": json.dumps(document).encode()}))


def test_a_newer_version_is_told_in_a_sentence(saved: Path) -> None:
    with zipfile.ZipFile(saved) as zipped:
        manifest = json.loads(zipped.read("manifest.json"))
    manifest.update(version=VERSION + 1, program="9.9")
    with pytest.raises(UserError, match="saved by a newer version of mlgui. It was made with version 9.9"):
        open_project(rewritten(saved, {"manifest.json": json.dumps(manifest).encode()}))


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.mlgui"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("manifest.json", b"\0" * (64 * 2**20))
    with pytest.raises(UserError, match="fill the memory"):
        open_project(path)


def test_too_many_and_doubled_members_are_refused(tmp_path: Path) -> None:
    many, twice = tmp_path / "many.mlgui", tmp_path / "twice.mlgui"
    with zipfile.ZipFile(many, "w") as zipped:
        for n in range(100):
            zipped.writestr(f"m{n}", b"")
    with zipfile.ZipFile(twice, "w") as zipped, pytest.warns(UserWarning):
        zipped.writestr("manifest.json", b"{}")
        zipped.writestr("manifest.json", b"{}")
    for path in (many, twice):
        with pytest.raises(UserError, match="no project of this program"):
            open_project(path)


def test_foreign_members_are_never_touched(saved: Path, tmp_path: Path) -> None:
    opened = open_project(rewritten(saved, {"../../evil.txt": b"x", "/etc/evil": b"x"}))
    assert opened.active == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["work.mlgui"]


def test_data_that_compress_like_a_bomb_can_still_be_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_MATTERS_FROM", 10_000)
    monkeypatch.setattr(archive, "MAX_RATIO", 50)
    n = 20_000
    column = Column(name="c", kind=Kind.CATEGORY, values=np.zeros(n, dtype=np.int32), levels=("a",))
    table = Table(columns=(column,), row_ids=np.ones(n, dtype=np.int64))
    save_project(tmp_path / "flat.mlgui", Snapshot(table=table, models=(Model(key=1, name="M"),), active=1))
    with zipfile.ZipFile(tmp_path / "flat.mlgui") as flat:
        assert flat.getinfo("table.csv").compress_type == zipfile.ZIP_STORED
        assert flat.getinfo("document.json").compress_type == zipfile.ZIP_DEFLATED
    assert open_project(tmp_path / "flat.mlgui").table.n_rows == n


def test_nothing_to_save_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to save"):
        save_project(tmp_path / "x.mlgui", Snapshot())


def test_history_and_filter_of_the_data_come_back(table: Table, structure: Structure, tmp_path: Path) -> None:
    changed = with_cell(filtered(computed(table, "x within", "center(x, by = school)"), "`x within` > 0"), 3, "x", "2,5")
    path = tmp_path / "changed.mlgui"
    save_project(path, snapshot(changed, structure))
    back = open_project(path).table
    assert_same(back, changed)
    assert back.steps == changed.steps
    assert back.filter is not None
    assert changed.filter is not None
    assert back.filter.expression == changed.filter.expression
    np.testing.assert_array_equal(back.filter.kept, changed.filter.kept)


def test_a_filter_that_cannot_be_read_is_a_damaged_project(table: Table, structure: Structure, tmp_path: Path) -> None:
    path = tmp_path / "changed.mlgui"
    save_project(path, snapshot(filtered(table, "x > 0"), structure))
    with zipfile.ZipFile(path) as zipped:
        document = json.loads(zipped.read("document.json"))
    document["data"]["filter"] = "__import__('os')"
    with pytest.raises(UserError, match="not a whole"):
        open_project(rewritten(path, {"document.json": json.dumps(document).encode()}))
