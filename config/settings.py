"""One settings file; what differs between places comes from the environment: docs/operation.md."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

VAR_DIR = Path(env("PAYUNG_VAR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address printed in QR codes and e-mails: people outside the office follow it.
PUBLIC_URL = env("PUBLIC_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "guardian",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "viewflow",
    "viewflow.workflow",
    "config",
    "accounts",
    "innovations",
    "planning",
    "approvals",
    "legal_basis",
    "workflow",
    "notifications",
    "audit",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ActorMiddleware",
    "audit.reading.ReadingMiddleware",
    "workflow.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "notifications.context.unread",
                "audit.context.sight",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'payung.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # design.md section 5: any other combination loses approvals or answers "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        # Nobody waits longer than this for somebody else's lock; locking.py says so in a sentence.
        "-c synchronous_commit=on -c lock_timeout=5s"
    )
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# We mount none of viewflow's own pages, so we want none of its middleware.
VIEWFLOW = {"AUTOREGISTER": False}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_AUTO_PREFETCH = False
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = env("TIME_ZONE", default="Asia/Jakarta")
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
# Ours, and what `bin/front_end` takes from the npm packages.
# Nothing else: the libraries' own pages are not mounted, and viewflow's style sheets are broken.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "var" / "front"]
# Evidence and instruments by their hash: under no web root, served by views that check the right.
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

TASKS = {
    "default": {
        "BACKEND": env("TASKS_BACKEND", default="django_tasks_db.DatabaseBackend"),
        "QUEUES": ["default", "documents"],
        # A job is a row of the deciding transaction: it exists exactly if the act does.
        "ENQUEUE_ON_COMMIT": False,
    }
}

EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Payung <payung@localhost>")
if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))

SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Monitors ask on loopback, without a certificate.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=10 * 1024 * 1024)

# What the regency calls itself, on screens and instruments.
REGION = {
    "name": env("REGION_NAME", default="Kabupaten Belitung Timur"),
    "short": env("REGION_SHORT", default="Belitung Timur"),
    "province": env("REGION_PROVINCE", default="Provinsi Kepulauan Bangka Belitung"),
    "capital": env("REGION_CAPITAL", default="Manggar"),
}
# How long somebody stands in at a time. [unverified: practice says a week, by letter extended]
PLH_MAX_DAYS = env.int("PLH_MAX_DAYS", default=7)
# A delegation for ever would be an appointment without one. [unverified]
DELEGATION_MAX_DAYS = env.int("DELEGATION_MAX_DAYS", default=366)
# Money of later fiscal years outlives the mandate under which it was promised.
REGENT_TERM_END = env.int("REGENT_TERM_END", default=2030)
# So many working days after its due date, a seat is told to the office above.
ESCALATE_AFTER_WORKING_DAYS = env.int("ESCALATE_AFTER_WORKING_DAYS", default=3)
# Which reviews outside the house a kind of instrument must have had before its draft is passed on,
# for example {"regent_regulation": ["governor_review", "harmonisation"]}. [unverified: practised]
REQUIRED_REVIEWS = env.json("REQUIRED_REVIEWS", default={})
# How the first year's numbers are printed, by register: single values over those of
# legal_basis/numbering.py. Later the legal section changes them. [unverified: the regency's own]
NUMBER_TEMPLATES = env.json("NUMBER_TEMPLATES", default={})
# So many days before its last day in force, an instrument's end is told.
WARN_OF_EXPIRY_DAYS = env.int("WARN_OF_EXPIRY_DAYS", default=90)
# The module of legal_basis/signing by which instruments are signed from now on.
SIGNING_PROVIDER = env("SIGNING_PROVIDER", default="local")
# The service of BSrE (domain.md 6.1, 6.2), and the roots by which its signatures are trusted.
BSRE_URL = env("BSRE_URL", default="").rstrip("/")
BSRE_USER = env("BSRE_USER", default="")
BSRE_PASSWORD = env("BSRE_PASSWORD", default="")
BSRE_SECONDS = env.int("BSRE_SECONDS", default=30)
SIGNING_ROOTS = env("SIGNING_ROOTS", default="")
# A time-stamp authority outside (RFC 3161): signatures are then made to last (PAdES B-LTA).
TSA_URL = env("TSA_URL", default="")
TSA_ROOTS = env("TSA_ROOTS", default="")
TSA_SECONDS = env.int("TSA_SECONDS", default=15)
# AGPL-3.0, section 13: whoever uses this installation may have its source.
SOURCE_URL = env("SOURCE_URL", default="/source/")
PKI_DIR = VAR_DIR / "pki"
# Evidence packs; they hold personal data and go after a month.
PACKS_DIR = VAR_DIR / "packs"
# The key that signs checkpoints of the ledger lies apart from the database, and from its backups.
AUDIT_KEY_DIR = Path(env("AUDIT_KEY_DIR", default=str(VAR_DIR / "audit-keys")))
# Who keeps checkpoints: modules of audit/anchors. Without any, nothing is ever late.
AUDIT_ANCHORS = env.list("AUDIT_ANCHORS", default=["file"])
AUDIT_ANCHOR_DIR = Path(env("AUDIT_ANCHOR_DIR", default=str(VAR_DIR / "anchors")))
# The mailboxes of the inspectorate to which the anchor `email` writes.
AUDIT_EMAIL = env.list("AUDIT_EMAIL", default=[])
# So often one address may ask the public pages to check something: an office shares an address.
PUBLIC_CHECKS_PER_MINUTE = env.int("PUBLIC_CHECKS_PER_MINUTE", default=60)
PUBLIC_CHECKS_DIR = VAR_DIR / "checks"
# So many proxies before us write X-Forwarded-For; none: the header is anybody's claim.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# Which kinds go to the national legal network; whether decrees do differs by region. [unverified]
JDIH_KINDS = env.list("JDIH_KINDS", default=["regent_regulation", "regent_decree"])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
