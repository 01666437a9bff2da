"""Script and markup typed anywhere are words on every screen: nothing runs, nothing is drawn."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import User
from accounts.offices import today
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
)
from tests.regency import Record, person
from workflow.decisions import Act, decide
from workflow.walking import issue_now, walk

from .documents import pdf
from .site import backstage
from .stock import end_period, new_case, open_seat, seat_path, signer_of, small_record

pytestmark = pytest.mark.e2e

IMAGE = "<img src=x onerror=window.pwned=1>"
SCRIPT = "<script>window.pwned=1</script>"
CANARY = f"{SCRIPT}{IMAGE}\"'>"
# Texts that are codes, numbers and dates to the program, and ours to choose.
OURS = {"initiator", "assessor", "demo_state", "expansion", "_about", "initiator_type", "form"}
OURS |= {"owning_unit", "affair", "innovation_class", "kind", "conflict", "programme", "pillar"}
OURS |= {"owner_office", "custodian_office", "sub_activity", "source", "amount", "indicator"}
OURS |= {"baseline", "value", "realised", "score", "decision", "budget_need", "running_since"}
OURS |= {"document_date", "published_on", "jdih_address", "person_months", "measure"}
RAN = "() => window.pwned !== undefined"
DRAWN = "() => document.querySelectorAll('img[src=x], script:not([src])').length"


def poisoned(value: Any, key: str = "") -> Any:
    """The same record with the canary in every text that a person writes."""
    if isinstance(value, dict):
        return {name: poisoned(entry, name) for name, entry in value.items()}
    if isinstance(value, list):
        return [poisoned(entry, key) for entry in value]
    free = isinstance(value, str) and key not in OURS
    if not free or key.startswith(("target_", "item_", "score_")):
        return value
    return f"{CANARY} {value}" if len(value) > 60 else f"{IMAGE} {value}"


@pytest.fixture
def record() -> Record:
    made: Record = poisoned(small_record())
    return made


@pytest.fixture
def look(enter):
    """Looks at addresses as a person, and finds the canary as text."""

    def look(username, *addresses):
        page = enter(username)
        for where in addresses:
            page.goto(where)
            page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
            typed = page.evaluate(
                "() => [...document.querySelectorAll('input, textarea')].map(f => f.value).join()"
            )
            assert "<img src=x onerror" in page.inner_text("main") + typed, where
            assert page.evaluate(DRAWN) == 0, where
            assert not page.evaluate(RAN), where

    return look


def pages_of(case, *names):
    return [reverse(name, args=[case.innovation.code]) for name in names]


def test_hostile_proposal_remark_and_note_are_words_on_every_screen(look, record):
    case = new_case("alignment", record=record)
    seat = open_seat(case)
    official = signer_of(seat)
    look(official, "/", "/inbox/", seat_path(seat), *pages_of(case, "case", "case_history"))
    remarks = [("design", CANARY), ("evidence", CANARY)]
    with transaction.atomic():
        decide(person(official), case.code, seat.pk, Act("return", CANARY, remarks))

    look("bidan.kampit", "/", "/cases/", *pages_of(case, "case", "revise", "withdraw"))
    versions = list(case.innovation.history.values_list("pk", flat=True))
    pair = [min(versions), max(versions)]
    look("inspektur", reverse("case_diff", args=[case.code, "innovations.innovation", *pair]))


def test_hostile_records_of_all_stages_are_words_up_to_the_public_page(look, record):
    case = new_case("verification", record=record)
    for stage in ("alignment", "commitment", "drafting", "initialling", "signing"):
        with transaction.atomic():
            case = walk(case, record, until=stage)
        seat = open_seat(case)
        look(signer_of(seat), seat_path(seat))
    with transaction.atomic():
        case = walk(case, record)
    instrument = backstage(issue_now, case)
    seat = open_seat(case)
    look(signer_of(seat), seat_path(seat))
    with transaction.atomic():
        case = walk(case, record)

    look("", reverse("verify", args=[instrument.token]))
    look("inspektur", *pages_of(case, "case", "case_history"))
    monitoring = end_period(case)
    for stage in ("report", "evaluation", "decision"):
        with transaction.atomic():
            monitoring = walk(monitoring, record, until=stage)
        seat = open_seat(monitoring)
        look(signer_of(seat), seat_path(seat))


def test_hostile_letters_names_and_titles_are_words_in_the_register(look):
    office = OfficeFactory(title=f"Kepala {IMAGE}", unit=UnitFactory(name=f"Dinas {IMAGE}"))
    who = {"name_plain": f"Siti {IMAGE}", "home_unit": office.unit}
    held = AppointmentFactory(office=office, user=UserFactory(**who), basis_number=IMAGE)
    given = DelegationFactory(principal=held, delegate=UserFactory(**who), basis_number=IMAGE)
    ended = {"revoked_at": timezone.now(), "revoked_by": held.user, "revocation_reason": CANARY}
    DelegationFactory(principal=held, end=today(), **ended)

    look(held.user.username, "/authority/", reverse("delegation_end", args=[given.pk]))
    look(given.delegate.username, "/authority/")
    look(
        "admin",
        f"/administration/people/?q={IMAGE}",
        "/administration/units/",
        reverse("person_edit", args=[held.user_id]),
        reverse("unit_edit", args=[office.unit_id]),
        reverse("office", args=[office.pk]),
        reverse("appointment_new", args=[office.pk]),
        reverse("appointment_end", args=[held.pk]),
    )


def test_hostile_names_of_people_and_files_are_words_in_the_editor(enter, tmp_path):
    with acting_as(User.objects.system()):
        companion = UserFactory(name_plain=f"Budi {IMAGE}")
    page = enter("kader")
    page.goto("/proposals/new/")

    page.fill("#people-search", "Budi <img")
    page.locator(f"[role=option][data-id='{companion.pk}']").click()
    page.locator(f".chip:has([value='{companion.pk}'])").wait_for()
    harmful = pdf(tmp_path, "x.pdf")
    page.set_input_files(
        "#file-support",
        {"name": f"{IMAGE}.pdf", "mimeType": "application/pdf", "buffer": harmful.read_bytes()},
    )
    page.locator(".file-row").wait_for()

    assert IMAGE in page.locator(".chip [data-name]").first.inner_text()
    assert "onerror" in page.locator(".file-row strong").inner_text()
    assert page.evaluate(DRAWN) == 0
    assert not page.evaluate(RAN)
