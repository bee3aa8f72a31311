"""django-helpdesk, and a door for mails: the same function reads them that reads its mailbox."""

import logging

from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from helpdesk.email import extract_email_metadata
from helpdesk.models import Queue


@csrf_exempt
def mail(request):
    queue = Queue.objects.get(slug="general")
    ticket = extract_email_metadata(request.body.decode("utf-8"), queue, logging.getLogger("mail"))
    return HttpResponse(str(ticket.id))


urlpatterns = [path("tests/mail/", mail), path("", include("helpdesk.urls", namespace="helpdesk"))]
