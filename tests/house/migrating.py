"""Another process that takes a database to a state of its schema and works on the rows of then.

`python -m tests.house.migrating '[["approvals", "0002_calendar"]]' tests.approvals.old_rows.plant`
An empty list is the newest state. What the function returns is printed as JSON.
"""

import json
import os
import subprocess
import sys
from typing import Any

Target = tuple[str, str]


def at(url: str, targets: list[Target], function: str) -> Any:
    """Migrate the database there, forward or back, and call a function with its models of then."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.house.migrating", json.dumps(targets), function],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-4_000:]
    return json.loads(told.stdout)


def _main(targets: list[Target], function: str) -> None:
    import django

    django.setup()
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader
    from django.utils.module_loading import import_string

    from audit import triggers

    # As `migrate` does before it begins.
    triggers.remove(connection)
    executor = MigrationExecutor(connection)
    executor.migrate(targets or executor.loader.graph.leaf_nodes())
    loader = MigrationLoader(connection)
    applied = [key for key in loader.applied_migrations if key in loader.graph.nodes]
    with transaction.atomic():
        found = import_string(function)(loader.project_state(applied).apps)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _main([tuple(target) for target in json.loads(sys.argv[1])], sys.argv[2])
