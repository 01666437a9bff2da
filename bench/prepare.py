"""Fills one empty database with the demo's regency, in a process of its own."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402


def main() -> None:
    """Tables, static files, and the demo without its innovations."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", count=0)
    # Nothing is issued where what happened a day ago was never signed.
    call_command("checkpoint_key")


if __name__ == "__main__":
    main()
