"""Write the documents that are generated from the code, or check that they are current."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cultivation.management.generated.rules import rules_page
from cultivation.management.generated.states import states_page

PAGES = {"docs/states.md": states_page, "docs/rules.md": rules_page}


class Command(BaseCommand):
    requires_system_checks = []  # reads nothing but the code
    help = "Write docs/states.md and docs/rules.md from the code; with --check only say whether they are current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 when a page is not current")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        stale = []
        for name, page in PAGES.items():
            path, text = settings.BASE_DIR / name, page()
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                self.stderr.write(f"wrote {name}")
        if check and stale:
            self.stderr.write(f"not current: {', '.join(stale)} (run manage.py generate_docs)")
            sys.exit(1)
