"""django-helpdesk, and a door for mails: the same function reads them that reads its mailbox."""

import logging

from django.db import transaction
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from helpdesk.email import extract_email_metadata
from helpdesk.models import FollowUp, Queue, Ticket


@csrf_exempt
def mail(request):
    queue = Queue.objects.get(slug="general")
    ticket = extract_email_metadata(request.body.decode("utf-8"), queue, logging.getLogger("mail"))
    return HttpResponse(str(ticket.id))


def many(_request, count):
    """Tickets as mails make them, but for the mails and webhooks that follow."""
    queue, made = Queue.objects.get(slug="general"), []
    with transaction.atomic():
        for number in range(count):
            ticket = Ticket.objects.create(queue=queue, title=f"Asunto {number}", submitter_email="ana@casa.example")
            FollowUp.objects.create(ticket=ticket, title="E-Mail", comment=f"Mensaje {number}", date=timezone.now())
            made.append(ticket.pk)
    return HttpResponse(" ".join(map(str, made)))


def few(_request):
    """Those are gone again: each look at such a desk goes through all that it has."""
    Ticket.objects.filter(title__startswith="Asunto ").delete()
    return HttpResponse("gone")


urlpatterns = [
    path("tests/few/", few),
    path("tests/mail/", mail),
    path("tests/many/<int:count>/", many),
    path("", include("helpdesk.urls", namespace="helpdesk")),
]
