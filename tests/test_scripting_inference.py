"""What a fit can be asked from scripts, against the reference where it has a number: shapes, keys, one number each.

Coefficients to a millionth of their SE, as the fits of the reference; the rest as in the tests of `mlgui.results`.
"""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mlgui
from mlgui.errors import UserError
from mlgui.scripting import FittedModel
from tests.reference.files import load_case, load_comparators, load_levels

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "resources" / "examples"
CI = ["ci_low", "ci_high"]
TEST = ["estimate", "se", "df", "t", "p", *CI]
SLEEP = load_case("p01_sleepstudy_slope_reml")["results"]


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "sleepstudy" / "sleepstudy.csv")


@pytest.fixture(scope="module")
def sleep(data: pd.DataFrame) -> FittedModel:
    return mlgui.fit("Reaction ~ Days + (Days | Subject)", data)


@pytest.fixture(scope="module")
def growth() -> FittedModel:
    frame = pd.read_csv(ROOT / "tests" / "reference" / "data" / "orthodont.csv")
    frame["Sex"] = pd.Categorical(frame["Sex"], categories=load_levels("orthodont.csv")["Sex"])
    return mlgui.fit("distance ~ age * Sex + (age | Subject)", frame)


@pytest.fixture(scope="module")
def schools() -> FittedModel:
    hsb = pd.read_csv(EXAMPLES / "hsb" / "hsb.csv")
    return mlgui.fit("math ~ ses + sector + (1 | school)", hsb)


def test_the_documented_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "resources" / "docs" / "scripting.md").read_text("utf-8")
    examples = "\n".join(re.findall(r"```pycon\n(.*?)```", text, re.S))
    test = doctest.DocTestParser().get_doctest(examples, {}, "scripting.md", None, None)
    found = doctest.DocTestRunner().run(test)
    assert found.attempted >= 20 and found.failed == 0


def test_every_method_is_documented() -> None:
    text = (ROOT / "resources" / "docs" / "scripting.md").read_text("utf-8")
    public = [name for name in dir(FittedModel) if not name.startswith("_")]
    assert [name for name in public if f"`{name}" not in text and f".{name}" not in text] == []
    assert [name for name in public if not (getattr(FittedModel, name).__doc__ or "").strip()] == []


def test_degrees_of_freedom_by_choice(sleep: FittedModel) -> None:
    found = sleep.coefficients_by(df="kenward-roger")
    assert list(found) == ["term", "level", *TEST]
    for row, wanted in zip(found.itertuples(), SLEEP["fixed_effects"], strict=True):
        assert (row.se, row.df, row.p) == pytest.approx((wanted["se_kr"], wanted["df_kr"], wanted["p_kr"]), rel=1e-5)
    normal = sleep.coefficients_by("asymptotic")
    days = SLEEP["fixed_effects"][1]
    assert normal.loc[1, CI].tolist() == pytest.approx([days["ci95_z_lo"], days["ci95_z_hi"]], rel=1e-5)
    pd.testing.assert_frame_equal(sleep.coefficients_by("satterthwaite"), sleep.coefficients, rtol=1e-9)


def test_what_was_dropped_stays_unknown(data: pd.DataFrame) -> None:
    model = mlgui.fit("Reaction ~ Days + I(2 * Days) + (1 | Subject)", data)
    for df in ("satterthwaite", "asymptotic"):
        assert model.coefficients_by(df)["estimate"].isna().tolist() == [False, False, True]
    assert model.draws(3).isna().all().tolist() == [False, False, True, False]


def test_intervals(sleep: FittedModel) -> None:
    profile = sleep.intervals("profile")
    assert list(profile) == ["kind", "group", "term", "estimate", *CI]
    assert profile[["kind", "group", "term"]].iloc[0].tolist() == ["sd", "Subject", "(Intercept)"]
    limits = SLEEP["profile_ci_exact"]["limits"]
    for place, name in ((0, "sd_(Intercept)|Subject"), (3, "sigma"), (5, "Days")):
        assert profile.loc[place, CI].tolist() == pytest.approx(limits[name], rel=1e-5)
    boot = sleep.intervals("bootstrap", replicates=100, seed=3)
    assert list(boot)[-2:] == ["shortest_low", "shortest_high"] and len(boot) == 6
    wald = sleep.intervals("wald", 0.9).set_index("kind")
    assert wald.loc["coefficient", "term"].tolist() == ["(Intercept)", "Days"] and len(wald) == 6
    # nlme 3.1-162: intervals(lme(...), level = 0.9) on the scale of logs
    assert wald.loc["sigma", CI].tolist() == pytest.approx([23.22, 28.21], rel=2e-3)
    refits = sleep.bootstrap(100, seed=3)
    assert list(refits.columns) == [tuple(row) for row in boot[["kind", "group", "term"]].to_numpy().tolist()]
    assert refits[("sigma", "", "")].quantile(0.025) == pytest.approx(boot.loc[3, "ci_low"], rel=1e-12)


