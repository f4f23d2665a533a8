"""The test suite: SQLite in memory unless ``DATABASE_URL`` names a server; quick password hashing."""

import os

from .base import *
from .base import VAR_DIR, database

DEBUG = False
SECRET_KEY = "test-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": database("sqlite://:memory:")}
if os.environ.get("DATABASE_URL") is None:
    # A live server's threads share the connection in memory with the test: prepared statements must not be shared, too.
    DATABASES["default"]["OPTIONS"] |= {"cached_statements": 0}  # type: ignore[operator]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The suite gives every test a directory of its own.
MEDIA_ROOT = VAR_DIR / "test-media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIAOPU_TODAY = "2019-06-30"
CLAMAV_SOCKET = ""
SITE_PART = "all"
WHITENOISE_AUTOREFRESH = True
# What is enqueued is looked at, and done where a test asks for it.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
