"""How values are shown: a bundle of the forms they offer, as IPython does it, and figures."""

import base64
import pprint
import sys

MOST = 100_000  # characters of a value that is shown
WIDTH = 79
COLLECTIONS = (dict, list, tuple, set, frozenset)
FORMS = {
    "_repr_html_": "text/html",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
}

sink = None  # what takes a bundle and shows it; the kernel sets it


def bundle(value):
    """{type: content}; pictures as base64 text, `text/plain` always."""
    if is_figure(value):
        from . import figures

        return figures.bundle(value)
    forms = from_bundle(value) or from_methods(value)
    forms = {kind: encode(content) for kind, content in forms.items() if content is not None}
    if "text/plain" not in forms:
        forms["text/plain"] = plain(value)
    return {kind: cut(kind, content) for kind, content in forms.items()}


def is_figure(value):
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def from_bundle(value):
    """What `_repr_mimebundle_` answers, with or without metadata; a class has none of its own."""
    method = None if isinstance(value, type) else getattr(value, "_repr_mimebundle_", None)
    answer = method() if callable(method) else None
    forms = answer[0] if isinstance(answer, tuple) else answer
    return dict(forms) if forms else None


def from_methods(value):
    if isinstance(value, type):
        return {}
    methods = {kind: getattr(value, name, None) for name, kind in FORMS.items()}
    return {kind: method() for kind, method in methods.items() if callable(method)}


def encode(content):
    return base64.b64encode(content).decode() if isinstance(content, bytes) else content


def plain(value):
    if type(value) in COLLECTIONS and type(value).__repr__ in {t.__repr__ for t in COLLECTIONS}:
        return pprint.pformat(value, width=WIDTH, sort_dicts=False)
    return repr(value)


def cut(kind, content):
    if kind != "text/plain" or len(content) <= MOST:
        return content
    return f"{content[:MOST]}\n… {len(content) - MOST:,} characters are left out"
