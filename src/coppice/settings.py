"""Every setting of Coppice, each driven by a documented environment variable (docs/operate/settings.md)."""

import os
import zoneinfo
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from coppice.lib import pseudo
from coppice.lib.dkim_signing import signer, signing
from coppice.lib.mailers import mailer
from coppice.lib.secrets import keep_secret

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Calendars and pages go by the tzdata package alone: a system's own may be years old.
zoneinfo.reset_tzpath(to=())

PACKAGE = Path(__file__).resolve().parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"COPPICE_{name}", default)


def env_flag(name: str, *, default: bool = False) -> bool:
    return env(name, "yes" if default else "no").lower() in {"1", "yes", "true", "on"}


def env_number(name: str, default: int) -> int:
    value = env(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"COPPICE_{name}={value} is no number. Write one, such as {default}.")
    return int(value)


def database(url: str) -> dict[str, object]:
    """Return Django's database entry for a `postgres://` address, or SQLite when the address is empty."""
    if not url:
        return {
            "ENGINE": "coppice.lib.sqlite",
            "NAME": HOME / "coppice.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16}, **dict(parse_qsl(parts.query))},
    }


def storage(where: str) -> dict[str, object]:
    """Return Django's storage entry for files on "disk" or in "s3"."""
    if where == "disk":
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if where != "s3":
        raise ImproperlyConfigured(f"COPPICE_STORAGE={where} is not known. Choose disk or s3.")
    missing = [name for name in ("S3_BUCKET", "S3_KEY", "S3_SECRET") if not env(name)]
    if missing:
        raise ImproperlyConfigured(f"Files are to be in S3: set COPPICE_{missing[0]} as well.")
    region = env("S3_REGION", "us-east-1")
    return {
        "BACKEND": "coppice.lib.s3.storage.S3Storage",
        "OPTIONS": {
            "endpoint": env("S3_ENDPOINT", f"https://s3.{region}.amazonaws.com"),
            "bucket": env("S3_BUCKET"),
            "region": region,
            "key": env("S3_KEY"),
            "secret": env("S3_SECRET"),
            "prefix": env("S3_PREFIX"),
        },
    }


HOME = Path(env("HOME", "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)

DEMO = env_flag("DEMO")
DEBUG = env_flag("DEBUG")
SECRET_KEY = env("SECRET_KEY") or keep_secret(HOME / "secret.key")
BASE_URL = env("BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "coppice.demo",
    "coppice.home",
    "coppice.formation",
    "coppice.meetings",
    "coppice.conversations",
    "coppice.stewardship",
    "coppice.library",
    "coppice.activities",
    "coppice.live",
    "coppice.communities",
    "coppice.profiles",
    "coppice.surveys",
    "coppice.programs",
    "coppice.accounts",
    "coppice.notifications",
    "coppice.history",
    "coppice.photos",
    "coppice.search",
    "coppice.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "coppice.ui.static_files.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coppice.accounts.middleware.ReaderMiddleware",
    "coppice.ui.refusals.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coppice.history.middleware.ReceiptMiddleware",
]

ROOT_URLCONF = "coppice.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coppice.home.navigation.navigation",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.tz", "coppice.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "coppice.ui.rendering.FormRenderer"

DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Rate limits are counted here: culled at the usual 300 entries, they would forget.
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "progress",
    },
}

THREADS = env_number("THREADS", 12)
TASKS = {"default": {"BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend", "ENQUEUE_ON_COMMIT": True}}
HUEY: dict[str, object] = {"name": "coppice", "immediate": False, "results": False}
REDIS_URL = env("REDIS_URL")
if REDIS_URL:
    HUEY |= {"huey_class": "huey.RedisHuey", "url": REDIS_URL}
else:
    HUEY |= {"huey_class": "huey.SqliteHuey", "filename": str(HOME / "queue.sqlite3"), "cache_mb": 1}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:home"
