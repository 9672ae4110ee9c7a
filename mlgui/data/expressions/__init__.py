"""Expressions over the columns of a table: their own small language, read into a tree and never run as code.

tree = read_expression("ses - mean(ses, by = school)", table)    # UserError with the position of the mistake
column = evaluate(tree, table, "ses within school")
"""

from mlgui.data.expressions.evaluate import evaluate, truth_of
from mlgui.data.expressions.parse import read_expression
from mlgui.data.expressions.tree import Tree, columns_of

__all__ = ["Tree", "columns_of", "evaluate", "read_expression", "truth_of"]
