"""Databases beside the suite's own, for servers that tests start in other processes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The URL of a new, empty database of the kind under test; gone afterwards."""
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite"):
        yield f"sqlite:///{folder / 'spare.sqlite3'}"
        return
    name = f"spare_{uuid4().hex[:12]}"
    address, _, query = url.partition("?")
    _tell_server(url, f'CREATE DATABASE "{name}"')
    yield f"{address.rpartition('/')[0]}/{name}?{query}"
    _tell_server(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _tell_server(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
