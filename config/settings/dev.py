"""The demonstration and everyday development: SQLite in ``var/``, a fixed day, no secret worth keeping."""

import os

from .base import *
from .base import VAR_DIR, database

# MIAOPU_DEBUG=1 shows Django's own error pages and reads templates afresh; the demonstration shows the site's.
DEBUG = os.environ.get("MIAOPU_DEBUG") == "1"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
SECRET_KEY = "development-only-never-used-in-production"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": database(f"sqlite:///{VAR_DIR / 'miaopu.sqlite3'}")}

MIAOPU_TODAY = os.environ.get("MIAOPU_TODAY", "2019-06-30")

# Passkeys can be tried on 127.0.0.1 without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
