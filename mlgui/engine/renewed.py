"""The elimination of a problem again for another response."""

from __future__ import annotations

from dataclasses import replace

from mlgui.engine.backend import Backend, NoGroups
from mlgui.engine.border import Border
from mlgui.engine.chain import Chain
from mlgui.engine.core import Core
from mlgui.engine.gram import Gram
from mlgui.engine.nested_core import NestedCore
from mlgui.engine.responses import Responses
from mlgui.engine.single import Single
from mlgui.engine.sparse_core import SparseCore


def renewed_gram(gram: Gram, responses: Responses, place: int) -> Gram:
    """The cross-products with the response at `place`; those of X and Z are kept."""
    total = gram.total.copy()
    total[-1, :-1] = total[:-1, -1] = responses.with_x[place]
    total[-1, -1] = responses.squares[place]
    with_w = []
    for old, new in zip(gram.with_w, responses.with_z):
        columns = old.copy()
        columns[:, -1] = new[:, place]
        with_w.append(columns)
    return replace(gram, total=total, with_w=tuple(with_w))


def renewed_backend(backend: Backend, gram: Gram) -> Backend:
    """The same way of elimination for a Gram that differs in its response alone."""
    if isinstance(backend, Single):
        return Single(gram)
    if isinstance(backend, Chain):
        return Chain(gram, backend.order)
    if isinstance(backend, Border):
        chain = _chain(gram)
        return Border(gram, chain, [k for k in range(len(gram.own)) if k not in chain])
    if isinstance(backend, NestedCore):
        return NestedCore(gram, backend.below)
    if isinstance(backend, SparseCore):
        return SparseCore(gram)
    return Core(gram) if isinstance(backend, Core) else NoGroups(gram.total)


def _chain(gram: Gram) -> list[int]:
    """The nested groupings of a Gram, finest first."""
    following = dict(gram.parents)
    (first,) = {fine for fine, _ in following} - {coarse for _, coarse in following}
    chain = [first]
    while more := [coarse for fine, coarse in following if fine == chain[-1]]:
        chain += more
    return chain
