"""An office server: everything from the environment, and no start with anything missing or unsafe."""

import os

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import LOGGING, database


def required(name: str) -> str:
    """The environment variable ``name``; a start without it is refused."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} must be set in production")
    return value


DEBUG = False
SECRET_KEY = required("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS").split(",")]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts, not *")
if os.environ.get("MIAOPU_TODAY"):
    raise ImproperlyConfigured("MIAOPU_TODAY fixes the clock for the demonstration only")
# Stored files must not end up in a checkout, where a demonstration would sweep them away.
required("MIAOPU_VAR")
DATABASES = {"default": database(required("DATABASE_URL"))}
CSRF_TRUSTED_ORIGINS = [
    origin.strip() for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin.strip()
]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("BEHIND_PROXY") == "1" else None
)
# Tries to log in are counted by the client's address, which the proxy tells.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECOND_FACTOR_REQUIRED = True
SECURE_HSTS_SECONDS = 31_536_000
# Other hosts of the office's domain are not ours to bind, so neither sub-domains nor the browsers' preload list.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
LOGGING["root"]["level"] = "INFO"
