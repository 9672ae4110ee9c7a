"""Texts that a formula field may be given and must never do anything with: code, flights out of a text, and sheer size."""

from __future__ import annotations

_NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"]
_SUM = "(" + " + ".join(_NAMES) + ")"

CODE = (
    "__import__('os').system('touch {}')", "open('{}', 'w')", "eval('1')", "exec('import os')", "compile('1', '', 'eval')",
    "().__class__.__bases__[0].__subclasses__()", "x.__class__", "x.__class__.__mro__", "getattr(x, 'y')", "globals()",
    "locals()", "vars()", "dir()", "breakpoint()", "input()", "help(x)", "memoryview(x)", "type(x)", "lambda: 1",
    "[x for x in y]", "{{x: 1}}", "{{x}}", "x[0]", "x[::1]", "x if y else z", "x and y", "not x", "x is y", "x in y", "yield x",
    "await x", "x := 1", "x = 1", "x; y", "x, y", "print(x)", "import os", "@x", "@pd.eval('1')", "`x`.y", "os.system('ls')",
    "np.load('{}')", "pickle.loads(x)", "f'{{x}}'", "b'x'", "u'x'", "r'x'", "'x' * 10", "\"x\"", "system('ls')",
    "source('{}')", "library(lme4)", "function(x) x", "x <- 1", "x -> y", "x$y", "x@y", "x::y", "base::system('ls')", "x:::y",
    "do.call(system, 'ls')", "Sys.getenv('HOME')", "I(system('ls'))", "log(open('{}'))", "poly(x, __import__('os'))",
    "offset(eval(x))", "${{HOME}}", "$(touch {})", "`touch {}`()", "| touch {}", "; rm -rf {}", "&& touch {}",
    "<script>x</script>", "=cmd|' /C calc'!A0", "' OR 1=1 --", "%s%s%n",
    "\\u0028", "x\0y", "\u202ex", "\u200bx", "x\ny()", "\ud800",
)  # fmt: skip
"""Right-hand sides; {} is a file that must not appear."""

SIZE = {
    "parentheses": "y ~ " + "(" * 5000,
    "closed parentheses": "y ~ " + "(" * 4000 + "x" + ")" * 4000,
    "full factorial": "y ~ " + " * ".join(f"x{k}" for k in range(26)),
    "huge power": "y ~ (" + " + ".join(f"x{k}" for k in range(900)) + ")^99999999999999999999",
    "nested powers": "y ~ ((((a + b + c + d + e + f)^9 + g + h + i + j)^9 + k + l + m)^9)^9",
    "signs": "y ~ I(" + "-" * 9000 + "x)",
    "sums in a call": "y ~ I(" + "x + " * 4000 + "x)",
    "powers in a call": "y ~ I(" + "x^" * 4000 + "x)",
    "power tower": "y ~ (x + I(9^9^9^9^9^9^9^9))^-" + "9" * 5000,
    "long number": "y ~ I(" + "9" * 15_000 + ")^" + "(",
    "long fraction": "y ~ 0." + "0" * 15_000 + "1",
    "exponent": "y ~ 1e" + "9" * 15_000,
    "calls": "y ~ " + "log(" * 3000 + "x",
    "nested slashes": "y ~ " + " / ".join(f"x{k}" for k in range(900)) + "/ (" + " + ".join(f"z{k}" for k in range(900)) + ")",
    "repeated removal": f"y ~ {_SUM}^8" + f" - {_SUM}^8" * 400,
    "bars": "y ~ " + " + ".join(f"(1 | g{k})" for k in range(1500)),
    "bars in bars": "y ~ " + "(x | " * 3000,
    "bars in a row": "y ~ (1 " + "| g" * 5000 + ")",
    "grouping of factorials": "y ~ (1 | " + ":".join(f"g{k}" for k in range(900)) + "/" * 900 + ")",
    "backticks": "y ~ `" + "\\`" * 9000,
    "tildes": "y ~ " * 4000,
    "colons": "y ~ x" + ":" * 9000,
    "too long": "y" * 1_000_000,
    "spaces": "y ~" + " " * 1_000_000,
    "zeros": "\0" * 10_000,
}
"""Whole formulas."""
