"""The page on which one decides, and those that undo and mend: who may, and what is kept."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import Appointment, Office
from accounts.offices import today
from approvals.models import Lapse, Override, Seat, SignOff
from notifications.models import Message
from tests.accounts.factories import AppointmentFactory, DelegationFactory
from tests.regency import person
from workflow.decisions import take_up
from workflow.declarations import declare
from workflow.models import SavedView

from .filling import answered, asked, fresh, signed, waiting

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["completeness", "drafting", "initialling", "signing"]
CLERK, COLLEAGUE = "sekretariat-inovasi-1", "sekretariat-inovasi-2"


@pytest.fixture
def visitor(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def enter(username):
        client.force_login(person(username))
        return client

    return enter


def holder(office):
    return Appointment.objects.get(office__code=office, end=None).user


def page_of_seat(seat, name="act"):
    return reverse(name, args=[seat.case_code, seat.pk])


def text(page):
    return page.content.decode()


# ---- taking up and over ----


def test_shared_work_is_taken_up_and_the_others_see_it(at, visitor):
    seat = waiting(at("completeness"), CLERK)
    clerk = visitor(holder(CLERK).username)
    assert "Take it up" in text(clerk.get(page_of_seat(seat)))

    page = clerk.post(page_of_seat(seat, "take_up"), follow=True)

    assert "You have been working on this since" in text(page)
    other = waiting(at("completeness"), COLLEAGUE)
    page = visitor(holder(COLLEAGUE).username).get(page_of_seat(other))
    assert page.context["claimed"] is True
    assert f"{holder(CLERK).get_short_name()} has been working on this since" in text(page)
    assert "Take it over" in text(page)


def test_taking_over_tells_the_colleague(at, visitor):
    case = at("completeness")
    take_up(holder(CLERK), case.code, waiting(case, CLERK).pk)
    other = waiting(case, COLLEAGUE)
    colleague = visitor(holder(COLLEAGUE).username)

    refused = colleague.post(page_of_seat(other, "take_up"), follow=True)
    assert refused.context["claimed"] is True
    page = colleague.post(page_of_seat(other, "take_up"), {"over": "1"}, follow=True)

    assert page.context["allowed"] is True
    (message,) = Message.objects.filter(event="taken_over")
    assert message.recipient == holder(CLERK)
    assert message.params["person"] == holder(COLLEAGUE).get_short_name()
    assert not Seat.objects.filter(claimed_by=holder(CLERK)).exists()


def test_work_of_one_office_is_not_offered_to_be_taken_up(at, visitor):
    seat = waiting(at("initialling"), "kepala-bappelitbangda")

    assert "Take it up" not in text(visitor("bappelitbangda").get(page_of_seat(seat)))


def test_answer_beside_a_colleague_keeps_what_was_typed_and_takes_over_when_sent_again(at, visitor):
    case = at("drafting")
    seat, other = waiting(case, "perancang-hukum-1"), waiting(case, "perancang-hukum-2")
    take_up(asked(case, other), case.code, other.pk)
    drafter = visitor(asked(case, seat).username)
    typed = {"outcome": "send_back", "note": "Angkanya keliru."}

    page = drafter.post(page_of_seat(seat), typed)

    assert page.status_code == 409
    assert "has been working on this since" in text(page)
    assert "Angkanya keliru.</textarea>" in text(page)
    drafter.post(page_of_seat(seat), typed | {"over": "1"})
    assert SignOff.objects.get(seat=seat).note == "Angkanya keliru."
    assert Message.objects.filter(event="taken_over", recipient=asked(case, other)).exists()


# ---- why not ----


@pytest.mark.parametrize(
    ("username", "sentence"),
    [
        ("inspektur", "Today "),
        (
            "bidan.kampit",
            "You are the initiator or its caretaker: nobody signs on their own innovation.",
        ),
    ],
)
def test_page_says_first_why_one_cannot_decide_and_then_seat_by_seat(
    at, visitor, username, sentence
):
    case = at("completeness")
    page = visitor(username).get(page_of_seat(waiting(case, CLERK)))

    assert page.context["why_not"].sentence.startswith(sentence)
    assert [one.seat.office.code for one in page.context["explained"]] == [CLERK, COLLEAGUE]
    assert "Seat by seat" in text(page)


def test_case_page_gives_the_same_answer(at, visitor):
    case = at("completeness")

    page = visitor("bidan.kampit").get(reverse("case", args=[case.code]))

    assert page.context["overall"].rule == "initiator"
    assert page.context["overall"].sentence in text(page).replace("&#x27;", "'")


# ---- taking back ----


def test_signer_takes_the_own_answer_back_with_a_reason(at, visitor):
    case = at("initialling")
    seat = waiting(case, "kepala-bappelitbangda")
    answered(person("bappelitbangda"), seat)
    head = visitor("bappelitbangda")
    path = page_of_seat(seat, "take_back")
    assert path in text(head.get(page_of_seat(seat)))
    assert path in text(head.get(reverse("case", args=[case.code])))

    refused = head.post(path, {"reason": " "})
    assert refused.status_code == 422
    assert "Reason: say in a sentence why you take your answer back." in text(refused)
    page = head.post(path, {"reason": "Angka keliru."}, follow=True)

    assert page.context["allowed"] is True
    assert Lapse.objects.get(sign_off__seat=seat).reason == "Angka keliru."
    assert Seat.objects.get(pk=seat.pk).state == Seat.State.OPEN


def test_answer_of_somebody_else_is_not_offered_and_not_taken_back(at, visitor):
    case = at("initialling")
    seat = waiting(case, "kepala-bappelitbangda")
    answered(person("bappelitbangda"), seat)
    path = page_of_seat(seat, "take_back")
    reader = visitor("inspektur")

    assert path not in text(reader.get(reverse("case", args=[case.code])))
    assert reader.post(path, {"reason": "x"}).status_code == 403


# ---- where somebody is missing ----


@pytest.fixture
def stalled(at):
    """A stage whose only signer stepped back, with nobody above."""
    case = at("signing")
    seat = waiting(case, "bupati")
    declare(asked(case, seat), case.code, seat.pk, kind="recuse", sentence="Kerabat.")
    return case, seat


def test_stage_that_lacks_somebody_says_so_and_the_secretariat_names_another(stalled, visitor):
    case, seat = stalled
    path = page_of_seat(seat, "replacement")
    assert "cannot go on: nobody may sign for" in text(
        visitor("inspektur").get(reverse("case", args=[case.code]))
    )
    clerk = visitor(holder(CLERK).username)
    assert path in text(clerk.get(reverse("case", args=[case.code])))

    deputy = Office.objects.get(code="wakil-bupati")
    assert "Office: Choose the office" in text(clerk.post(path, {"reason": "Sesuai surat."}))
    kept = clerk.post(path, {"office": deputy.pk, "reason": ""})
    assert kept.status_code == 422
    assert f'value="{deputy.pk}" selected' in text(kept)
    clerk.post(path, {"office": deputy.pk, "reason": "Sesuai surat."})

    moved = Seat.objects.get(pk=seat.pk)
    assert (moved.office, moved.moved_because) == (deputy, "Sesuai surat.")


def test_office_that_may_not_sign_either_is_refused_with_the_reason(stalled, visitor):
    _case, seat = stalled
    clerk = visitor(holder(CLERK).username)

    page = clerk.post(
        page_of_seat(seat, "replacement"), {"office": seat.office_id, "reason": "Lagi."}
    )

    assert page.status_code == 422
    assert "Choose another one." in text(page)


def test_nobody_but_the_secretariat_names_a_replacement(stalled, visitor):
    case, seat = stalled
    deputy = Office.objects.get(code="wakil-bupati")
    head = visitor("hukum")

    assert page_of_seat(seat, "replacement") not in text(
        head.get(reverse("case", args=[case.code]))
    )
    answer = head.post(
        page_of_seat(seat, "replacement"), {"office": deputy.pk, "reason": "Sesuai surat."}
    )
    assert answer.status_code == 403


# ---- a letter for a mandate ----


@pytest.fixture
def acting(at):
    """The signing stage while somebody acts for the regent by mandate."""
    case = at("signing")
    AppointmentFactory(
        user=person("warga"),
        office=Office.objects.get(code="bupati"),
        capacity=Appointment.Capacity.DAILY_ACTING,
        start=today(),
        end=today(),
    )
    return case, waiting(case, "bupati")


def test_head_of_the_legal_section_records_the_letter(acting, visitor):
    case, seat = acting
    path = page_of_seat(seat, "override")
    head = visitor("hukum")
    assert path in text(head.get(reverse("case", args=[case.code])))

    typed = {"basis_number": "100.3/7/2026", "basis_date": "", "reason": "Diizinkan gubernur."}
    kept = head.post(path, typed)
    assert kept.status_code == 422
    assert "100.3/7/2026" in text(kept)
    tomorrow = today() + datetime.timedelta(days=1)
    late = head.post(path, typed | {"basis_date": tomorrow.isoformat()})
    assert "a letter cannot be of a later day" in text(late)
    head.post(path, typed | {"basis_date": today().isoformat()})

    assert Override.objects.get().basis_number == "100.3/7/2026"
    assert path not in text(head.get(reverse("case", args=[case.code])))


def test_others_are_not_offered_to_record_the_letter(acting, visitor):
    case, seat = acting
    path = page_of_seat(seat, "override")
    reader = visitor("inspektur")

    assert path not in text(reader.get(reverse("case", args=[case.code])))
    typed = {"basis_number": "1", "basis_date": today().isoformat(), "reason": "x"}
    assert reader.post(path, typed).status_code == 403


# ---- an ended case ----


def test_secretariat_opens_an_ended_case_anew(at, visitor):
    case = signed(at("completeness"), "reject", office=CLERK)
    path = reverse("reopen", args=[case.code])
    assert path not in text(visitor("inspektur").get(reverse("case", args=[case.code])))
    assert visitor("inspektur").post(path, {"reason": "x"}).status_code == 403
    clerk = visitor(holder(COLLEAGUE).username)
    assert path in text(clerk.get(reverse("case", args=[case.code])))

    assert clerk.post(path, {"reason": ""}).status_code == 422
    clerk.post(path, {"reason": "Syarat sudah terpenuhi."})

    assert fresh(case).stage == "revision"


def test_running_case_cannot_be_opened_anew(at, visitor):
    case = at("completeness")
    clerk = visitor(holder(CLERK).username)

    answer = clerk.post(reverse("reopen", args=[case.code]), {"reason": "x"})

    assert answer.status_code == 409
    assert reverse("reopen", args=[case.code]) not in text(
        clerk.get(reverse("case", args=[case.code]))
    )


# ---- the inbox around it ----


def test_delegate_reads_and_decides_what_waits_for_the_principal(at, visitor):
    case = at("initialling")
    seat = waiting(case, "kepala-bappelitbangda")
    principal = Appointment.objects.get(office=seat.office, end=None)
    DelegationFactory(principal=principal, delegate=person("warga"), start=today(), end=today())
    delegate = visitor("warga")

    page = delegate.get(page_of_seat(seat))
    assert page.context["allowed"] is True
    delegate.post(page_of_seat(seat), {"outcome": "approve", "seen": page.context["seen"]})

    assert SignOff.objects.get(seat=seat).capacity.startswith("a.n. ")


def test_answer_leads_to_the_next_item_with_the_filters_kept(at, visitor):
    seat = waiting(at("initialling"), "kepala-bappelitbangda")
    head = visitor("bappelitbangda")
    path = page_of_seat(seat) + "?stage=initialling&late=&elsewhere=1"

    answer = head.post(path, {"outcome": "approve"})

    assert answer.url == reverse("case", args=[seat.case_code])


def test_right_side_comes_alone_where_the_list_stays(at, visitor):
    seat = waiting(at("initialling"), "kepala-bappelitbangda")

    page = visitor("bappelitbangda").get(page_of_seat(seat), headers={"hx-request": "true"})

    assert text(page).lstrip().startswith("<title>")
    assert "data-inbox" not in text(page)
    assert 'id="pane"' in text(page)


def test_batch_page_shows_does_and_records_refusals(at, visitor):
    seat = waiting(at("initialling"), "kepala-bappelitbangda")
    path = reverse("batch")
    head = visitor("bappelitbangda")
    page = head.get(path)
    (ready,) = page.context["ready"]
    typed = {"seat": [str(seat.pk)], f"seen-{seat.pk}": ready.seen}

    assert head.post(path, {}).status_code == 422
    page = head.post(path, typed)
    again = head.post(path, typed)

    assert [one.kind for one in page.context["results"]] == ["approved"]
    assert [one.kind for one in again.context["results"]] == ["repeated"]
    other = visitor("inspektur").post(path, typed)
    assert other.context["results"][0].kind == "faster"


def test_views_are_kept_listed_renamed_and_deleted(at, visitor):
    head = visitor("bappelitbangda")
    page = head.post(
        reverse("saved_views"), {"name": "Parafku", "stage": "initialling", "view": ""}, follow=True
    )
    assert page.redirect_chain[-1][0] == f"{reverse('inbox')}?stage=initialling"
    assert [one["open"] for one in page.context["saved"]] == [True]
    refused = head.post(reverse("saved_views"), {"name": " ", "stage": "signing"})
    assert refused.status_code == 422
    assert 'name="stage" value="signing"' in text(refused)
    view = SavedView.objects.get()

    head.post(reverse("saved_view", args=[view.pk]), {"name": "Lain"})
    assert SavedView.objects.get().name == "Lain"
    wrong = head.post(reverse("saved_view", args=[view.pk]), {"name": ""})
    assert wrong.status_code == 422
    visitor("inspektur").post(reverse("saved_view", args=[view.pk]), {"delete": "1"})
    assert SavedView.objects.exists()
    visitor("bappelitbangda").post(reverse("saved_view", args=[view.pk]), {"delete": "1"})
    assert not SavedView.objects.exists()
