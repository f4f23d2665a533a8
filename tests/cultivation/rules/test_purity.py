"""The rules stand alone: no framework, no clock, no input or output, no binary floating point."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cultivation.rules

FILES = sorted(Path(cultivation.rules.__file__).parent.glob("*.py"))
FORBIDDEN_NAMES = {"float", "open", "print", "input"}
FORBIDDEN_CALLS = {"today", "now", "utcnow", "fromtimestamp"}


def test_importing_every_rule_brings_in_no_framework_and_no_numbers_library():
    modules = [f"cultivation.rules.{path.stem}" for path in FILES if path.stem != "__init__"]
    program = (
        f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
        "print([n for n in ('django', 'config', 'pandas', 'numpy', 'scipy') if n in sys.modules])"
    )
    root = Path(cultivation.rules.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_rule_uses_a_clock_a_file_or_a_float(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float), f"{path.name}:{node.lineno}"
        if isinstance(node, ast.Name):
            assert node.id not in FORBIDDEN_NAMES, f"{path.name}:{node.lineno}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in FORBIDDEN_CALLS, f"{path.name}:{node.lineno}"
