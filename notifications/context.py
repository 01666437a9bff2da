"""What every page may show of a person's messages."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest

from .models import Message


def unread(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`unread_messages`: how many wait; asked of the database only by a page that shows it."""

    @cache
    def count() -> int:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return 0
        return Message.objects.visible_to(user).unread().count()

    return {"unread_messages": count}
