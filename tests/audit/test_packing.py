import json
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts.acting import acting_as
from accounts.files.storage import store
from accounts.models import Office
from approvals.refusals import NotAllowed
from audit import case_report, packing
from audit.auditors import INSPECTORATE
from audit.case_report import report_html
from audit.kinds import Kind
from audit.models import Entry, EvidencePack
from audit.offline import verify
from audit.packed_case import PackedCase
from innovations.models import Evidence
from tests.accounts.factories import AppointmentFactory, OfficeFactory, system_account
from tests.audit.factories import story
from tests.notifications.factories import UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.postgresql_by_day, pytest.mark.django_db]
PDF = b"%PDF-1.7 satu halaman"


@pytest.fixture
def auditor(settings, tmp_path, checkpoint_key):
    """Somebody who audits; packs and files lie in a folder of the test."""
    settings.PACKS_DIR, settings.MEDIA_ROOT = tmp_path / "packs", tmp_path / "files"
    office = Office.objects.filter(unit__code=INSPECTORATE).first()
    office = office or OfficeFactory(unit__code=INSPECTORATE, sees_all_cases=True)
    return AppointmentFactory(user=UserFactory(username="auditor"), office=office).user


@pytest.fixture
def told():
    """The story of a case, with a file that somebody handed in."""
    found = story()
    with acting_as(found.initiator):
        Evidence.objects.create(
            innovation=found.case.innovation,
            kind="support",
            title="Foto",
            name="foto loket.pdf",
            file=store(PDF, media_type="application/pdf"),
        )
    return found


def ask(actor, *codes):
    with transaction.atomic():
        return packing.ask_for_pack(actor, codes)


def made(pack):
    packing.make_pack.call(pack.pk)
    pack.refresh_from_db()
    return pack


def faults(pack):
    said = verify.checked(packing.place_of(pack).path)
    return {word for mark, word, _facts in said if mark == "no"}


def exports():
    entries = Entry.objects.filter(kind=Kind.EXPORT).order_by("pk")
    return [json.loads(payload) for payload in entries.values_list("payload", flat=True)]


def test_pack_holds_report_data_files_ledger_and_proof(auditor, told):
    pack = made(ask(auditor, told.case.code))
    assert (pack.state, pack.packed, pack.reason) == ("ready", 1, "")
    assert faults(pack) == set()
    code = told.case.innovation.code
    with zipfile.ZipFile(packing.place_of(pack).path) as found:
        names = [name for name in found.namelist() if "/files/" not in name]
        file = next(name for name in found.namelist() if "/files/" in name)
        assert found.read(file) == PDF
        assert found.read(f"cases/{code}/report.pdf").startswith(b"%PDF-")
        data = json.loads(found.read(f"cases/{code}/case.json"))
    chains = PackedCase(told.case.innovation).chains
    assert names == [
        "verify.py",
        "BACA-SAYA.txt",
        f"cases/{code}/report.pdf",
        f"cases/{code}/case.json",
        "manifest.json",
        "proof.json",
        *(f"ledger/{chain}.json" for chain in chains),
    ]
    assert file.endswith("-foto_loket.pdf")
    versions = data["rows"]["innovations.Innovation"]
    assert [version["values"]["name"] for version in versions] == ["Sirup Pala", "Sirup Pala Maju"]
    assert data["files"][0]["name"] == "foto loket.pdf"


def test_asking_making_and_taking_a_pack_are_entries(auditor, told, client):
    pack = made(ask(auditor, told.case.code))
    client.force_login(auditor)
    taken = client.get(reverse("audit_pack_file", args=[pack.token]))
    assert taken.getvalue() == packing.place_of(pack).path.read_bytes()
    asked, *others = exports()
    assert asked["row"][0] == "audit.EvidencePack"
    assert [set(other) - {"pack", "with"} for other in others] == [
        {"state", "sha256"},
        {"manifest", "asked_by"},
        {"state", "sha256"},
        {"taken"},
    ]
    assert others[-1]["taken"] == pack.sha256 == others[-2]["sha256"]


def test_report_tells_differences_and_escapes_what_people_wrote(told):
    with acting_as(told.initiator):
        told.case.innovation.problem = "<script>alert(1)</script>"
        told.case.innovation.save()
    page = report_html(PackedCase(told.case.innovation), "Auditor")
    assert "<script>" not in page
    assert "<del>Sirup Pala</del>" in page
    assert "<ins>Sirup Pala Maju</ins>" in page