def test_tests_of_terms_and_contrasts(growth: FittedModel) -> None:
    wanted = load_case("p15_orthodont_interaction")["results"]["anova_typeIII_kenward_roger"]
    found = growth.f_tests(3, df="kenward-roger")
    assert list(found) == ["term", "f", "df1", "df2", "p"]
    assert found["f"].tolist() == pytest.approx([row["F value"] for row in wanted], rel=1e-5)
    assert found["p"].tolist() == pytest.approx([row["Pr(>F)"] for row in wanted], rel=1e-3)
    one = growth.contrast({"age:SexFemale": 1})
    assert list(one) == TEST
    assert one.loc[0, "p"] == pytest.approx(growth.f_tests().loc[2, "p"], rel=1e-6)
    assert growth.contrast([0, 1, 0, 0.5], {"age": 1, "age:SexFemale": 0.5})["estimate"].nunique() == 1
    joint = growth.joint_test({"age": 1}, {"age:SexFemale": 1}, {"age": 2})
    assert joint.loc[0, "df1"] == 2 and list(joint) == ["f", "df1", "df2", "p"]


def test_tests_of_what_varies(sleep: FittedModel) -> None:
    found, wanted = sleep.random_tests(replicates=50), SLEEP["ranova"][1]
    assert found.loc[0, ["term", "null"]].tolist() == [wanted["row"], "mixture"]
    numbers = found.loc[0, ["lrt", "parameters", "p_chi_square", "log_likelihood", "aic"]].tolist()
    assert numbers == pytest.approx([wanted[key] for key in ("LRT", "Df", "p", "logLik", "AIC")], rel=1e-5)
    assert found.loc[0, "p"] < found.loc[0, "p_chi_square"] < found.loc[0, "p_bootstrap"] == 1 / 51


def test_robust_standard_errors(sleep: FittedModel) -> None:
    found = sleep.robust("Subject")
    assert list(found) == ["term", "estimate", "model_se", *TEST[1:]] and found["df"].tolist() == pytest.approx([17, 17])
    with pytest.raises(UserError, match="independent"):
        sleep.robust("School")


def test_models_compared(data: pd.DataFrame, sleep: FittedModel) -> None:
    wanted = SLEEP["lrt"][2]
    small = mlgui.fit(wanted["null"], data)
    found = mlgui.compare(small, sleep, labels=["no days", "days"])
    assert found["method"].tolist() == ["ML", "ML"] and found["refitted"].all()
    assert found["aic"].tolist() == pytest.approx(wanted["AIC"], abs=1e-5)
    assert found["bic"].tolist() == pytest.approx(wanted["BIC"], abs=1e-5)
    tested = found.loc["days", ["chi2", "df", "p"]].tolist()
    assert tested == pytest.approx([wanted["chisq"], wanted["df"], wanted["p"]], rel=1e-4)
    assert found["against"].tolist() == ["", "no days"]
    beside = mlgui.side_by_side(small, sleep)
    assert np.isnan(beside.loc[("averages", "Days"), "Model 1"])
    for call in (mlgui.compare, mlgui.side_by_side):
        with pytest.raises(UserError, match="no model"):
            call()


def test_predictions(sleep: FittedModel) -> None:
    wanted = [one for one in SLEEP["predictions"] if "Subject" in one["newdata"]]
    rows = pd.DataFrame([one["newdata"] for one in wanted], index=[f"row {n}" for n in range(len(wanted))])
    rows["other"] = object()
    found = sleep.predict(rows)
    assert found.index.tolist() == rows.index.tolist()
    assert found["value"].tolist() == pytest.approx([one["pred_with_random"] for one in wanted], abs=1e-4)
    assert found["average_se"].tolist() == pytest.approx([one["se_fixed_only"] for one in wanted], rel=1e-5)
    assert found["known_Subject"].tolist() == [one["newdata"]["Subject"] != "NEW_LEVEL" for one in wanted]
    parts = found[["sd_coefficients", "sd_group_effect", "sd_new_group"]].pow(2).sum(axis=1)
    assert parts.tolist() == pytest.approx(found["se"].pow(2).tolist(), rel=1e-12)
    pd.testing.assert_series_equal(sleep.predict()["value"], sleep.fitted, check_names=False, rtol=1e-12)
    assert len(sleep.predict(pd.DataFrame({"Days": [1, np.nan]}))) == 1
    with pytest.raises(UserError, match="data frame"):
        sleep.predict({"Days": [1]})  # type: ignore[arg-type]


