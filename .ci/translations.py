"""Is the Chinese catalogue complete and current? ``--write`` brings it up to the source instead of asking.

The source is read in a copy, so that asking changes nothing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans"
CATALOGUE = Path("config/locale") / LOCALE / "LC_MESSAGES/django.po"
PARTS = ("config", "cultivation", "subsidies", "documents", "manage.py")
# What msgattrib selects, and what it means for the reader of the page.
FAULTS = {
    "--untranslated": "without translation",
    "--only-fuzzy": "guessed (fuzzy)",
    "--only-obsolete": "no longer in the source",
}


def update(root: Path, *options: str) -> None:
    """Run makemessages over the tree at ``root``."""
    (root / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            sys.executable,
            "manage.py",
            "makemessages",
            "--locale",
            LOCALE,
            "--no-location",
            "--no-wrap",
            *options,
        ],
        cwd=root,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONPATH": str(root)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def faults(catalogue: Path) -> list[str]:
    """The entries of each kind of fault, as gettext prints them."""
    found = []
    for option, meaning in FAULTS.items():
        kept = [] if option == "--only-obsolete" else ["--no-obsolete"]
        command = ["msgattrib", option, *kept, "--no-wrap", str(catalogue)]
        entries = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        if entries:
            found.append(f"{meaning}:\n{entries}")
    return found


def main(arguments: list[str]) -> int:
    if arguments == ["--write"]:
        update(ROOT, "--no-obsolete")
        return 0
    with tempfile.TemporaryDirectory(prefix="miaopu-messages-") as directory:
        copy = Path(directory)
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
            else:
                shutil.copy(source, copy / part)
        update(copy)
        subprocess.run(["msgfmt", "--check", "-o", os.devnull, str(copy / CATALOGUE)], check=True)
        found = faults(copy / CATALOGUE)
    print("\n\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
