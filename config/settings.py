"""Every setting, in one file. The environment is read in the first block and nowhere else.

Embedded default: with nothing set, two SQLite files and Celery's filesystem broker under `var/`.
Production: `DATABASE_URL`, `KEYS_DATABASE_URL` and `REDIS_URL`; what is missing is named by `manage.py check --deploy`.
A variable NAME can also be given as NAME_FILE, the path of a file that holds it.
"""

import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

# The environment ------------------------------------------------------------------------------------------

env = environ.FileAwareEnv()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
LOCAL = env.bool("LOCAL", False)  # one person's machine: http, the mailbox page, `demo`
SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if LOCAL else [])
SITE_NAME = env.str("SITE_NAME", "Pledge")
SITE_URL = env.str("SITE_URL", "http://localhost:8000" if LOCAL else "")
DATABASE_URL = env.str("DATABASE_URL", "")
KEYS_DATABASE_URL = env.str("KEYS_DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")
REDIS_PREFIX = env.str("REDIS_PREFIX", "pledge")
ROOT_KEY = env.str("ROOT_KEY", "")  # 32 bytes in base64; else the file below
ROOT_KEY_PATH = Path(env.str("ROOT_KEY_PATH", str(VAR_DIR / "root_key")))
KEYRING = env.str("KEYRING", "")  # the keyring itself, as JSON, wrapped by the root key; else the file below
KEYRING_PATH = Path(env.str("KEYRING_PATH", str(VAR_DIR / "keyring.json")))
EMAIL_URL = env.str("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Pledge <accounts@localhost>")
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
TRUST_PROXY = env.bool("TRUST_PROXY", False)  # a proxy in front sets X-Forwarded-Proto and X-Forwarded-For

COOLING_OFF_DAYS = env.int("COOLING_OFF_DAYS", 7)  # 0–30, clause 3.2
AGE_OF_SELF_CONSENT = env.int("AGE_OF_SELF_CONSENT", 14)  # clause 1.0
REQUIRED_AT_SIGN_UP = env.list("REQUIRED_AT_SIGN_UP", default=[])  # of real_name, id_number, home_address, …

# A stack trace can hold what a person typed, so no page ever shows one, on no machine.
DEBUG = False

if LOCAL and not SECRET_KEY:
    secret_path = VAR_DIR / "secret_key"
    if not secret_path.exists():
        VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret_path.touch(mode=0o600)
        secret_path.write_text(secrets.token_urlsafe(50))
    SECRET_KEY = secret_path.read_text()

# The house ------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "vault",
    "audit",
    "notices",
    "agreements",
    "accounts",  # before allauth.account: it seals EmailAddress.email while that model is being made
    "disclosures",
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_countries",  # its translations of country names
    "django.forms",  # its templates, which ours in templates/django/forms replace
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.cancelling.CancellingMiddleware",
    "accounts.middleware.second_factor_for_staff",
    "accounts.middleware.BrokenValues",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "notices.context.unread_notices",
                "config.context.site",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # forms look alike everywhere: templates/django/forms

# Databases ------------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def database(url: str, embedded_name: str) -> dict[str, Any]:
    """Give Django's settings of one database: PostgreSQL at `url`, or an SQLite file of that name under `var/`."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / embedded_name,
            "OPTIONS": SQLITE_OPTIONS,
        }
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    settings["CONN_HEALTH_CHECKS"] = True
    settings["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}} | settings.get("OPTIONS", {})
    return settings


DATABASES = {
    "default": database(DATABASE_URL, "pledge.sqlite3"),
    "keys": database(KEYS_DATABASE_URL, "keys.sqlite3"),  # data keys alone, backed up apart: docs/security.md
}
DATABASE_ROUTERS = ["vault.router.KeysRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES = {"account": "accounts.allauth_migrations"}

# The vault ------------------------------------------------------------------------------------------------

KEY_PROVIDER = "vault.provider.LocalProvider"
VAULT_KEY_SECONDS = 60  # how long an opened data key stays in a process's memory, and a destroyed one with it
VAULT_KEYS_IN_MEMORY = 20_000

# Redis, or this process's memory and the disk ---------------------------------------------------------------

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "KEY_FUNCTION": "vault.cache.blind_key",
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "KEY_FUNCTION": "vault.cache.blind_key"}
}

CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
REDIS_BROKER_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:",
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 0,  # a request tries the broker once; without this it would try for minutes
}
FOLDER_BROKER_OPTIONS = {
    "data_folder_in": str(VAR_DIR / "broker/queue"),
    "data_folder_out": str(VAR_DIR / "broker/queue"),
    "control_folder": str(VAR_DIR / "broker/control"),
}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = REDIS_BROKER_OPTIONS if REDIS_URL else FOLDER_BROKER_OPTIONS
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # the outbox row is the truth; the sweep sends what the broker missed
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "deliver waiting notices": {"task": "notices.tasks.sweep_deliveries", "schedule": 60},
    "erase accounts whose cooling-off is over": {"task": "accounts.tasks.sweep_erasures", "schedule": 60},
    "remove sign-ups that nobody confirmed": {"task": "accounts.tasks.sweep_unverified", "schedule": 3600},
    "remind of erasures": {"task": "accounts.tasks.remind", "schedule": 600},
    "drop data keys without an account": {"task": "accounts.tasks.sweep_orphan_keys", "schedule": 3600},
}

# People ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_data"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.sign_up.SignupForm",
    "login": "accounts.forms.sign_in.LoginForm",
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "add_email": "accounts.forms.sign_in.AddEmailForm",
    "confirm_email_verification_code": "accounts.forms.sign_in.ConfirmCodeForm",
}
ACCOUNT_RATE_LIMITS = {
    "confirm_email": "10/10m/key",  # codes to one address: a form sent twice must not be an error
    "find_account": "30/10m/user",  # a member of staff who looks for accounts by e-mail address
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Pledge: "
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOCAL else "https"
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {
    "add_webauthn": "accounts.forms.passkey.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.passkey.EditPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_TOTP_ISSUER = "Pledge"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s either way: a code typed as it changes still counts (RFC 6238, 5.2)
USERSESSIONS_ADAPTER = "accounts.adapter.UserSessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = True

SESSION_ENGINE = "vault.sessions"  # the database's store, its content sealed
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would show it

# The web --------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked over plain http from inside
SECURE_HSTS_SECONDS = 0 if LOCAL else 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Languages ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SECURE = not LOCAL
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Mail -----------------------------------------------------------------------------------------------------

if EMAIL_URL:
    _mail = environ.Env.email_url_config(EMAIL_URL)
    EMAIL_BACKEND = _mail.pop("EMAIL_BACKEND")
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
elif LOCAL:
    EMAIL_BACKEND = "config.mailbox.MailboxBackend"  # sealed files, shown at /mailbox/
EMAIL_TIMEOUT = 10

# Logs: to standard error, without personal data ---------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": [], "propagate": True, "level": "INFO"}},  # at DEBUG, pages are logged whole
}

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the e-mail is unique by its blind index, in a constraint that this check can't read
]
