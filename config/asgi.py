"""The ASGI entry point."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.core.asgi import get_asgi_application
from django.core.management.base import BaseCommand

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()


def _check() -> None:
    BaseCommand().check(tags=["watch"], include_deployment_checks=True, databases=["default"])


# Nothing is served over tables that nobody watches; a server may import this inside its event loop.
with ThreadPoolExecutor(1) as aside:
    aside.submit(_check).result()
