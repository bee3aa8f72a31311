"""Departments, a macro for each, tags, the bot, an agent and the webhook, as the page says."""

import os

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - after setup
from escalated.models import ApiToken, Department, Macro, Tag, Webhook  # noqa: E402
from escalated.serializers import WebhookSerializer  # noqa: E402

users = [
    get_user_model().objects.create_user(name, f"{name}@desk.test", "a password of tests", is_staff=True)
    for name in ("antesala", "carol")
]
get_user_model().objects.create_user("ana", "ana@casa.example", "a password of tests", first_name="Ana")
for name in ("Support", "Billing"):
    department = Department.objects.create(name=name, slug=name.lower())
    department.agents.add(*users)
    move = [{"type": "department", "value": department.pk}]
    Macro.objects.create(name=f"Move to {name}", actions=move, is_shared=True)
for name in ("refund", "incomplete", "lang-es", "vip", "set-by-carol"):
    Tag.objects.create(name=name, slug=name)
Webhook.objects.create(
    url=os.environ["SITE_HOOK"], events=list(WebhookSerializer.AVAILABLE_EVENTS), secret=os.environ["SITE_SECRET"]
)
for user in users:
    token = ApiToken.create_token(user, "API", ["*"])["plain_text_token"]
    with open(f"{os.environ['SITE_HOME']}/{user.username}", "w") as file:
        file.write(token)