ACCOUNT_ADAPTER = "coppice.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Counted in the default cache before any password is hashed or mail written; "key" is the address.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,5/10m/key",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "manage_email": "5/10m/user",
    "confirm_email": "3/10m/key",
}
# Wrong codes of live rooms: of 4,320 codes, somebody at one address sees about one in 140 within ten minutes.
WRONG_CODE_LIMITS = {"known": "30/10m/user", "unknown": "30/10m/ip"}
# Mails that ask whether a guest of a live room was their reader: from one guest's page, from one place on the
# network (a full hall has one), and to one mailbox.
GUEST_MAIL_LIMITS = {"guest_asks": "5/h/key,600/h/ip", "mailbox_asked": "3/h/key"}
# Photos from one place in a live room, and for one profile: unpacking each keeps a processor busy.
PHOTO_LIMITS = {"giver": "30/10m/key"}
# How often one feed is read, of meetings or of what is new: programs ask every half hour or so.
FEED_LIMITS = {"feed": "60/10m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env_flag("BEHIND_PROXY") else 0
ACCOUNT_FORMS = {
    "set_password": "coppice.accounts.forms.PasswordSettingForm",
    "change_password": "coppice.accounts.forms.PasswordChangeForm",
    "reset_password_from_key": "coppice.accounts.forms.PasswordResetForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG
MFA_TOTP_ISSUER = "Coppice"
MFA_FORMS = {"add_webauthn": "coppice.accounts.forms.PasskeyForm"}
USERSESSIONS_TRACK_ACTIVITY = False

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if BASE_URL.startswith("https://") else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

MAIL_FROM = env("MAIL_FROM", "Coppice <coppice@localhost>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
MAIL_INBOUND_DOMAIN = env("MAIL_INBOUND_DOMAIN").strip().lower().removeprefix("@")
INBOUND_HOST = env("INBOUND_HOST", "127.0.0.1")
INBOUND_PORT = env_number("INBOUND_PORT", 0)
INBOUND_LMTP = env_flag("INBOUND_LMTP")
INBOUND_WEBHOOK_SECRET = env("INBOUND_WEBHOOK_SECRET")
INBOUND_WEBHOOK_KEY = env("INBOUND_WEBHOOK_KEY") or env("MAIL_KEY")
REPORTS_WEBHOOK_KEY = env("REPORTS_WEBHOOK_KEY") or INBOUND_WEBHOOK_KEY
CALENDAR_REPLIES_TO = (
    env("CALENDAR_REPLIES_TO")
    or (f"calendar@{MAIL_INBOUND_DOMAIN}" if MAIL_INBOUND_DOMAIN else "")
    or parseaddr(MAIL_FROM)[1]
)
MAIL_BACKEND = env("MAIL_BACKEND", "keep" if not env("SMTP_HOST") else "smtp")
DKIM_SIGNER = signer(
    env("DKIM_KEY"),
    selector=env("DKIM_SELECTOR", "coppice"),
    domain=env("DKIM_DOMAIN") or parseaddr(MAIL_FROM)[1].rpartition("@")[2],
)
DNS_SERVER = env("DNS_SERVER")
TEXT_PROVIDER = env("TEXT_PROVIDER", "keep" if DEMO else "")
TEXT_URL, TEXT_HEADERS, TEXT_BODY = env("TEXT_URL"), env("TEXT_HEADERS"), env("TEXT_BODY")
TEXT_USER, TEXT_PASSWORD, TEXT_ID = env("TEXT_USER"), env("TEXT_PASSWORD"), env("TEXT_ID")
TEXT_WEBHOOK_SECRET = env("TEXT_WEBHOOK_SECRET")
TEXT_WEBHOOK_FIELDS = [name.strip() for name in env("TEXT_WEBHOOK_FIELDS", "from,text").split(",")]
TEXT_COUNTRIES = env("TEXT_COUNTRIES", "+1").replace(",", " ").split()
TEXT_A_MONTH = env_number("TEXT_A_MONTH", 12)
TEXT_SEGMENTS_A_MONTH = env_number("TEXT_SEGMENTS_A_MONTH", 1000)
if len(TEXT_WEBHOOK_FIELDS) != 2 or not TEXT_COUNTRIES or not all(each[:1] == "+" for each in TEXT_COUNTRIES):
    raise ImproperlyConfigured(
        "COPPICE_TEXT_WEBHOOK_FIELDS is like from,text; COPPICE_TEXT_COUNTRIES like +1."
    )
PUSH_TESTED_AT = ""  # an origin on the loopback that tests let through; no variable sets it
MAILERS = {
    "default": signing(
        mailer(
            MAIL_BACKEND,
            key=env("MAIL_KEY"),
            secret=env("MAIL_SECRET"),
            api_url=env("MAIL_API_URL"),
            smtp={
                "host": env("SMTP_HOST", "localhost"),
                "port": env_number("SMTP_PORT", 25),
                "username": env("SMTP_USER"),
                "password": env("SMTP_PASSWORD"),
                "use_tls": env_flag("SMTP_STARTTLS"),
            },
        ),
        by=DKIM_SIGNER,
    )
}

USE_TZ = True
TIME_ZONE = env("TIME_ZONE", "UTC")
if TIME_ZONE not in zoneinfo.available_timezones():
    raise ImproperlyConfigured(f"COPPICE_TIME_ZONE={TIME_ZONE} is no zone. Write one as America/Chicago.")
LANGUAGE_CODE = env("LANGUAGE", "en")
LANGUAGES: "list[tuple[str, StrOrPromise]]" = [("en", _("English")), ("es", _("Spanish"))]
if env_flag("PSEUDO_LOCALES"):
    LANGUAGES += pseudo.LANGUAGES
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"COPPICE_LANGUAGE={LANGUAGE_CODE} is not spoken. Choose one of en, es.")
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["coppice.ui.formats"]

STATIC_URL = "/static/"
STORAGES = {
    "default": storage(env("STORAGE", "disk")),
    "staticfiles": {"BACKEND": "coppice.ui.static_files.FingerprintStorage"},
}
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
# Of one file, and of all files of one community's library.
LARGEST_FILE = env_number("LARGEST_FILE_MB", 200) * 1024 * 1024
LARGEST_LIBRARY = env_number("LARGEST_LIBRARY_MB", 5000) * 1024 * 1024
# Of one archive that a community brings its conversations in from.
LARGEST_ARCHIVE = env_number("LARGEST_ARCHIVE_MB", 1000) * 1024 * 1024
SCANNER = env("SCANNER")
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "WARNING")},
    "loggers": {"django.tasks": {"level": env("LOG_LEVEL", "WARNING")}},
}
