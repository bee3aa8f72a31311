"""Escalated, and a door for mails: the same service takes them that takes those of its mailbox."""

from email import message_from_bytes, policy

from django.contrib.auth import get_user_model, login
from django.db import transaction
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from escalated.mail.inbound_message import InboundMessage
from escalated.models import Department, Tag, Ticket
from escalated.services.inbound_email_service import InboundEmailService


@csrf_exempt
def mail(request):
    given = message_from_bytes(request.body, policy=policy.default)
    sender = given["From"].addresses[0]
    taken = InboundEmailService.process(
        InboundMessage(
            from_email=sender.addr_spec,
            from_name=sender.display_name,
            to_email=given["To"].addresses[0].addr_spec,
            subject=str(given["Subject"]),
            body_text=given.get_body(("plain",)).get_content(),
            body_html=None,
            message_id=str(given["Message-ID"]),
        ),
        adapter_name="imap",
    )
    if taken.status != "processed":
        return HttpResponse(str(taken.error_message), status=500)
    return HttpResponse(taken.ticket.reference)


def enter(request, name):
    """Stands for the site's own page to log in: Escalated has none."""
    login(request, get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse("in")


def untag(request, reference):
    """Stands for an agent's click: the API takes no empty list of tags."""
    Ticket.objects.get(reference=reference).tags.clear()
    return HttpResponse("untagged")


def many(_request, count):
    """Tickets of a guest, without the mails and webhooks that follow."""
    made = []
    with transaction.atomic():
        for number in range(count):
            who = {"guest_name": "Ana", "guest_email": "ana@casa.example"}
            ticket = Ticket(subject=f"Asunto {number}", description="-", **who)
            ticket.save()
            made.append(ticket.reference)
    return HttpResponse(" ".join(made))


def few(_request):
    """Those are gone again: each look at such a desk goes through all that it has."""
    Ticket.objects.filter(subject__startswith="Asunto ").delete()
    return HttpResponse("gone")


def rule(_request, reference, group, tag):
    """Stands for an automation: as `services/automation_runner.py` does it, straight in the database."""
    ticket = Ticket.objects.get(reference=reference)
    ticket.department = Department.objects.get(name=group)
    ticket.save(update_fields=["department", "updated_at"])
    ticket.tags.add(Tag.objects.get_or_create(name=tag, slug=tag)[0])
    return HttpResponse("moved")


urlpatterns = [
    path("tests/rule/<str:reference>/<str:group>/<str:tag>/", rule),
    path("tests/few/", few),
    path("tests/many/<int:count>/", many),
    path("tests/untag/<str:reference>/", untag),
    path("tests/enter/<str:name>/", enter),
    path("tests/mail/", mail),
    path("support/api/v1/", include("escalated.api_urls")),
    path("support/", include("escalated.urls")),
]
