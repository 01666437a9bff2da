"""Bulk writes leave no history (SH1): each one in our code is known, with the reason why it may."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.tables import OUR_APPS

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
BULK = {"bulk_create", "bulk_update", "abulk_create", "abulk_update", "_raw_delete"}
UNHEARD = {"save_without_historical_record"}
RAW = {"execute", "executemany"}

# Where, what, and why no version of a governed row is lost by it.
ALLOWED = {
    ("approvals/calendar.py", "_lock", "execute"): "takes a lock",
    ("approvals/decrees.py", "_move", "bulk_create"): "moves of due dates have no history",
    ("approvals/decrees.py", "_write_dues", "update"): "writes the versions beside it",
    ("audit/erasing.py", "_grant", "bulk_create"): "erasures have no history",
    ("audit/erasing.py", "_update", "update"): "overwrites the versions as well",
    ("audit/packing.py", "_tell_progress", "update"): "progress has no history",
    ("config/checks.py", "_answer", "execute"): "asks for an option of the database",
    ("legal_basis/evidence.py", "offer", "update"): "keeps two functions in a dictionary",
    ("notifications/delivery.py", "_claim", "update"): "messages have no history",
    ("notifications/health.py", "_database", "execute"): "reads a constant",
    ("notifications/jobs.py", "_give_back", "update"): "jobs have no history",
    ("notifications/recording.py", "record_event", "bulk_create"): "messages have no history",
    ("notifications/schedule.py", "_claim", "update"): "heartbeats have no history",
    ("notifications/views.py", "message_open", "update"): "messages have no history",
    ("notifications/views.py", "messages_read", "update"): "messages have no history",
    ("workflow/leaving.py", "_hand_over_innovation", "update"): "drafts have no history",
    ("workflow/locking.py", "_hold_calendar", "execute"): "sets how long to wait for a lock",
    ("workflow/sealing.py", "_keep", "bulk_create"): "texts stand under their hash for ever",
    ("workflow/sealing.py", "_keep", "update"): "seals have no history: hashes of what has one",
    ("workflow/sealing.py", "break_seal", "update"): "seals have no history",
    ("workflow/reminders.py", "_tell", "bulk_create"): "notices have no history",
}


def writes_in(source: str) -> Iterator[tuple[str, str]]:
    """The function and the name of each call that can change rows behind history's back."""
    for function, call in _calls(ast.parse(source), ""):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        # QuerySet.update takes keywords alone; a dict's or a hash's takes a value.
        rows_updated = name in {"update", "aupdate"} and not call.args and call.keywords
        # Raw SQL is handed over; viewflow's own `execute` takes nothing.
        raw = name in RAW and call.args
        if rows_updated or raw or name in BULK | UNHEARD:
            yield function, name


def _calls(node: ast.AST, function: str) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        if isinstance(child, ast.Call):
            yield function, child
        yield from _calls(child, inside)


def our_files() -> Iterator[Path]:
    for app in (*OUR_APPS, "config"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_every_bulk_write_in_our_code_is_listed_and_every_listed_one_is_there():
    found = {
        (str(path.relative_to(ROOT)), function, name)
        for path in our_files()
        for function, name in writes_in(path.read_text(encoding="utf-8"))
        # What proves reads and watches by SQL; the triggers see whatever it would write.
        if not (path.parent.is_relative_to(ROOT / "audit") and name in RAW)
    }
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(rows): rows.update(name='x')", [("f", "update")]),
        ("def f(rows): rows.objects.bulk_create([1])", [("f", "bulk_create")]),
        (
            "def f(row): row.save_without_historical_record()",
            [("f", "save_without_historical_record")],
        ),
        ("class C:\n def g(self): self.rows.filter(a=1).update(**{'a': 2})", [("g", "update")]),
        ("with connection.cursor() as c: c.execute('DELETE FROM x')", [("", "execute")]),
        ("def f(d): d.update({'a': 1})", []),
        ("def f(h): h.update(b'x')", []),
        ("def f(row): row.save()", []),
        ("def f(activation): activation.execute()", []),
    ],
)
def test_writes_in_finds_what_goes_past_history(source, found):
    assert list(writes_in(source)) == found
