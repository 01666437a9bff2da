"""A person's own messages: the list, opening one, and marking as read."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from .events import words
from .models import Message

PAGE = 30


@login_required
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """The newest messages; `?cursor=` goes on behind the last one shown."""
    mine = Message.objects.visible_to(request.user)
    if cursor := request.GET.get("cursor"):
        mine = mine.filter(pk__lt=_number(cursor))
    page = list(mine[: PAGE + 1])
    rows = [
        {"message": message, "words": words(message.event, message.params)}
        for message in page[:PAGE]
    ]
    context = {
        "rows": rows,
        "newest": page[0].pk if page else None,
        "next_cursor": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "notifications/messages.html", context)


@login_required
@require_safe
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the message as read and go where it points."""
    mine = Message.objects.visible_to(request.user)
    message = get_object_or_404(mine, pk=pk)
    mine.unread().filter(pk=pk).update(read_at=timezone.now())
    if not url_has_allowed_host_and_scheme(message.path, allowed_hosts=None):
        raise BadRequest("The message points outside Payung.")
    return HttpResponseRedirect(message.path)


@login_required
@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    """Mark one message as read, or every message up to the newest that was on the screen."""
    waiting = Message.objects.visible_to(request.user).unread()
    if one := request.POST.get("message"):
        waiting = waiting.filter(pk=_number(one))
    else:
        waiting = waiting.filter(pk__lte=_number(request.POST.get("until", "")))
    waiting.update(read_at=timezone.now())
    return redirect("messages")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequest("Expected the number of a message.")
    return int(text)