def test_marginal_means_and_slopes(growth: FittedModel) -> None:
    wanted = load_case("p15_orthodont_interaction")["results"]["emmeans"][0]["kenward-roger"]
    means = growth.marginal_means("Sex", df="kenward-roger")
    assert list(means) == ["Sex", *TEST] and means["Sex"].tolist() == ["Male", "Female"]
    assert means["estimate"].tolist() == pytest.approx([row["emmean"] for row in wanted["means"]], rel=1e-6)
    assert means["se"].tolist() == pytest.approx([row["SE"] for row in wanted["means"]], rel=1e-5)
    pairs = growth.pairwise("Sex", df="kenward-roger")
    assert pairs.loc[0, "p"] == pytest.approx(wanted["pairs_tukey"][0]["p.value"], rel=1e-3) and "pair" in pairs
    assert len(growth.pairwise("Sex", by="age", at={"age": [8, 14]})) == 2
    slopes = growth.slopes("age", "Sex")
    assert slopes.loc[0, "estimate"] == pytest.approx(growth.coefficients.loc[1, "estimate"], rel=1e-9)
    at = growth.marginal_means(["Sex", "age"], at={"age": 8})
    assert at["age"].tolist() == [8.0, 8.0]


def test_johnson_neyman() -> None:
    hsb = pd.read_csv(EXAMPLES / "hsb" / "hsb.csv")
    model = mlgui.fit("math ~ ses * mean_ses + size * ses + (ses | school)", hsb)
    found = model.johnson_neyman("ses", "size")
    assert list(found) == ["from", "to", "sign"] and found.loc[0].tolist() == [100, 2713, 1]  # everywhere in the data
    assert (model.slopes("ses", "size", at={"size": [100, 1000, 2713]})["ci_low"] > 0).all()


def test_residuals_and_influence(sleep: FittedModel, data: pd.DataFrame) -> None:
    assert (sleep.residuals("response") ** 2).sum() == pytest.approx(SLEEP["checks"]["sum_sq_resid"], rel=1e-5)
    assert sleep.leverage.sum() == pytest.approx(SLEEP["sum_leverage"], rel=1e-5)
    for kind in ("pearson", "scaled", "studentised", "marginal"):
        assert sleep.residuals(kind).index.equals(data.index)
    assert sleep.cooks_distance.min() > 0
    found = sleep.influence("Subject")
    assert list(found)[:3] == ["n", "cooks_distance", "sigma"] and len(found) == 18
    without = mlgui.fit("Reaction ~ Days + (Days | Subject)", data[data["Subject"] != 308])
    refitted = sleep.influence("Subject", refit="308")
    assert refitted.loc["308", "Days"] == pytest.approx(without.coefficients.loc[1, "estimate"], rel=1e-6)
    with pytest.raises(KeyError):
        sleep.influence("School")


def test_shares_and_findings(sleep: FittedModel, schools: FittedModel) -> None:
    assert sleep.shares["r2_marginal"] == pytest.approx(sleep.json()["r2_icc"]["r2_marginal"], rel=1e-12)
    assert "icc_Subject" in sleep.shares and next(iter(sleep.findings)) == "code"
    assert sleep.resolved("Subject").shape == (18, 2)
    explained = schools.explained("school")
    assert explained.index.tolist() == ["(Intercept)"] and 0 < explained.loc["(Intercept)", "share"] < 1
    assert len(sleep.explained("Subject")) == 0


def test_variances_that_the_data_cannot_tell_are_marked(data: pd.DataFrame) -> None:
    model = mlgui.fit("Reaction ~ Days + (Days + I(2 * Days) | Subject)", data)
    assert model.variance_components["identified"].tolist() == [True, False, False, True]
    component = model.json()["variance_components"]["components"][0]
    assert list(component["identified"].values()) == [True, False, False] and None not in component["sd"].values()


