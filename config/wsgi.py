"""The WSGI entry point."""

import os

from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Nothing is served over tables that nobody watches.
BaseCommand().check(tags=["watch"], include_deployment_checks=True, databases=["default"])
