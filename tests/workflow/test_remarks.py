"""Remarks are answered by the initiators in the revision, and asked for when it comes back."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from approvals.models import Remark, SignOff
from approvals.refusals import NotAllowed, NotFound, Refused
from innovations.models import Draft, Participant
from tests.regency import person
from workflow.remarks import open_remarks, resolve_remark, unresolve_remark

from .filling import answered, asked, fresh, signed, waiting

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["alignment"]
REMARKS = [("design", "Sebutkan jumlah ibu hamil."), ("evidence", "Lampirkan daftar hadir.")]
ANSWER = "Sudah: 412 orang."


@pytest.fixture
def case(at):
    """A case that was returned with two remarks."""
    return signed(at("alignment"), "return", REMARKS)


@pytest.fixture
def initiator(case):
    return case.innovation.initiator


@pytest.fixture
def visitor(client, initiator):
    client.force_login(initiator)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def remarks(case):
    return list(open_remarks(case))


def test_initiator_resolves_a_remark_with_an_answer(case, initiator):
    first, second = remarks(case)

    resolve_remark(initiator, case.code, first.pk, f" {ANSWER} ")

    kept = Remark.objects.get(pk=first.pk)
    assert kept.answer == ANSWER
    assert kept.resolved_at is not None
    assert remarks(case) == [second]


def test_remark_is_opened_again_with_its_answer_kept(case, initiator):
    first, _second = remarks(case)
    resolve_remark(initiator, case.code, first.pk, ANSWER)

    unresolve_remark(initiator, case.code, first.pk)

    assert len(remarks(case)) == 2
    assert Remark.objects.get(pk=first.pk).answer == ANSWER


def test_remark_without_an_answer_is_not_resolved(case, initiator):
    with pytest.raises(ValidationError, match="Answer: say in a sentence"):
        resolve_remark(initiator, case.code, remarks(case)[0].pk, "  ")

    assert len(remarks(case)) == 2


def test_only_the_initiators_answer_the_co_initiators_too(case, system):
    from accounts.acting import acting_as

    first, second = remarks(case)
    with acting_as(system):
        Participant.objects.create(innovation=case.innovation, user=person("gizi"))

    resolve_remark(person("gizi"), case.code, first.pk, ANSWER)
    for stranger in ("perencanaan", "inspektur"):
        with pytest.raises(NotAllowed, match="Only the initiators"):
            resolve_remark(person(stranger), case.code, second.pk, ANSWER)


def test_remark_of_another_case_does_not_exist(case, initiator, at):
    with pytest.raises(NotFound):
        resolve_remark(initiator, case.code, 10**9, ANSWER)


# ---- resubmitting ----


def editor(visitor, case):
    answer = visitor.get(reverse("revise", args=[case.code]))
    return answer.url


def typed(case, **more):
    draft = Draft.objects.get(innovation=case.innovation, submitted_at=None)
    fields = {key: value for key, value in draft.data.items() if value not in (None, False)}
    return fields | more


def test_returned_case_opens_its_editor_at_the_first_open_remark(case, visitor, initiator):
    first, second = remarks(case)
    assert editor(visitor, case).endswith(f"#remark-{first.pk}")

    resolve_remark(initiator, case.code, first.pk, ANSWER)

    assert editor(visitor, case).endswith(f"#remark-{second.pk}")
    page = visitor.get(editor(visitor, case).partition("#")[0]).content.decode()
    assert ANSWER in page
    assert REMARKS[1][1] in page


def test_typed_answers_resolve_their_remarks_when_it_is_resubmitted(case, visitor):
    path = editor(visitor, case).partition("#")[0]
    answers = {f"answer-{one.pk}": f"{ANSWER} {one.pk}" for one in remarks(case)}

    visitor.post(path, typed(case, **answers))

    assert fresh(case).stage == "alignment"
    assert remarks(case) == []
    kept = Remark.objects.filter(sign_off__seat__process=case.pk)
    assert {f"answer-{one.pk}": one.answer for one in kept} == answers


def test_unanswered_remark_is_asked_for_and_what_was_typed_is_kept(case, visitor):
    path = editor(visitor, case).partition("#")[0]
    first, _second = remarks(case)

    page = visitor.post(path, typed(case, **{f"answer-{first.pk}": ANSWER}))

    assert page.status_code == 422
    assert "1 is not answered yet" in page.content.decode()
    assert ANSWER in page.content.decode()
    assert len(remarks(case)) == 2
    assert fresh(case).stage == "revision"


def test_note_says_why_a_remark_stays_open(case, visitor):
    path = editor(visitor, case).partition("#")[0]

    visitor.post(path, typed(case, remarks_note="Menunggu data dari dinas."))

    assert fresh(case).stage == "alignment"
    assert len(remarks(case)) == 2
    own = SignOff.objects.get(seat__process=case.pk, seat__stage="revision")
    assert own.note == "Menunggu data dari dinas."


def test_remarks_are_not_answered_after_the_revision(case, visitor, initiator):
    first, _second = remarks(case)
    path = editor(visitor, case).partition("#")[0]
    visitor.post(path, typed(case, remarks_note="Nanti."))

    with pytest.raises(Refused, match="while the innovation is being revised"):
        resolve_remark(initiator, case.code, first.pk, ANSWER)


def test_answer_typed_in_the_editor_outlives_it(case, visitor):
    path = editor(visitor, case).partition("#")[0]
    first, _second = remarks(case)
    draft = Draft.objects.get(innovation=case.innovation, submitted_at=None)

    visitor.post(
        reverse("proposal_save", args=[draft.pk]),
        {**typed(case), f"answer-{first.pk}": ANSWER},
        content_type="application/json",
    )

    assert ANSWER in visitor.get(path).content.decode()
    assert len(remarks(case)) == 2


def test_remark_is_answered_on_its_own_page_too(case, visitor):
    first, _second = remarks(case)
    path = reverse("remark", args=[case.code, first.pk])

    refused = visitor.post(path, {"answer": ""})
    assert refused.status_code == 422
    assert "Answer: say in a sentence" in refused.content.decode()
    visitor.post(path, {"answer": ANSWER})
    assert Remark.objects.get(pk=first.pk).answer == ANSWER
    visitor.post(path, {"open": "1"})
    assert len(remarks(case)) == 2


def test_signer_who_asked_reads_remark_answer_and_what_changed(case, visitor, client):
    path = editor(visitor, case).partition("#")[0]
    answers = {f"answer-{one.pk}": ANSWER for one in remarks(case)}
    benefit = f"{case.innovation.benefit} Untuk 412 ibu hamil."
    visitor.post(path, typed(case, benefit=benefit, **answers))
    # The panel had signed the design: its members are asked first whether it still stands.
    while (seat := waiting(case)).reconfirms_id:
        panel = asked(case, seat)
        client.force_login(panel)
        page = client.get(reverse("act", args=[case.code, seat.pk]))
        assert [section.key for section in page.context["changes"]] == ["design"]
        answered(panel, seat)
    client.force_login(person("perencanaan"))

    (line,) = client.get(reverse("inbox")).context["items"]
    page = client.get(line.url)

    text = page.content.decode()
    assert REMARKS[0][1] in text
    assert ANSWER in text
    (section,) = page.context["changes"]
    (change,) = section.changes
    assert (section.key, change.old, change.new) == ("design", case.innovation.benefit, benefit)
    assert "<ins>" in text
