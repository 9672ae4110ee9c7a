"""How a model's coefficients are tested and its intervals made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DfMethod(StrEnum):
    """Degrees of freedom of the tests of coefficients; NORMAL: as many as make t a z."""

    SATTERTHWAITE = "satterthwaite"
    KENWARD_ROGER = "kenward-roger"
    NORMAL = "z"


class IntervalMethod(StrEnum):
    """T: estimate and standard error, by the t (or z) of the tests. PROFILE: of the likelihood. BOOTSTRAP: parametric."""

    T = "t"
    PROFILE = "profile"
    BOOTSTRAP = "bootstrap"


@dataclass(frozen=True, kw_only=True)
class Inference:
    """What is asked for. replicates, seed: of the bootstrap."""

    df: DfMethod = DfMethod.SATTERTHWAITE
    intervals: IntervalMethod = IntervalMethod.T
    replicates: int = 1000
    seed: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether it is what every fit gives by itself."""
        return self.df is DfMethod.SATTERTHWAITE and self.intervals is IntervalMethod.T
