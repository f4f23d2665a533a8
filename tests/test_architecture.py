"""What the design says of the source and no other tool can hold. The import layers stand in ``pyproject.toml``."""

import ast
import inspect
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.models import DecimalField, FloatField
from django_fsm import FSMFieldMixin

ROOT = Path(__file__).resolve().parent.parent
APPS = ("cultivation", "subsidies", "documents")
LONGEST_FILE = 400
OWN_CLOCK = {"today", "now", "clock.today", "clock.now"}


@cache
def source_files(*parts: str) -> tuple[Path, ...]:
    """Python files of the parts, without what Django generates."""
    found = (path for part in parts for path in sorted((ROOT / part).rglob("*.py")))
    return tuple(path for path in found if "migrations" not in path.parts)


def layer(name: str) -> list[Path]:
    return [path for app in APPS for path in source_files(app) if name in path.relative_to(ROOT / app).parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(paths: list[Path]) -> Iterator[tuple[str, ast.AST]]:
    """Every syntax node with its place."""
    for path in paths:
        for node in ast.walk(tree(path)):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


def called(node: ast.AST) -> str:
    """``a.b`` of a call ``a.b(…)``, else nothing."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def own_models() -> list[type[models.Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in source_files("config", *APPS, "tests")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def asks_for_the_time(node: ast.AST) -> bool:
    """Whether a call reads a clock other than ours; with an argument, localtime and localdate only convert."""
    name = called(node)
    converts = name.endswith(("localtime", "localdate")) and isinstance(node, ast.Call) and bool(node.args)
    clocks = r"(^|\.)(today|now|localdate|localtime|utcnow|time)$"
    return bool(re.search(clocks, name)) and not converts and name not in OWN_CLOCK


def test_business_takes_its_time_from_the_one_clock() -> None:
    paths = layer("services") + layer("selectors") + layer("models") + layer("rules")
    assert [place for place, node in nodes(paths) if asks_for_the_time(node)] == []


def test_rules_know_no_clock() -> None:
    found = [place for place, node in nodes(layer("rules")) if re.search(r"(^|\.)(today|now)$", called(node))]
    assert found == []


def test_money_and_thresholds_are_never_floats() -> None:
    paths = layer("rules") + layer("services") + layer("models")
    found = [
        place
        for place, node in nodes(paths)
        if called(node) == "float" or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert found == []


def test_no_table_keeps_a_float() -> None:
    found = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, FloatField)
        or (isinstance(field, DecimalField) and re.search("amount|sales|income|assets|total", field.name))
    ]
    assert found == []


def test_services_take_keywords_and_say_their_types() -> None:
    found = []
    for app in APPS:
        for path in source_files(f"{app}/services"):
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for node in tree(path).body:
                if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                    continue
                signature = inspect.signature(inspect.unwrap(getattr(module, node.name)))
                typed = signature.return_annotation is not inspect.Signature.empty and all(
                    parameter.annotation is not inspect.Parameter.empty
                    for parameter in signature.parameters.values()
                )
                acts = "actor" in signature.parameters
                by_keyword = all(
                    parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD)
                    for parameter in signature.parameters.values()
                )
                if not typed or (acts and not by_keyword):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert found == []


def test_states_are_protected_fields() -> None:
    fields = [
        (model, field)
        for model in own_models()
        for field in model._meta.fields
        if isinstance(field, FSMFieldMixin)
    ]
    assert fields
    assert [f"{model.__name__}.{field.name}" for model, field in fields if not field.protected] == []


def test_no_business_goes_by_signals() -> None:
    """Signals carry infrastructure (the triggers after a migration) and nothing else."""
    allowed = {"cultivation/apps.py"}
    found = [
        place
        for place, node in nodes(list(source_files(*APPS)))
        if (called(node) == "receiver" or re.search(r"(pre|post)_\w+\.connect$", called(node)))
        and place.split(":")[0] not in allowed
    ]
    assert found == []


def test_texts_go_by_names_that_the_catalogue_is_written_from() -> None:
    """xgettext knows gettext and its kin, and ``_``; what goes by another name falls out of the catalogue."""
    renamed = [
        place
        for place, node in nodes(list(source_files("config", *APPS)))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        if any(name.asname not in (None, "_") for name in node.names)
    ]
    assert not renamed


def test_constraints_have_names_in_words() -> None:
    found = [
        constraint.name
        for model in own_models()
        for constraint in model._meta.constraints
        if not re.fullmatch(r"[a-z]+(_[a-z0-9]+){2,}", constraint.name)
    ]
    assert found == []


def test_pages_carry_no_inline_style_or_script() -> None:
    """The content security policy would not run them."""
    inline = re.compile(
        r"<style\b|\sstyle=|<script(?![^>]*\bsrc=)(?![^>]*nonce)|\son[a-z]+=|javascript:", re.IGNORECASE
    )
    pages = [
        path
        for part in ("config", *APPS)
        for path in (ROOT / part).rglob("templates/**/*.html")
        if "extends" in path.read_text(encoding="utf-8") or path.name == "base.html"
    ]
    assert pages
    found = [str(path.relative_to(ROOT)) for path in pages if inline.search(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_migrations_are_numbered_in_a_row(app: str) -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / app / "migrations").glob("[0-9]*.py"))
    assert numbers[0] == 1
    assert all(after == before + 1 for before, after in pairwise(numbers))


def test_the_readmes_know_every_make_target() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [target for target in targets if f"make {target}" not in text] == []


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_shell_scripts_are_well_formed() -> None:
    scripts = [ROOT / ".ci" / "run", *(ROOT / ".ci").glob("*.sh")]
    for script in scripts:
        subprocess.run(["bash", "-n", str(script)], check=True)
