"""kill -9 before every statement, before COMMIT and right after it."""

from typing import Any

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("transactional_db")]


def _deliver_quietly() -> None:
    """Deliver what the journey before has left behind."""
    from django_tasks_db.models import DBTaskResult

    from notifications.delivery import deliver_pending

    while deliver_pending():
        pass
    DBTaskResult.objects.all().delete()


def told_by(act: Any) -> list[tuple[str, str]]:
    """The messages that are new after `act` and the catching up."""
    from notifications.models import Message
    from tests.crash.sweep import catch_up, mailed

    _deliver_quietly()
    before = set(Message.objects.values_list("pk", flat=True))
    act()
    catch_up()
    fresh = Message.objects.exclude(pk__in=before)
    assert mailed() == sorted(fresh.values_list("recipient__email", flat=True))
    return sorted(fresh.values_list("event", "recipient__username"))


def deciding(seat: Any) -> Any:
    """The act of approving a seat, by whoever holds it."""
    from django.db import transaction

    from workflow.decisions import Act, decide

    def act() -> Any:
        with transaction.atomic():
            return decide(seat.signer, seat.row.case_code, seat.row.pk, Act("approve"))

    return act


def swept(act: Any, kills: list[int]) -> Any:
    from tests.crash.sweep import kill_at_every_step

    return lambda: kills.append(kill_at_every_step(act))


def unchanged_by(act: Any) -> bool:
    from tests.crash.state import state

    before = state()
    act()
    return state() == before


def test_file_of_a_draft_is_there_or_is_not():
    from django.core.files.base import ContentFile

    from accounts.models import StoredFile
    from innovations.drafts import attach_file
    from tests.crash.state import files
    from tests.crash.sweep import kill_at_every_step_of_many
    from tests.volley.cases import draft_to_submit
    from workflow.cover_sheet import cover_sheet

    draft, about = draft_to_submit(), {"kind": "support", "title": "Berita acara"}
    there = draft.files.count()

    def act() -> None:
        if draft.files.count() == there:
            content = cover_sheet([f"Berita acara {draft.pk}"])
            attach_file(draft.owner, draft, ContentFile(content, name="berita.pdf"), about)

    kills, _commits = kill_at_every_step_of_many(act)

    assert kills > 10
    assert draft.files.count() == there + 1
    assert files() == set(StoredFile.objects.values_list("path", flat=True))


def test_submission_is_there_or_is_not():
    from django.db import transaction

    from tests.volley.cases import draft_to_submit
    from workflow.models import Case
    from workflow.submission import submit

    draft, kills = draft_to_submit(), []

    def act() -> Any:
        with transaction.atomic():
            return submit(draft.owner, draft)

    told = told_by(swept(act, kills))

    case = Case.objects.get(innovation__name=draft.data["name"])
    assert kills[0] > 50
    assert [seat.state for seat in case.seats.all()] == ["open", "open"]
    assert case.innovation.evidence.count() == draft.files.count()
    assert told == [("seat_opened", "sekretariat"), ("seat_opened", "sekretariat2")]
    draft.refresh_from_db()
    assert unchanged_by(act)


def test_sign_off_that_completes_a_stage_is_there_or_is_not():
    from approvals.models import SignOff
    from legal_basis.models import Instrument
    from planning.models import Commitment
    from tests.volley.cases import new_case, seat_of, sign_until

    case, kills = new_case("commitment"), []
    seat = sign_until(case, "sekda")
    act = deciding(seat)

    told = told_by(swept(act, kills))

    case.refresh_from_db()
    assert kills[0] > 50
    assert case.stage == "drafting"
    assert SignOff.objects.filter(seat=seat.row).count() == 1
    assert Commitment.objects.get(innovation=case.innovation).status == "reserved"
    assert Instrument.objects.filter(innovation=case.innovation).count() == 1
    assert seat_of(case).row.stage == "drafting"
    assert told == [
        ("seat_opened", "perancang1"),
        ("seat_opened", "perancang2"),
        ("stage_passed", "bidan.kampit"),
    ]
    assert unchanged_by(act)


def test_signing_takes_its_number_or_does_not():
    from django_tasks_db.models import DBTaskResult

    from legal_basis.models import Instrument, RegisterEntry
    from tests.crash.sweep import kill_at_every_step
    from tests.volley.cases import new_case, seat_of

    case = new_case("signing")
    act = deciding(seat_of(case))

    assert kill_at_every_step(act) > 50

    instrument = Instrument.objects.get(innovation=case.innovation)
    entry = RegisterEntry.objects.get(instrument=instrument)
    assert (instrument.status, instrument.number) == ("numbered", entry.number)
    assert register_is_whole()
    jobs = DBTaskResult.objects.filter(task_path="legal_basis.jobs.issue_instrument")
    assert [job.args_kwargs["args"] for job in jobs] == [[instrument.pk]]
    assert unchanged_by(act)


