"""`mlgui.fit` for scripts: pandas in and out."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mlgui
import mlgui.scripting
from mlgui.data.frames import table_from_frame
from mlgui.data.table import Kind
from mlgui.errors import UserError

ROOT = Path(__file__).parent.parent
SLOPES = "Reaction ~ Days + (Days | Subject)"


@pytest.fixture
def data() -> pd.DataFrame:
    return pd.read_csv(ROOT / "resources" / "examples" / "sleepstudy" / "sleepstudy.csv")


def test_the_documented_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(mlgui.scripting)
    assert found.attempted >= 4 and found.failed == 0


def test_results_come_as_data_frames(data: pd.DataFrame) -> None:
    model = mlgui.fit(SLOPES, data)
    assert list(model.coefficients) == ["term", "level", "estimate", "se", "df", "t", "p", "ci_low", "ci_high"]
    # lme4 1.1-31 (case p01 of the reference), to a millionth of the standard error
    assert model.coefficients["estimate"].tolist() == pytest.approx([251.405104848, 10.467285960], abs=1.5e-6)
    assert model.variance_components["sd"].tolist() == pytest.approx([24.7404514, 5.9221331, 25.5918156], rel=1e-5)
    assert model.correlations("Subject").loc["Days", "(Intercept)"] == pytest.approx(0.0655513, abs=1e-4)
    groups = model.group_effects("Subject")
    assert groups.shape[0] == 18 and groups.loc["308", "Days_deviation"] == pytest.approx(9.1989719, rel=1e-5)
    assert groups.loc["308", "Days"] == pytest.approx(9.1989719 + 10.4672860, rel=1e-5)
    pd.testing.assert_series_equal(model.fitted + model.residuals(), data["Reaction"], check_names=False)
    assert "REML criterion 1743.6283" in model.summary() and str(model) == model.summary()
    assert model._repr_html_().count("<table") == 2
    assert model.json()["nobs"] == 180
    with pytest.raises(KeyError):
        model.group_effects("School")


def test_the_data_frame_is_not_changed(data: pd.DataFrame) -> None:
    data.loc[3, "Reaction"] = np.nan
    before = data.copy(deep=True)
    mlgui.fit(SLOPES, data)
    pd.testing.assert_frame_equal(data, before)


def test_fitted_values_keep_the_index_of_the_rows_used(data: pd.DataFrame) -> None:
    data.index = pd.Index([f"row {n}" for n in range(len(data))])
    data.loc["row 3", "Reaction"] = np.nan
    model = mlgui.fit(SLOPES, data)
    assert len(model.fitted) == 179 and "row 3" not in model.fitted.index and model.fitted.index[3] == "row 4"


def test_maximum_likelihood_and_weights(data: pd.DataFrame) -> None:
    assert mlgui.fit(SLOPES, data, reml=False).report.criterion == pytest.approx(1751.93934446, abs=1e-6)
    data["w"] = 2.0
    # Doubling every weight doubles sigma^2 and changes nothing else.
    plain, weighted = mlgui.fit(SLOPES, data), mlgui.fit(SLOPES, data, weights="w")
    assert weighted.report.sigma == pytest.approx(plain.report.sigma * 2**0.5, rel=1e-6)


def test_kinds_follow_the_data_frame() -> None:
    frame = pd.DataFrame(
        {
            "cat": pd.Categorical(["b", "a", None, "b"], categories=["b", "a", "c"]),
            "ord": pd.Categorical(["lo", "hi", "lo", "hi"], categories=["lo", "hi"], ordered=True),
            "bool": [True, False, True, True],
            "maybe": pd.array([True, None, False, True], dtype="boolean"),
            "int": [3, 1, 2, 1],
            "whole": pd.array([1, None, 3, 4], dtype="Int64"),
            "text": ["10", "9", None, "9"],
            "when": pd.to_datetime(["2024-01-01", None, "2024-01-02", "2024-01-03"]),
        }
    )
    table = table_from_frame(frame)
    assert [str(column.kind) for column in table.columns] == [
        "category", "ordered", "boolean", "boolean", "number", "number", "category", "datetime",
    ]  # fmt: skip
    assert table["cat"].levels == ("b", "a", "c") and table["cat"].values.tolist() == [0, 1, -1, 0]
    assert table["text"].levels == ("9", "10") and table["maybe"].n_missing == 1 and table["whole"].n_missing == 1
    assert table["when"].kind is Kind.DATETIME and table["when"].n_missing == 1


def test_a_categoricals_first_category_is_the_reference() -> None:
    hsb = pd.read_csv(ROOT / "resources" / "examples" / "hsb" / "hsb.csv")
    hsb["sector"] = pd.Categorical(hsb["sector"], categories=["Public", "Catholic"])
    assert mlgui.fit("math ~ sector + (1 | school)", hsb).coefficients["term"].tolist() == ["(Intercept)", "sectorCatholic"]


def test_sum_contrasts_are_deviations_from_the_mean_level() -> None:
    hsb = pd.read_csv(ROOT / "resources" / "examples" / "hsb" / "hsb.csv")
    plain, coded = (mlgui.fit("math ~ sector + (1 | school)", hsb, sum_coded=names) for names in ((), "sector"))
    # the criterion of REML differs by the coding of X
    assert coded.coefficients.loc[1, "estimate"] == pytest.approx(-plain.coefficients.loc[1, "estimate"] / 2, rel=1e-6)
    with pytest.raises(UserError, match="sum_coded"):
        mlgui.fit("math ~ sector + (1 | school)", hsb, sum_coded=["sectors"])


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [("Reaction ~ Dayz + (1 | Subject)", "Dayz"), ("Reaction ~ Days + (1 | Subject", "mlgui|\\(|\\)"), ("Reaction", "~")],
)
def test_problems_are_told_in_words(data: pd.DataFrame, formula: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        mlgui.fit(formula, data)


def test_columns_nobody_asked_for_do_not_matter(data: pd.DataFrame) -> None:
    data["objects"] = [object()] * len(data)
    data["endless"] = np.inf
    assert len(mlgui.fit(SLOPES, data).coefficients) == 2
    with pytest.raises(UserError, match="infinite"):
        mlgui.fit("Reaction ~ endless + (1 | Subject)", data)
    data.columns = pd.Index(["Reaction", "Days", "Subject", "Days", "endless"])
    with pytest.raises(UserError, match="called Days"):
        mlgui.fit(SLOPES, data)


def test_what_is_no_data_frame_is_refused_in_words() -> None:
    with pytest.raises(UserError, match="pandas data frame"):
        mlgui.fit(SLOPES, {"Days": [1.0]})  # type: ignore[arg-type]


def test_a_wrong_formula_says_where(data: pd.DataFrame) -> None:
    with pytest.raises(UserError) as caught:
        mlgui.fit("Reaction ~ Dayz + (1 | Subject)", data)
    assert caught.value.position == 11


def test_files_are_read_as_the_window_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("g;y;n;d\nb;1,5;1;2020-01-02\na;2;-9;2020-01-03\nb;;3;\n", encoding="utf-8")
    data = mlgui.read(path, missing="-9")
    assert list(data["g"].cat.categories) == ["a", "b"] and data["n"].tolist()[:1] == [1] and data["n"].isna().sum() == 1
    assert data["y"].isna().tolist() == [False, False, True] and str(data["d"].iloc[0].date()) == "2020-01-02"
    table = table_from_frame(data)
    assert [column.kind for column in table.columns][:3] == [Kind.CATEGORY, Kind.NUMBER, Kind.NUMBER]
