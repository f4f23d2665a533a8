"""Production settings start with everything given and safe, and not at all otherwise."""

import json
import os
import subprocess
import sys

import pytest

GIVEN = {
    "SECRET_KEY": "a" * 25 + "0123456789" * 3,
    "ALLOWED_HOSTS": "office.example, www.office.example",
    "DATABASE_URL": "sqlite://:memory:",
    "MIAOPU_VAR": "/srv/miaopu",
}
_PRINT = """
import json
from config.settings import production as s
print(json.dumps({name: getattr(s, name) for name in (
    "DEBUG", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "MIAOPU_TODAY",
    "SECURE_PROXY_SSL_HEADER", "LANGUAGE_CODE")}))
"""


def start(root, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own with ``GIVEN`` and the changes; ``None`` takes a variable away."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {name: value for name, value in {**GIVEN, **changes}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", _PRINT], cwd=root, env=environment, capture_output=True, text=True, timeout=60
    )


def test_with_everything_given_they_are_safe(root) -> None:
    process = start(root)
    assert process.returncode == 0, process.stderr
    settings = json.loads(process.stdout)
    assert settings == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["office.example", "www.office.example"],
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "MIAOPU_TODAY": None,
        "SECURE_PROXY_SSL_HEADER": None,
        "LANGUAGE_CODE": "zh-hans",
    }


@pytest.mark.parametrize("name", GIVEN)
def test_none_of_them_may_be_missing(root, name: str) -> None:
    for value in (None, "  "):
        process = start(root, **{name: value})
        assert process.returncode != 0
        assert f"{name} must be set in production" in process.stderr


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SECRET_KEY", "short", "at least 50 characters"),
        ("ALLOWED_HOSTS", "office.example,*", "name the hosts"),
        ("MIAOPU_TODAY", "2019-06-30", "demonstration only"),
    ],
)
def test_an_unsafe_value_is_refused(root, name: str, value: str, complaint: str) -> None:
    process = start(root, **{name: value})
    assert process.returncode != 0
    assert complaint in process.stderr


def test_a_proxy_is_believed_only_when_it_is_said_to_be_there(root) -> None:
    settings = json.loads(start(root, BEHIND_PROXY="1").stdout)
    assert settings["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
