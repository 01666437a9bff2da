from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .acting import acting_as


class ActorMiddleware:
    """Let what a request writes carry the person who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with acting_as(request.user):
            return self.get_response(request)
