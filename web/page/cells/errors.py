"""What a reader sees of an exception: its message and the lines of cells, none of ours."""

import linecache

from .code import cell_of

AROUND = 2  # lines shown before and after the one that failed
MOST_LINES = 6  # of a traceback: beyond that the middle is left out
MOST_CHARACTERS = 4_000  # of a message
HERE = "In the page there are Python's own modules, NumPy, matplotlib and dlcore."


def report(error):
    """The exception as plain data: kind, message, places (of cells), and what caused it.

    `missing` is the name of a NameError; `advice` a sentence, where there is one.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    places = syntax_place(error) or traceback_places(error.__traceback__)
    middle = len(places) - MOST_LINES
    if middle > 0:
        places = places[: MOST_LINES // 2] + places[-MOST_LINES // 2 :]
    return {
        "kind": type(error).__name__,
        "message": message(error),
        "places": places,
        "left_out": max(0, middle),
        "missing": error.name if isinstance(error, NameError) else None,
        "advice": advice(error),
        "cause": None if cause is None else f"{type(cause).__name__}: {message(cause)}",
    }


def message(error):
    """The text of an exception, which may fail to say it and may be long."""
    if isinstance(error, SyntaxError):
        return error.msg or ""
    try:
        text = str(error)
    except Exception:
        return "(its message cannot be printed)"
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + " …"


def advice(error):
    if isinstance(error, ModuleNotFoundError):
        module = (error.name or "").split(".")[0]
        if module == "torch":
            return "PyTorch does not run in the page; this cell runs on your own computer."
        return HERE
    return None


def traceback_places(traceback):
    """The lines of cells that were under way, the outermost first."""
    places = []
    while traceback:
        file = traceback.tb_frame.f_code.co_filename
        if (cell := cell_of(file)) is not None:
            places.append(place(cell, linecache.getlines(file), traceback.tb_lineno))
        traceback = traceback.tb_next
    return places


def syntax_place(error):
    """Where a cell could not be read: one place with a column, or none."""
    if not isinstance(error, SyntaxError) or (cell := cell_of(error.filename)) is None:
        return []
    lines = linecache.getlines(error.filename)
    return [place(cell, lines, error.lineno or 1) | {"column": error.offset or 1}]


def place(cell, lines, number):
    """Line `number` of a cell, with the lines around it."""
    first = max(1, number - AROUND)
    shown = [line.rstrip("\n") for line in lines[first - 1 : number + AROUND]]
    return {"cell": cell, "line": number, "first": first, "lines": shown, "column": None}