def test_other_fits_of_the_data(sleep: FittedModel, schools: FittedModel) -> None:
    pooled = sleep.complete_pooling()
    wanted = load_comparators("sleepstudy")["results"]["complete_pooling"]
    assert pooled.loc[1, ["estimate", "se"]].tolist() == pytest.approx(
        [wanted["coefficients"][1][key] for key in ("estimate", "se")], rel=1e-9
    )
    assert sleep.no_pooling("Subject").shape == sleep.separate("Subject").shape == (18, 5)
    assert schools.two_step("school").index.tolist() == ["(Intercept)", "sectorPublic"]
    found = schools.within_between("school")
    assert found.index.tolist() == ["ses"]
    assert found.loc["ses", "between"] - found.loc["ses", "within"] == pytest.approx(found.loc["ses", "contextual"])


def test_simulations_repeat_by_seed(sleep: FittedModel) -> None:
    draws = sleep.draws(2000, seed=2)
    assert list(draws) == ["(Intercept)", "Days", "sigma"]
    # five standard errors of simulation
    assert draws["Days"].mean() == pytest.approx(10.467, abs=5 * 1.546 / 2000**0.5)
    pd.testing.assert_frame_equal(draws, sleep.draws(2000, seed=2))
    groups = sleep.group_draws("Subject", 50)
    assert groups["308"].shape == (50, 2) and groups.shape == (50, 36)
    ranks = sleep.ranks("Subject", "Days", n=50)
    assert ranks["mean"].sum() == pytest.approx(18 * 19 / 2) and list(ranks) == ["mean", *CI]
    sds = sleep.finite_population_sds(n=50)
    assert sds["part"].tolist() == ["average", "group", "group", "residual"] and sds["count"].tolist() == [1, 18, 18, 180]
    assert list(sleep.principal_components("Subject")) == ["sd", "share", "degenerate", "(Intercept)", "Days"]
    assert sleep.worth("Subject")["(Intercept)"] == pytest.approx(25.5918**2 / 24.7402**2, rel=1e-3)
    own = sleep.replicate({"range": lambda y: float(np.ptp(y))}, 20)
    assert own.loc["range", "observed"] == pytest.approx(272.0, abs=0.1) and own.loc["range", "p"] <= 1
    assert len(sleep.replicate(n=5)) == 11
    assert sleep.simulate(3, new_groups=True).shape == (180, 3)


def test_a_study_of_another_size(sleep: FittedModel) -> None:
    found = sleep.power(groups=72, replicates=0)
    assert list(found) == ["term", "truth", "se", "power", "power_se", "coverage", "bias"]
    assert found["se"].tolist() == pytest.approx((sleep.coefficients["se"] / 2).tolist(), rel=0.05)
    assert len(sleep.power(groups=10, replicates=3)) == 2


def test_residual_structures(data: pd.DataFrame) -> None:
    model = mlgui.fit("Reaction ~ Days + (1 | Subject)", data, residual="ar1:Subject:Days")
    assert list(model.residual_structure) == ["parameter", "estimate", *CI] and len(model.residual_structure) == 2
    assert model.residual_structure.loc[1, "estimate"] == pytest.approx(model.json()["residual"]["correlation"])
    assert model.draws(5).shape == (5, 3) and model.simulate(2).shape == (180, 2)
    assert "residual_correlation" in model.bootstrap(3).columns.get_level_values("kind")
    assert model.random_tests(replicates=3)["p_bootstrap"].tolist() == [0.25]
    assert model.predict().shape[0] == 180 and len(model.robust("Subject")) == 2
    with pytest.raises(UserError, match="residual"):
        mlgui.fit("Reaction ~ Days + (1 | Subject)", data, residual=["by:late"])


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (lambda model: model.coefficients_by("residual"), "satterthwaite"),
        (lambda model: model.f_tests(4), "kind"),
        (lambda model: model.f_tests(df="asymptotic"), "kenward-roger"),
        (lambda model: model.intervals("exact"), "profile"),
        (lambda model: model.intervals("bootstrap", replicates=0), "0 times"),
        (lambda model: model.intervals(confidence=95), "between 0 and 1"),
        (lambda model: model.residuals("deviance"), "pearson"),
        (lambda model: model.contrast({"days": 1}), "Days"),
        (lambda model: model.contrast([1.0]), "2 coefficients"),
        (lambda model: model.marginal_means("Sex"), "no"),
    ],
)
def test_wrong_arguments_are_told_in_words(sleep: FittedModel, wrong: Callable[[FittedModel], object], word: str) -> None:
    with pytest.raises(UserError, match=word):
        wrong(sleep)


def test_kenward_roger_is_refused_for_maximum_likelihood(data: pd.DataFrame) -> None:
    model = mlgui.fit("Reaction ~ Days + (1 | Subject)", data, reml=False)
    for call in (model.coefficients_by, lambda: model.f_tests(df="kenward-roger")):
        with pytest.raises(UserError, match="REML"):
            call()
