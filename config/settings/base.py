"""What every deployment shares. Nothing secret and nothing local stands here."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("MIAOPU_VAR", BASE_DIR / "var"))

INSTALLED_APPS = [
    "cultivation",
    "subsidies",
    "documents",
    "config.apps.AdministrationConfig",
    "config.accounts.apps.AccountsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_fsm",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.parts.PartMiddleware",
    "config.accounts.second_factor.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.appearance.appearance",
                "config.navigation.navigation",
            ],
        },
    },
]


def database(default: str) -> dict[str, object]:
    """The database of ``DATABASE_URL``, else ``default``; SQLite gets WAL and immediate transactions."""
    settings: dict[str, object] = dict(
        dj_database_url.parse(os.environ.get("DATABASE_URL") or default, conn_max_age=60)
    )
    if str(settings["ENGINE"]).endswith("sqlite3"):
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
        }
    elif "postgresql" in str(settings["ENGINE"]):
        # Translating a query of a page into machine code costs more than running it.
        of_the_url = settings.get("OPTIONS")
        settings["OPTIONS"] = {
            "options": "-c jit=off",
            **(of_the_url if isinstance(of_the_url, dict) else {}),
        }
    return settings


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "cultivation.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Accounts: a user name and a password, no signing up and no e-mail. See config.accounts.
ACCOUNT_ADAPTER = "config.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Five wrong passwords or codes close an account for a quarter of an hour; the rest of one address's tries are counted too.
# The same for wrong codes of invitations, counted by the firm's credit code.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key", "invitation": "20/m/ip,5/15m/key"}
MFA_ADAPTER = "config.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# An office server without network time may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Whether everybody of the office has to have a second factor; production asks for it.
SECOND_FACTOR_REQUIRED = False
# What the counting of tries is kept in: the table of config.accounts.models, for all processes and machines.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cachedvalue"},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "config" / "static",
    ("tabler", BASE_DIR / "node_modules" / "@tabler" / "core" / "dist" / "css"),
    ("htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
]
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o640

# The date the services take for today (ISO); None: the calendar's. See config.common.clock.
MIAOPU_TODAY: str | None = None
# Where the public verification page answers; empty: notices carry number and short hash instead.
PUBLIC_BASE_URL = os.environ.get("PUBLIC_BASE_URL", "")
# How many numbers or files one address may have verified in a minute.
VERIFICATIONS_PER_MINUTE = 30

# What this server offers: all, office (the intranet) or public (the public pages and the firm portal). See config.parts.
SITE_PART = os.environ.get("SITE_PART") or "all"
if SITE_PART not in ("all", "office", "public"):
    raise ImproperlyConfigured("SITE_PART must be all, office or public")

# The virus scanner for uploads: the path of clamd's Unix socket, or host:port; empty: a caseworker confirms each file.
CLAMAV_SOCKET = os.environ.get("CLAMAV_SOCKET", "")

# The bureau's certificate as PKCS#12, with which notices are signed; empty: they are not.
SIGNING_CERTIFICATE = os.environ.get("SIGNING_CERTIFICATE", "")
SIGNING_PASSPHRASE = os.environ.get("SIGNING_PASSPHRASE", "")
# Who supplies the notices of a kind when many are issued at once (documents.services.batches.NoticeSource).
NOTICE_SOURCES = {"grant": "subsidies.services.notices.GrantNotices"}
# Who makes the files that people ask for, by kind (documents.services.prepared_files.FileMaker): lists as workbooks.
FILE_MAKERS = {
    "cases": "cultivation.views.tables.cases.Cases",
    "queue": "cultivation.views.tables.cases.WorkQueue",
    "documents-waiting": "cultivation.views.tables.cases.DocumentsWaiting",
    "messages": "cultivation.views.tables.messages.CaseMessages",
    "firm-messages": "cultivation.views.tables.messages.FirmMessages",
    "expert-sheets": "cultivation.views.tables.of_case.ExpertSheets",
    "firms": "cultivation.views.tables.firms.Firms",
    "found-firms": "cultivation.views.tables.firms.FoundFirms",
    "certificates": "cultivation.views.tables.firms.Certificates",
    "accounts": "cultivation.views.tables.of_firm.Accounts",
    "firm-accounts": "cultivation.views.tables.of_firm.AccountsOfFirm",
    "self-checks": "cultivation.views.tables.of_firm.SelfChecks",
    "property": "cultivation.views.tables.of_firm.Property",
    "tiers": "cultivation.views.tables.of_firm.Tiers",
    "history": "cultivation.views.tables.history.History",
    "delegations": "cultivation.views.tables.people.Delegations",
    "invitations": "cultivation.views.tables.people.Invitations",
    "training": "cultivation.views.tables.people.Training",
    "attendance": "cultivation.views.tables.people.AttendanceOf",
    "refusals": "cultivation.views.tables.people.Refusals",
    "targets": "cultivation.views.tables.programme.Targets",
    "achievements": "cultivation.views.tables.programme.Achievements",
    "stock-versions": "cultivation.views.tables.programme.StockVersions",
    "bulletins": "cultivation.views.tables.programme.Bulletins",
    "forecasts": "cultivation.views.tables.programme.Forecasts",
    "awards": "subsidies.views.tables.awards.Awards",
    "disclosed-awards": "subsidies.views.tables.awards.DisclosedAwards",
    "firm-awards": "subsidies.views.tables.awards.AwardsOfFirm",
    "revocations": "subsidies.views.tables.awards.Revocations",
    "schemes": "subsidies.views.tables.claims.Schemes",
    "exclusions": "subsidies.views.tables.claims.Exclusions",
    "receipts": "subsidies.views.tables.claims.Receipts",
    "regional-documents": "subsidies.views.tables.regional.RegionalDocuments",
    "regional-rows": "subsidies.views.tables.regional.RegionalRows",
    "figure-entries": "subsidies.views.tables.regional.FigureEntries",
    "funding-lines": "subsidies.views.tables.funding.FundingLines",
    "funding-entries": "subsidies.views.tables.funding.FundingEntries",
    "openings": "subsidies.views.tables.funding.Openings",
    "expected-rewards": "subsidies.views.tables.exposure.ExpectedRewards",
    "bank-formats": "subsidies.views.tables.funding.BankFormats",
    "payment-lists": "subsidies.views.tables.payments.PaymentLists",
    "payment-lines": "subsidies.views.tables.payments.PaymentLines",
    "payment-returns": "subsidies.views.tables.payments.PaymentReturns",
    "preflight": "subsidies.views.tables.payments.Preflight",
    "unmatched-rows": "subsidies.views.tables.payments.UnmatchedRows",
    "notices": "documents.views.tables.Notices",
    "batches": "documents.views.tables.Batches",
    "texts": "documents.views.tables.Texts",
    "dossier": "documents.services.dossiers.Dossiers",
}
# What belongs to the dossier of a firm or a case, in this order (documents.services.dossiers.DossierSource).
DOSSIER_SOURCES = [
    "cultivation.views.dossiers.CasesOfFirm",
    "subsidies.views.dossiers.AwardsOfFirm",
]
# The lists that may be handed in on the pages of importing, in the order in which they are offered
# (documents.services.import_kinds.ImportKind).
IMPORT_KINDS = {
    "firms": "cultivation.views.import_kinds.Roster",
    "accreditations": "cultivation.views.import_kinds.RegionsList",
    "opening-certificates": "cultivation.views.import_kinds.OpeningCertificates",
    "annual-reports": "cultivation.views.import_kinds.AnnualReports",
    "attendance": "cultivation.views.import_kinds.AttendanceList",
    "expert-sheets": "cultivation.views.import_kinds.ExpertSheets",
    "rd-ledger": "cultivation.views.import_kinds.RdLedger",
    "targets": "cultivation.views.import_kinds.Targets",
    "achievements": "cultivation.views.import_kinds.Achievements",
    "exclusions": "subsidies.views.import_kinds.Exclusions",
    "past-awards": "subsidies.views.import_kinds.PastAwards",
}

# Work in the background waits in the database; any number of ``manage.py db_worker`` processes take it from there.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# How many workers may share a batch of notices.
NOTICE_WORKERS = int(os.environ.get("NOTICE_WORKERS", "4"))

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Mistakes go to the console, with and without the debug mode; production tells more.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"weasyprint.progress": {"level": "WARNING"}},
}
