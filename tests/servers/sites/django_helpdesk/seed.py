"""Queues, the field for tags, the bot, an agent; and the mail about new tickets switched off, as the page says."""

import os

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - after setup
from django.contrib.sites.models import Site  # noqa: E402
from helpdesk.models import CustomField, EmailTemplate, Queue  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

Site.objects.update_or_create(id=1, defaults={"domain": "127.0.0.1", "name": "desk.test"})
for slug, title in (("general", "General"), ("billing", "Billing")):
    queue = Queue.objects.create(
        slug=slug,
        title=title,
        email_address=f"{slug}@desk.test",
        allow_public_submission=True,
        allow_email_submission=True,
    )
CustomField.objects.create(
    name="tags", label="Tags", data_type="varchar", max_length=500, required=False, staff_only=True, ordering=1
)
EmailTemplate.objects.filter(template_name="newticket_submitter").delete()
for name in ("antesala", "carol"):
    user = get_user_model().objects.create_user(name, f"{name}@desk.test", is_staff=True)
    with open(f"{os.environ['SITE_HOME']}/{name}", "w") as file:
        file.write(f"{user.pk} {Token.objects.create(user=user).key}")
