"""Texts that the field of an expression may be given and must never do anything with: code, flights out of a text, sheer size."""

from __future__ import annotations

CODE = (
    "__import__('os').system('touch {}')", "open('{}', 'w')", "eval('1')", "exec('import os')", "compile('1', '', 'eval')",
    "().__class__.__bases__[0].__subclasses__()", "x.__class__", "x.__class__.__mro__", "getattr(x, 'y')", "globals()",
    "locals()", "vars()", "dir()", "breakpoint()", "input()", "help(x)", "memoryview(x)", "type(x)", "lambda: 1",
    "[x for x in y]", "{x: 1}", "{x}", "x[0]", "x[::1]", "x if y else z", "x and y", "x is y", "x in y", "yield x",
    "await x", "x := 1", "x; y", "x, y", "print(x)", "import os", "@x", "@pd.eval('1')", "`x`.y", "os.system('ls')",
    "np.load('{}')", "pickle.loads(x)", "f'{x}'", "b'x'", "u'x'", "r'x'", "'x' * 10", "\"x\" + 1", "system('ls')",
    "source('{}')", "library(lme4)", "function(x) x", "x -> y", "x$y", "x@y", "x::y", "base::system('ls')", "x:::y",
    "do.call(system, 'ls')", "Sys.getenv('HOME')", "I(system('ls'))", "log(open('{}'))", "mean(x, by = open('{}'))",
    "if(true, open('{}'), x)", "recode(x, open('{}') = 1)", "cut(x, __import__('os'))", "join(g, open('{}'))",
    "${HOME}", "$(touch {})", "`touch {}`()", "`touch {}`", "| touch {}", "; rm -rf {}", "&& touch {}",
    "<script>x</script>", "=cmd|' /C calc'!A0", "' OR 1=1 --", "%s%s%n", "x.values.tofile('{}')", "mean.__globals__",
    "\\u0028", "x\0y", "\u202ex", "\u200bx", "x\ny()", "\ud800", "x!", "#x", "x ~ 1", "x %in% y", "a" * 300,
)  # fmt: skip
"""Expressions; {} is a file that must not appear."""

SIZE = {
    "parentheses": "(" * 3900,
    "closed parentheses": "(" * 1900 + "x" + ")" * 1900,
    "signs": "-" * 3900 + "x",
    "nots": "not " * 900 + "b",
    "sums": "x + " * 990 + "x",
    "powers": "x ^ " * 990 + "x",
    "ands": "b and " * 600 + "b",
    "calls": "log(" * 900 + "x",
    "closed calls": "log(" * 700 + "x" + ")" * 700,
    "ifs": "if(b, x, " * 400 + "x" + ")" * 400,
    "arguments": "max(" + "x, " * 1200 + "x)",
    "limits": "cut(x, " + ", ".join(str(k) for k in range(900)) + ")",
    "by": "mean(x, by = " + ":".join(["h"] * 1900) + ")",
    "long number": "9" * 3_900 + "x",
    "exponent": "1e" + "9" * 3_900,
    "backticks": "`" + "\\`" * 1900,
    "quotes": '"' + '\\"' * 1900,
    "quotation marks": '"' * 3_999,
    "too long": "x" * 1_000_000,
    "too many": "x + " * 5000 + "x",
    "spaces": " " * 1_000_000,
    "zeros": "\0" * 10_000,
    "comparisons": "x < " * 990 + "x",
    "commas": "min(" + "," * 3900,
    "nested joins": "join(" * 60 + "g, g" + ", g)" * 60,
}
"""Whole expressions."""