def test_report_that_cannot_be_laid_out_is_packed_as_a_page(auditor, told, monkeypatch):
    monkeypatch.setattr(case_report, "SECONDS", 0)
    pack = made(ask(auditor, told.case.code))
    assert faults(pack) == set()
    with zipfile.ZipFile(packing.place_of(pack).path) as found:
        assert f"cases/{told.case.innovation.code}/report.html" in found.namelist()


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_file_that_is_gone_or_changed_is_told(auditor, told, damage):
    evidence = Evidence.objects.get(innovation=told.case.innovation)
    place = evidence.file.location
    place.unlink()
    if damage == "changed":
        place.write_bytes(b"%PDF-1.7 lain")
    pack = made(ask(auditor, told.case.code))
    assert pack.state == "ready"
    assert faults(pack) == {"file_lost"}


def test_many_cases_are_packed_in_parts(auditor, told, monkeypatch):
    other = story()
    pack = ask(auditor, told.case.code, other.case.code)
    monkeypatch.setattr(packing, "SECONDS_AT_A_TIME", -1)
    made(pack)
    assert (pack.state, pack.packed) == ("packing", 0)
    assert DBTaskResult.objects.count() == 2
    monkeypatch.setattr(packing, "SECONDS_AT_A_TIME", 60)
    made(pack)
    assert (pack.state, pack.packed) == ("ready", 2)
    assert faults(pack) == set()


def test_part_that_was_cut_off_is_begun_anew(auditor, told):
    pack = ask(auditor, told.case.code)
    part = packing.place_of(pack, ".part")
    part.path.write_bytes(b"PK half a file")
    made(pack)
    assert (pack.state, faults(pack)) == ("ready", set())
    assert not part.path.exists()


def test_pack_is_made_once(auditor, told):
    pack = made(ask(auditor, told.case.code))
    before = exports()
    assert made(pack).sha256 == pack.sha256
    assert exports() == before


def test_pack_without_a_key_fails_with_the_reason(auditor, told, settings, tmp_path):
    settings.AUDIT_KEY_DIR = tmp_path / "none"
    pack = made(ask(auditor, told.case.code))
    assert pack.state == "failed"
    assert "checkpoint_key" in pack.reason
    assert list(settings.PACKS_DIR.iterdir()) == []


def test_old_packs_are_removed_and_newer_ones_kept(auditor, told):
    old, new = (made(ask(auditor, told.case.code)) for _turn in range(2))
    with acting_as(system_account()):
        old.asked_at -= packing.KEPT
        old.save()
    packing.remove_old_packs()
    assert [packing.is_kept(pack) for pack in (old, new)] == [False, True]


def test_only_auditors_ask(auditor, told):
    with pytest.raises(NotAllowed):
        ask(told.initiator, told.case.code)


@pytest.mark.parametrize("codes", [[], ["TIDAK-ADA"], [f"X-{number}" for number in range(201)]])
def test_wrong_codes_are_refused_with_a_sentence(auditor, codes):
    with pytest.raises(ValidationError) as refused:
        ask(auditor, *codes)
    assert list(refused.value.message_dict) == ["codes"]
    assert EvidencePack.objects.count() == 0


def test_codes_are_typed_in_any_way_and_kept_where_one_is_wrong(auditor, told, client):
    client.force_login(auditor)
    code = told.case.code
    wrong = client.post(reverse("audit_packs"), {"codes": f"{code}, tidak-ada"})
    assert wrong.status_code == 422
    assert f"{code}, tidak-ada" in wrong.content.decode()
    right = client.post(reverse("audit_packs"), {"codes": f" {code.lower()};\n{code}"})
    pack = EvidencePack.objects.get()
    assert right.url == reverse("audit_pack", args=[pack.token])
    assert pack.codes == [told.case.innovation.code]


def test_page_of_a_pack_waits_then_offers_it(auditor, told, client):
    client.force_login(auditor)
    pack = ask(auditor, told.case.code)
    address = reverse("audit_pack", args=[pack.token])
    file = reverse("audit_pack_file", args=[pack.token])
    assert reverse("audit_pack_state", args=[pack.token]) in client.get(address).content.decode()
    assert client.get(file).status_code == 404
    made(pack)
    assert file in client.get(address).content.decode()
