"""The test suite: SQLite in memory unless ``DATABASE_URL`` names a server; quick password hashing."""

import tempfile
from pathlib import Path

from .base import *
from .base import TEMPLATES, database

DEBUG = False
SECRET_KEY = "test-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": database("sqlite://:memory:")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="miaopu-media-"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIAOPU_TODAY = "2019-06-30"
WHITENOISE_AUTOREFRESH = True
