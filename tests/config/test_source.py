import io
import tarfile

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def names(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    reply = client.get("/source/")
    with tarfile.open(fileobj=io.BytesIO(b"".join(reply.streaming_content))) as archive:
        return archive.getnames()


def test_source_of_the_installation_is_offered_to_everybody(names):
    assert {"payung/manage.py", "payung/LICENSE", "payung/workflow/decisions.py"} <= set(names)


def test_source_holds_nothing_that_the_installation_keeps(names):
    kept = (".env", "var", "node_modules", ".git", "__pycache__")
    assert [name for name in names if any(part in kept for part in name.split("/"))] == []
