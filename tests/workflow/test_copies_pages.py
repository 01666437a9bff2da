"""Copies on the screen: who sees them, who certifies, and how a failure is mended."""

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts.acting import acting_as
from legal_basis.jobs import make_copy
from legal_basis.models import CertifiedCopy
from tests.accounts.factories import system_account
from tests.accounts.files import samples
from tests.innovations.factories import AppointmentFactory, OfficeFactory, UserFactory
from tests.legal_basis.factories import head_of_legal_section, issued, system, with_case

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


@pytest.fixture
def instrument(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return with_case(issued(samples.pdf()))


@pytest.fixture
def enter(client, instrument):
    """The head of the legal section, whose office sees every case."""

    def entered(user=None):
        head = head_of_legal_section()
        client.cookies["django_language"] = "en"
        with acting_as(system()):
            head.office.sees_all_cases = True
            head.office.save()
            client.force_login(user or head.user)
        return client

    return entered


def test_copy_is_certified_made_and_downloaded(enter, instrument):
    client, address = enter(), reverse("copies", args=[instrument.token])
    client.post(address, {"kind": "copy", "recipient": "<b>Puskesmas</b>"})
    copy = CertifiedCopy.objects.get()
    waiting = client.get(address).content.decode()
    assert "Being made." in waiting
    assert "&lt;b&gt;Puskesmas&lt;/b&gt;" in waiting
    file = reverse("copy_file", args=[instrument.token, copy.serial])
    assert client.get(file).status_code == 404
    with acting_as(system()):
        copy.document = instrument.document
        copy.save()
    answer = client.get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith('attachment; filename="copy-1-')


def test_excerpt_of_nothing_is_refused_with_what_was_typed(enter, instrument):
    address = reverse("copies", args=[instrument.token])
    answer = enter().post(address, {"kind": "excerpt", "recipient": "Puskesmas Kampit"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose at least one" in html
    assert "Puskesmas Kampit" in html
    assert not CertifiedCopy.objects.exists()


def test_failed_copy_says_why_and_is_handed_to_the_worker_again(enter, instrument):
    client, address = enter(), reverse("copies", args=[instrument.token])
    client.post(address, {"kind": "copy"})
    with acting_as(system_account()):
        CertifiedCopy.objects.update(failure="Laying it out took longer than 60 seconds.")
    assert "took longer than 60 seconds" in client.get(address).content.decode()
    before = queued()
    client.post(reverse("copy_retry", args=[instrument.token, 1]))
    assert queued() == before + 1


def queued() -> int:
    return DBTaskResult.objects.filter(task_path=make_copy.module_path).count()


def test_who_sees_the_case_reads_but_does_not_certify(enter, instrument):
    with acting_as(system()):
        office = OfficeFactory(sees_all_cases=True)
        reader = UserFactory(username="pembaca")
        AppointmentFactory(user=reader, office=office)
    client, address = enter(reader), reverse("copies", args=[instrument.token])
    assert '<form method="post" novalidate' not in client.get(address).content.decode()
    assert client.post(address, {"kind": "copy"}).status_code == 403
    assert not CertifiedCopy.objects.exists()


def test_stranger_is_told_that_there_is_none(enter, instrument):
    with acting_as(system()):
        stranger = UserFactory(username="tamu")
    assert enter(stranger).get(reverse("copies", args=[instrument.token])).status_code == 404
