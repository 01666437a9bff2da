import json
import zipfile
from pathlib import Path

import pytest
from django.db import transaction

from accounts.acting import acting_as
from audit import packing
from audit.models import EvidencePack
from tests.regency import case_at, person
from tests.workflow.conftest import regency  # noqa: F401

pytestmark = pytest.mark.integration


@pytest.fixture
def pack(regency, db, settings, tmp_path, checkpoint_key):  # noqa: F811
    settings.PACKS_DIR = tmp_path / "packs"
    case = case_at("done")
    inspector = person("inspektur")
    with transaction.atomic():
        pack = packing.ask_for_pack(inspector, [case.code])
    import time

    t = time.time()
    packing.make_pack.call(pack.pk)
    print("took", time.time() - t)
    pack.refresh_from_db()
    return pack


def test_pack(pack, tmp_path):
    import subprocess, sys, shutil

    assert pack.state == "ready", pack.reason
    path = packing.place_of(pack).path
    shutil.copy(path, "/tmp/pack.zip")
    out = subprocess.run(
        [sys.executable, "-I", "audit/offline/verify.py", str(path)], capture_output=True, text=True
    )
    print(out.stdout, out.stderr)
    assert out.returncode == 0
