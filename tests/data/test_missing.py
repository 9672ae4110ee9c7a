import numpy as np

from mlgui.data.missing import rows_complete
from mlgui.data.table import Column, Kind, Table


def test_complete_rows_have_a_value_in_every_named_column() -> None:
    codes = np.array([0, 0, 1, 1, -1], dtype=np.int32)
    school = Column(name="school", kind=Kind.CATEGORY, values=codes, levels=("a", "b"))
    x = Column(name="x", kind=Kind.NUMBER, values=np.array([1.0, 3.0, 5.0, np.nan, 11.0]))
    table = Table(columns=(school, x), row_ids=np.arange(1, 6))
    assert rows_complete(table, ["school", "x"]).tolist() == [True, True, True, False, False]
    assert rows_complete(table, []).all()
