"""The source of a cell: compiled and run as a notebook does it."""

import ast
import inspect
import io
import linecache
import re
import tokenize

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
NAME = re.compile(r"<cell (\d+), run \d+>")
INVISIBLE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
}  # fmt: skip


def file_name(cell, run):
    """The name under which Python knows the source of a run: each has its own, for later errors."""
    return f"<cell {cell}, run {run}>"


def cell_of(file):
    """The number of the cell that a file name stands for, or None."""
    found = NAME.fullmatch(file or "")
    return int(found[1]) if found else None


async def execute(source, namespace, file, show):
    """Run a cell; `show` is called with the value of its last line, if that is an expression."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    statements, expression = compile_cell(source, file)
    await evaluate(statements, namespace)
    value = await evaluate(expression, namespace) if expression else None
    if value is not None:
        namespace["_"] = value
        show(value)


def compile_cell(source, file):
    """The statements, and the last line if it is an expression whose value is to be shown."""
    tree = ast.parse(source, file)
    expression = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not is_quiet(source):
        last = ast.Expression(tree.body.pop().value)
        expression = compile(last, file, "eval", AWAIT)
    return compile(tree, file, "exec", AWAIT), expression


async def evaluate(code, namespace):
    value = eval(code, namespace)
    return await value if code.co_flags & inspect.CO_COROUTINE else value


def is_quiet(source):
    """Does a semicolon at the end ask for no output?"""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    seen = [token.string for token in tokens if token.type not in INVISIBLE]
    return seen[-1:] == [";"]


def imports(source):
    """The modules that a cell imports, wherever in it; none if it cannot be read."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def draws(source):
    """Does a cell need matplotlib?"""
    return any(
        name == "dlcore.plots" or name.split(".")[0] == "matplotlib" for name in imports(source)
    )
