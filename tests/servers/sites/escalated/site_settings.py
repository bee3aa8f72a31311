"""Escalated for Django as its own documentation sets it up, for tests."""

import os

HOME = os.environ["SITE_HOME"]
BASE_DIR = HOME
SECRET_KEY = "of tests alone, of tests alone, of tests alone"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "site_urls"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME + "/media"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "inertia",
    "escalated",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "inertia.middleware.InertiaMiddleware",
    "api_only.ApiOnly",
    "escalated.api_middleware.ApiRateLimit",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME + "/db.sqlite3", "OPTIONS": {"timeout": 60}}
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["SITE_SMTP"])
DEFAULT_FROM_EMAIL = "support@desk.test"
INERTIA_LAYOUT = "none.html"
INERTIA_VERSION = "1"
ESCALATED = {
    "API_ENABLED": True,
    "API_RATE_LIMIT": 1_000_000,
    "PLUGINS_ENABLED": False,
    "ALLOW_PRIVATE_WEBHOOK_URLS": True,
    "INBOUND_EMAIL_ENABLED": True,
    "INBOUND_EMAIL_ADDRESS": "support@desk.test",
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