def test_document_is_issued_once_with_its_number_whenever_the_worker_dies():
    from accounts.models import StoredFile
    from legal_basis import issuing
    from legal_basis.models import Instrument
    from legal_basis.validation import Indication, verdict
    from tests.crash.state import files
    from tests.crash.sweep import kill_at_every_step_of_many
    from tests.volley.cases import new_case, seat_of

    # The first one loads what rendering and signing need, so that no child has to.
    new_case("publication")
    case = new_case("signing")
    deciding(seat_of(case))()
    instrument = Instrument.objects.get(innovation=case.innovation)
    stored = StoredFile.objects.count()

    kills: list[tuple[int, int]] = []
    told = told_by(
        lambda: kills.append(kill_at_every_step_of_many(lambda: issuing.issue(instrument.pk)))
    )

    number, instrument = instrument.number, Instrument.objects.get(pk=instrument.pk)
    (count, commits) = kills[0]
    assert count > 20
    assert commits == 2, "the print, and the issued document"
    assert (instrument.status, instrument.number) == ("issued", number)
    assert instrument.entries.get().status == "issued"
    assert register_is_whole()
    assert verdict(instrument.document.read()).verdict == Indication.PASSED
    assert StoredFile.objects.count() == stored + 2
    assert files() == set(StoredFile.objects.values_list("path", flat=True))
    assert told == [
        ("instrument_issued", "bidan.kampit"),
        *(("seat_opened", username) for username in ("hukum", "perancang1", "perancang2")),
    ]


@pytest.mark.nightly
def test_document_of_two_signers_is_issued_once_whenever_the_worker_dies():
    from accounts.acting import acting_as
    from accounts.models import Office, StoredFile, User
    from accounts.offices import holder_of, today
    from legal_basis import issuing
    from legal_basis.models import Instrument
    from legal_basis.validation import Indication, verdict
    from tests.crash.state import files
    from tests.crash.sweep import kill_at_every_step_of_many
    from tests.volley.cases import new_case, seat_of

    case = new_case("signing")
    deciding(seat_of(case))()
    instrument = Instrument.objects.get(innovation=case.innovation)
    secretary = holder_of(Office.objects.get(code="sekda"), today())
    with acting_as(User.objects.system()):
        instrument.signatures.create(
            order=2,
            role="promulgator",
            office=secretary.office,
            person=secretary.user,
            name=secretary.user.name_plain,
            capacity=secretary.title,
        )
    stored = StoredFile.objects.count()
    # Kills around the print are the other test's; each would lay it out again.
    with acting_as(User.objects.system()):
        issuing._print(instrument)

    count, commits = kill_at_every_step_of_many(lambda: issuing.issue(instrument.pk))

    number, instrument = instrument.number, Instrument.objects.get(pk=instrument.pk)
    assert count > 15
    assert commits == 2, "the first signature, and the issued document"
    assert (instrument.status, instrument.number) == ("issued", number)
    assert register_is_whole()
    first, last = instrument.signatures.all()
    document = instrument.document.read()
    assert first.signed.read().startswith(instrument.rendered.read())
    assert document.startswith(first.signed.read())
    assert last.signed == instrument.document
    assert verdict(document).verdict == Indication.PASSED
    assert StoredFile.objects.count() == stored + 3
    assert files() == set(StoredFile.objects.values_list("path", flat=True))


def test_institutionalisation_starts_its_monitoring_or_does_not():
    from planning.models import ActionItem, MonitoringPeriod
    from tests.volley.cases import new_case, publishing
    from workflow.models import Case

    case, kills = new_case("publication"), []
    act = publishing(case)

    told = told_by(swept(act, kills))

    assert kills[0] > 50
    item = ActionItem.objects.get(innovation=case.innovation)
    assert MonitoringPeriod.objects.filter(action_item=item).count() == 1
    monitoring = Case.objects.get(code=f"{case.code}-M")
    assert monitoring.task_set.filter(flow_task_type="TIMER", status="SCHEDULED").count() == 1
    assert told == [("institutionalised", "bidan.kampit"), ("stage_passed", "bidan.kampit")]
    assert unchanged_by(act)


def register_is_whole() -> bool:
    """Whether the register counts from one without a gap, and its counter with it."""
    from legal_basis.models import NumberSeries

    series = NumberSeries.objects.get()
    taken = list(series.entries.order_by("sequence").values_list("sequence", flat=True))
    return taken == list(range(1, series.next_sequence))
