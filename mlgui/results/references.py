"""The papers behind the methods of a report, as text and as BibTeX."""

from __future__ import annotations

from dataclasses import dataclass

from mlgui import __version__


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One work. key: of BibTeX and to find it by. short: as cited in a sentence. text: APA style. bibtex: its entry."""

    key: str
    short: str
    text: str
    bibtex: str


def _article(key: str, short: str, authors: str, apa_authors: str, year: int, title: str, journal: str, volume: str,
             pages: str, doi: str) -> Reference:  # fmt: skip
    text = f"{apa_authors} ({year}). {title}. {journal}, {volume}, {pages.replace('--', '–')}. https://doi.org/{doi}"
    fields = {"author": authors, "title": f"{{{title}}}", "journal": journal, "year": str(year), "volume": volume.split("(")[0],
              "pages": pages, "doi": doi}  # fmt: skip
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return Reference(key=key, short=short, text=text, bibtex=f"@article{{{key},\n{body}\n}}")


BATES = _article(
    "bates2015", "Bates et al., 2015", "Bates, Douglas and M{\\\"a}chler, Martin and Bolker, Ben and Walker, Steve",
    "Bates, D., Mächler, M., Bolker, B., & Walker, S.", 2015, "Fitting linear mixed-effects models using lme4",
    "Journal of Statistical Software", "67(1)", "1--48", "10.18637/jss.v067.i01",
)  # fmt: skip
PATTERSON = _article(
    "patterson1971", "Patterson & Thompson, 1971", "Patterson, H. D. and Thompson, R.", "Patterson, H. D., & Thompson, R.", 1971,
    "Recovery of inter-block information when block sizes are unequal", "Biometrika", "58(3)", "545--554",
    "10.1093/biomet/58.3.545",
)  # fmt: skip
CHUNG = _article(
    "chung2013", "Chung et al., 2013",
    "Chung, Yeojin and Rabe-Hesketh, Sophia and Dorie, Vincent and Gelman, Andrew and Liu, Jingchen",
    "Chung, Y., Rabe-Hesketh, S., Dorie, V., Gelman, A., & Liu, J.", 2013,
    "A nondegenerate penalized likelihood estimator for variance parameters in multilevel models", "Psychometrika", "78(4)",
    "685--709", "10.1007/s11336-013-9328-2",
)  # fmt: skip
SATTERTHWAITE = _article(
    "satterthwaite1946", "Satterthwaite, 1946", "Satterthwaite, F. E.", "Satterthwaite, F. E.", 1946,
    "An approximate distribution of estimates of variance components", "Biometrics Bulletin", "2(6)", "110--114",
    "10.2307/3002019",
)  # fmt: skip
KENWARD = _article(
    "kenward1997", "Kenward & Roger, 1997", "Kenward, Michael G. and Roger, James H.", "Kenward, M. G., & Roger, J. H.", 1997,
    "Small sample inference for fixed effects from restricted maximum likelihood", "Biometrics", "53(3)", "983--997",
    "10.2307/2533558",
)  # fmt: skip
LMERTEST = _article(
    "kuznetsova2017", "Kuznetsova et al., 2017", "Kuznetsova, Alexandra and Brockhoff, Per B. and Christensen, Rune H. B.",
    "Kuznetsova, A., Brockhoff, P. B., & Christensen, R. H. B.", 2017,
    "lmerTest package: Tests in linear mixed effects models", "Journal of Statistical Software", "82(13)", "1--26",
    "10.18637/jss.v082.i13",
)  # fmt: skip
HENDERSON = _article(
    "henderson1975", "Henderson, 1975", "Henderson, C. R.", "Henderson, C. R.", 1975,
    "Best linear unbiased estimation and prediction under a selection model", "Biometrics", "31(2)", "423--447",
    "10.2307/2529430",
)  # fmt: skip
NAKAGAWA = _article(
    "nakagawa2017", "Nakagawa et al., 2017", "Nakagawa, Shinichi and Johnson, Paul C. D. and Schielzeth, Holger",
    "Nakagawa, S., Johnson, P. C. D., & Schielzeth, H.", 2017,
    "The coefficient of determination R2 and intra-class correlation coefficient from generalized linear mixed-effects models "
    "revisited and expanded", "Journal of the Royal Society Interface", "14(134)", "20170213", "10.1098/rsif.2017.0213",
)  # fmt: skip
MLGUI = Reference(
    key="mlgui",
    short="mlgui",
    text=f"The mlgui authors. mlgui: Multilevel regression by point and click (Version {__version__}) [Computer software].",
    bibtex=(
        "@misc{mlgui,\n  author = {{The mlgui authors}},\n  title = {mlgui: multilevel regression by point and click},\n"
        f"  note = {{Computer software, version {__version__}}}\n}}"
    ),
)
