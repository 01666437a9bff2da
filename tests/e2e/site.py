"""The whole application behind an address, on a database that is filled once for all tests here."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread

from audit.keys import make_key
from tests.regency import person, settled

P = ParamSpec("P")
R = TypeVar("R")
HOST = "127.0.0.1"
STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def _settings(folder: Path) -> dict[str, Any]:
    """Places of our own, and static files compressed and named as in production."""
    return {
        "PKI_DIR": folder / "pki",
        "AUDIT_KEY_DIR": folder / "audit-keys",
        "MEDIA_ROOT": folder / "files",
        "STATIC_ROOT": folder / "static",
        "EMAIL_FILE_PATH": folder / "mail",
        # The test server would serve the media folder, which nobody does.
        "MEDIA_URL": "/served-by-nobody/",
        "STORAGES": {
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": folder / "files"},
            },
            "staticfiles": {"BACKEND": STATIC},
        },
        "WHITENOISE_AUTOREFRESH": False,
    }


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The regency behind an address: yields it; the tables are empty again afterwards."""
    with ExitStack() as stack:
        stack.enter_context(override_settings(**_settings(folder)))
        call_command("collectstatic", interactive=False, verbosity=0)
        # The next test finds the tables as it expects them.
        stack.callback(connections.close_all)
        stack.enter_context(settled())
        make_key()
        server = LiveServerThread(HOST, static_handler=_as_it_is)  # type: ignore[arg-type]
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        stack.callback(server.terminate)
        address = f"http://{HOST}:{server.port}"
        stack.enter_context(override_settings(PUBLIC_URL=address))
        yield address


def _as_it_is(application: Any) -> Any:
    """Static files are served by the application itself, as in production."""
    return application


def backstage(act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do what worker and colleagues do in a thread without the browser's event loop.

    Signing a document runs a loop of its own, which it cannot where one runs already.
    """
    with ThreadPoolExecutor(1) as executor:
        try:
            return executor.submit(act, *args, **kwargs).result()
        finally:
            executor.submit(connections.close_all).result()


def session_of(username: str) -> str:
    """A session of this person, as signing in makes one."""
    client = Client()
    client.force_login(person(username))
    return client.cookies["sessionid"].value
