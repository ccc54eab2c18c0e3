"""Imports point one way, and importing dlcore pulls in NumPy and nothing else."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "dlcore"

MATHEMATICS = {
    "shapes", "product", "memory", "init", "activations", "layers", "conv", "recurrent",
    "normalization", "regularization", "losses", "optim", "detection", "embedding", "sampling",
    "regions", "conv_transpose", "mixture", "divergence",
}  # fmt: skip
USING_IT = {"model", "train", "gan", "style", "gradcheck", "trace"}
ALLOWED = {
    "mathematics": {"mathematics"},
    "using": {"mathematics", "using"},
    "data": {"mathematics", "using", "data"},
    "labs": {"mathematics", "using", "data", "labs"},
    "exercises": {"mathematics", "using", "data", "exercises"},
    "plots": {"mathematics", "using", "plots"},
    "widgets": {"mathematics", "using", "data", "labs", "exercises", "widgets"},
}
OUTSIDE = {
    "plots": {"numpy", "matplotlib"},
    "widgets": {"numpy", "anywidget", "traitlets", "ipywidgets", "IPython", "matplotlib"},
}


def room(module):
    """The floor of the house a module lives on: dlcore.labs.mlp -> labs."""
    name = module.split(".")[1] if "." in module else ""
    if name in MATHEMATICS:
        return "mathematics"
    return "using" if name in USING_IT else name


def imports(path):
    """Absolute names of all that a module imports, wherever in the file."""
    module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    package = module.rpartition(".")[0]
    module = module.removesuffix(".__init__")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((module, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            if base == "dlcore":  # from . import x
                yield from ((module, f"dlcore.{alias.name}") for alias in node.names)
            else:
                yield module, base


MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "__pycache__" not in p.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    for module, imported in imports(path):
        if module == "dlcore":
            continue  # the front door: what it pulls in is tested below
        if imported.startswith("dlcore"):
            allowed = ALLOWED[room(module)]
            assert room(imported) in allowed, f"{module} imports {imported}"
        else:
            top = imported.split(".")[0]
            allowed = {"numpy", *OUTSIDE.get(room(module), ())}
            assert top in allowed or top in sys.stdlib_module_names, f"{module} imports {imported}"


def test_importing_dlcore_imports_numpy_and_nothing_else():
    code = "import sys, dlcore; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    foreign = set(run.stdout.split()) & {"matplotlib", "torch", "anywidget", "ipywidgets", "scipy"}
    assert not foreign
    assert "numpy" in run.stdout.split()
