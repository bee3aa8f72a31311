"""django-helpdesk, the peer: its own environment, a site with one queue, `get_email` on a mailbox."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "bench" / "helpdesk.lock"
_SETTINGS = """
import os
D = os.environ["DH_DIR"]
SECRET_KEY = "benchmark"; DEBUG = False; ALLOWED_HOSTS = ["*"]; SITE_ID = 1
USE_TZ = True; TIME_ZONE = "UTC"; DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
ROOT_URLCONF = "dhurls"; STATIC_URL = "/static/"; MEDIA_URL = "/media/"; MEDIA_ROOT = D + "/media"
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
    "django.contrib.sessions", "django.contrib.messages", "django.contrib.sites", "django.contrib.humanize",
    "django.contrib.staticfiles", "rest_framework", "rest_framework.authtoken", "helpdesk"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                           "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": D + "/db.sqlite3",
                         "OPTIONS": {"timeout": 60}}}
EMAIL_HOST = "127.0.0.1"; EMAIL_PORT = int(os.environ["DH_SMTP"]); EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = "helpdesk@desk.test"
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_TEAMS_MODEL = "auth.Group"; HELPDESK_TEAMS_MIGRATION_DEPENDENCIES = []
"""
_URLS = """
from django.urls import include, path
urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
"""
_SEED = """
import os, django; django.setup()
from django.contrib.sites.models import Site
from helpdesk.models import Queue
Site.objects.update_or_create(id=1, defaults={"domain": "127.0.0.1", "name": "desk.test"})
Queue.objects.get_or_create(slug="general", defaults={"title": "General", "email_address": "helpdesk@desk.test",
    "allow_public_submission": True, "allow_email_submission": True, "email_box_type": "imap",
    "email_box_host": "127.0.0.1", "email_box_port": int(os.environ["DH_IMAP"]),
    "email_box_user": "helpdesk@desk.test", "email_box_pass": "pass", "email_box_imap_folder": "INBOX",
    "email_box_interval": 0, "email_box_ssl": False})
"""
_COUNT = "import django; django.setup(); from helpdesk.models import Ticket; print(Ticket.objects.count())"


class Helpdesk:
    """An installation in a folder. `get_email` reads the mailbox helpdesk@desk.test."""

    def __init__(self, place: Path, environment: Path, imap: int, smtp: int) -> None:
        self._python = environment / "bin" / "python"
        if not self._python.is_file():
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        marker = environment / ".installed"
        if not marker.is_file() or marker.read_text() != LOCK.read_text():
            pip = [str(self._python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
            subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)
            marker.write_text(LOCK.read_text())
        self._place = place
        for name, text in (("dhsite.py", _SETTINGS), ("dhurls.py", _URLS), ("seed.py", _SEED)):
            (place / name).write_text(text)
        self._environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "dhsite",
            "DH_DIR": str(place),
            "DH_IMAP": str(imap),
            "DH_SMTP": str(smtp),
        }
        self._run("-m", "django", "migrate", "-v0")
        self._run("seed.py")

    def get_email(self) -> float:
        """Take what is in the mailbox; seconds."""
        start = time.perf_counter()
        self._run("-m", "django", "get_email", "--quiet")
        return time.perf_counter() - start

    def tickets(self) -> int:
        """How many there are."""
        return int(self._run("-c", _COUNT))

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [str(self._python), *words], cwd=self._place, env=self._environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"django-helpdesk: {' '.join(words)}: {done.stderr[-2000:]}")
        return done.stdout
