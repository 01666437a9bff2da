"""The triggers on PostgreSQL: three functions, and a trigger of each kind per table."""

from collections.abc import Iterator, Mapping
from typing import Any

from .tables import Watched

# Times read the same whatever time zone a session has chosen.
JOURNAL = """
CREATE OR REPLACE FUNCTION payung_journal() RETURNS trigger LANGUAGE plpgsql
SET timezone TO 'UTC' AS $body$
DECLARE
  who text := current_setting('payung.actor', true);
  here jsonb;
  secret text[] := TG_ARGV[2]::text[];
BEGIN
  IF coalesce(who, '') = '' THEN
    RAISE EXCEPTION 'payung: % was written without an actor', TG_TABLE_NAME;
  END IF;
  IF TG_OP = 'DELETE' THEN
    here := to_jsonb(OLD) - secret;
  ELSE
    here := to_jsonb(NEW) - secret;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - secret = here THEN
      RETURN NULL;
    END IF;
  END IF;
  INSERT INTO audit_journal (tx, relation, row_key, operation, actor, micros, content, digest)
  VALUES (pg_current_xact_id()::text::bigint, TG_TABLE_NAME, here->>TG_ARGV[0], left(TG_OP, 1),
          who::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
          CASE WHEN TG_ARGV[1] = 'kept' THEN here::text END,
          encode(sha256(convert_to(here::text, 'UTF8')), 'hex'));
  RETURN NULL;
END $body$"""
ONCE = """
CREATE OR REPLACE FUNCTION payung_once() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF EXISTS (SELECT 1 FROM audit_erasure
               WHERE relation = TG_TABLE_NAME AND row_key = to_jsonb(OLD)->>TG_ARGV[0]) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'payung: % is written once', TG_TABLE_NAME;
END $body$"""
NEVER_EMPTIED = """
CREATE OR REPLACE FUNCTION payung_keep() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'payung: % is never emptied', TG_TABLE_NAME;
END $body$"""
# One writer at a time finds the end of a chain; whoever waited reads what the other wrote.
HEAD = """
CREATE OR REPLACE FUNCTION payung_head(wanted text)
RETURNS TABLE (last bigint, digest varchar, now bigint) LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('payung:' || wanted, 0));
  RETURN QUERY
    SELECT found.sequence, found.hash,
           (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
    FROM (SELECT 1) AS always
    LEFT JOIN LATERAL (SELECT sequence, hash FROM audit_entry WHERE chain = wanted
                       ORDER BY sequence DESC LIMIT 1) AS found ON true;
END $body$"""
PREPARATION = (JOURNAL, ONCE, NEVER_EMPTIED, HEAD)

PRESENT = """
SELECT trigger.tgname, class.relname, trigger.tgenabled, pg_get_triggerdef(trigger.oid)
FROM pg_trigger AS trigger JOIN pg_class AS class ON class.oid = trigger.tgrelid
WHERE NOT trigger.tgisinternal AND trigger.tgname LIKE 'payung\\_%'
  AND class.relnamespace = current_schema()::regnamespace"""
BODIES = "SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'payung\\_%'"


def triggers(cursor: Any, table: Watched) -> Iterator[tuple[str, str]]:
    """Each trigger of a table with the statement that makes it."""
    name = table.table
    if table.journalled:
        events = "INSERT" if table.guarded else "INSERT OR DELETE OR UPDATE"
        kept, secret = ("kept" if table.kept else "hashed"), ",".join(table.secret)
        arguments = f"'{table.key}', '{kept}', '{{{secret}}}'"
        yield _row("payung_journal", name, f"AFTER {events}", f"payung_journal({arguments})")
    if table.guarded:
        yield _row("payung_once", name, "BEFORE DELETE OR UPDATE", f"payung_once('{table.key}')")
    yield (
        f"payung_keep {name}",
        f'CREATE TRIGGER payung_keep BEFORE TRUNCATE ON "{name}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION payung_keep()",
    )


def _row(trigger: str, table: str, when: str, call: str) -> tuple[str, str]:
    made = f'CREATE TRIGGER {trigger} {when} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {call}'
    return f"{trigger} {table}", made


def content(cursor: Any, table: Watched, row: str) -> str:
    """The SQL of a row as canonical JSON; the session keeps UTC, as Django sets it."""
    secret = ",".join(table.secret)
    return f"(to_jsonb({row}) - '{{{secret}}}'::text[])::text"


def digest(content: str) -> str:
    """The SQL of the hash of a content."""
    return f"encode(sha256(convert_to({content}, 'UTF8')), 'hex')"


def present(cursor: Any) -> list[tuple[str, str]]:
    """The names and tables of our triggers that are there."""
    cursor.execute(PRESENT)
    return [(name, table) for name, table, _enabled, _made in cursor.fetchall()]


def drop(name: str, table: str) -> str:
    """The statement that takes a trigger away."""
    return f'DROP TRIGGER "{name}" ON "{table}"'


def faulty(cursor: Any, wanted: Mapping[str, str]) -> set[str]:
    """The names of triggers that are missing, switched off, or are not what they should be."""
    cursor.execute(PRESENT)
    there = {}
    for name, table, enabled, made in cursor.fetchall():
        there[f"{name} {table}"] = made if enabled == "O" else "switched off"
    different = {
        name for name, made in wanted.items() if _plain(there.get(name, "")) != _plain(made)
    }
    return different | (there.keys() - wanted.keys()) | _other_bodies(cursor)


def _plain(definition: str) -> str:
    """A trigger's definition without the quotes and the schema that PostgreSQL puts in."""
    return definition.replace('"', "").replace(" public.", " ").replace("ON public.", "ON ")


def _other_bodies(cursor: Any) -> set[str]:
    cursor.execute(BODIES)
    there = dict(cursor.fetchall())
    found = set()
    for statement in PREPARATION:
        name = statement.partition("FUNCTION ")[2].partition("(")[0]
        body = statement.split("$body$")[1]
        if there.get(name) != body:
            found.add(name)
    return found
