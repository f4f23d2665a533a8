"""A headless Chromium over the live server; what it complains of and where it goes is kept for the test to look at."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from cultivation.models import User

CHROMIUM = shutil.which("chromium")
PASSWORD = "only-for-this-test"
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is no Chromium, as on a server that only runs the commands, these tests are skipped."""
    for item in items:
        if _HERE in item.path.parents and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="needs Chromium"))


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium a module. It takes its event loop along when it goes, so that no other test meets it."""
    flags = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread; Django would take the test for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags, chromium_sandbox=False)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _one_request_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's threads share the one connection of a database in memory, and panels ask at the same moment."""
    lock, answer = Lock(), WSGIHandler.__call__

    def in_turn(self: WSGIHandler, environ: Any, start_response: Any) -> Any:
        with lock:
            return answer(self, environ, start_response)

    monkeypatch.setattr(WSGIHandler, "__call__", in_turn)


@dataclass
class Visit:
    """A person at the site: the page, and everything that went wrong or went elsewhere."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._watch)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data":
            self.hosts.add(address.netloc)

    def log_in(self, user: User) -> None:
        User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD))
        self.page.goto(self.home)
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button[type=submit]")


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visit]]:
    """``visit(**options)``: a fresh visitor; options are those of a browser context."""
    contexts = []

    def come(**options: Any) -> Visit:
        context = browser.new_context(locale="zh-CN", **options)
        context.set_default_timeout(15_000)
        # The board draws its chart from the whole history; on a busy machine that takes its time.
        context.set_default_navigation_timeout(60_000)
        contexts.append(context)
        return Visit(context.new_page(), str(live_server.url))

    yield come
    for context in contexts:
        context.close()
