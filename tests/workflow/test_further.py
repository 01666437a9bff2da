"""Further instruments: who may begin them, on what, and how they travel to their end."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from accounts.offices import today
from approvals.models import Seat, SignOff
from approvals.refusals import NotAllowed, NotFound, Refused
from innovations.models import Innovation
from legal_basis.drafting import current_instrument
from legal_basis.follow_ups import Wish, title_of
from legal_basis.models import Instrument, LegalRelation
from legal_basis.relations import citation, short_citation
from legal_basis.standing import State, standing_of
from legal_basis.wording import long_date
from planning.models import ActionItem
from tests.accounts.factories import system_account
from tests.legal_basis.factories import system
from tests.regency import person
from workflow.access import visible_case
from workflow.content import sections_of
from workflow.demo.story import written_out
from workflow.dossier import dossier_of
from workflow.further import may_begin, start_further, under_way
from workflow.models import Case
from workflow.reversals import withdraw
from workflow.timeline import timeline_of
from workflow.walking import issue_now, sign_one, walk

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["done", "drafting"]
NEW_TEXT = "Menunjuk Sekretaris Dinas Kesehatan sebagai penanggung jawab kedua."
REASON = "Penanggung jawab pelaksanaan berganti."


def begin(case, purpose="amend", **changed):
    wish = {
        "kind": "regent_decree",
        "purpose": purpose,
        "targets": [] if purpose == "stipulate" else [first_of(case)],
        "parts": "Diktum KEDUA" if purpose in ("amend", "correct") else "",
        "reason": REASON,
    }
    with transaction.atomic():
        return start_further(person("hukum"), case.code, **(wish | changed))


def first_of(case):
    return Instrument.objects.filter(innovation=case.innovation_id).earliest("pk")


def walked_to_the_end(further):
    """The further instrument issued and published."""
    draft = Instrument.objects.get(subject_code=further.code)
    with transaction.atomic():
        walk(further, {"drafting": written_out(draft, NEW_TEXT)})
    issue_now(further)
    with transaction.atomic():
        walk(further, {})
    return Case.objects.get(pk=further.pk)


def give_up(further, note="Tidak jadi."):
    seat = Seat.objects.filter(process_id=further.pk, state=Seat.State.OPEN)[0]
    with transaction.atomic():
        sign_one(further, seat, {}, "send_back", note)
    return Case.objects.get(pk=further.pk)


def test_further_instrument_travels_from_drafting_to_its_end(at):
    case, before = at("done"), Innovation.objects.get(cases=at("done"))
    first = current_instrument(case.innovation)

    further = begin(case)
    assert (further.code, further.stage) == (f"{case.code}-H1", "drafting")
    draft = current_instrument(case.innovation)
    assert (draft.subject_code, draft.purpose) == (further.code, Instrument.Purpose.AMEND)

    further = walked_to_the_end(further)
    assert (further.stage, further.finished is not None) == ("done", True)
    amendment = Instrument.objects.get(subject_code=further.code)
    assert amendment.status == Instrument.Status.ISSUED
    assert [act.number for act in standing_of(first).amended_by] == [amendment.number]
    assert amendment.number != first.number
    assert amendment.publication.published_on == today()
    stages = SignOff.objects.filter(seat__process=further.pk).values_list("seat__stage", flat=True)
    assert set(stages) == {"drafting", "initialling", "signing", "publication"}
    # The innovation, its journey and its place in the action plan stay as they were.
    assert Innovation.objects.get(pk=before.pk).status == before.status
    assert ActionItem.objects.filter(innovation=before).count() == 1
    assert Case.objects.filter(code=f"{case.code}-M").count() == 1
    assert Case.objects.get(pk=case.pk).finished == case.finished


def test_revocation_ends_the_decree_when_it_is_issued_and_not_before(at):
    case = at("done")
    first = first_of(case)

    further = begin(case, "revoke")
    assert standing_of(first).in_force
    walked_to_the_end(further)

    standing = standing_of(first)
    revoking = Instrument.objects.get(subject_code=further.code)
    assert (standing.state, standing.revoked_by.number) == (State.REVOKED, revoking.number)


def test_second_amendment_is_called_so(at):
    case = at("done")
    first = first_of(case)
    walked_to_the_end(begin(case))

    second = begin(case)

    assert second.code == f"{case.code}-H2"
    title = current_instrument(case.innovation).title
    cited = f"Keputusan Bupati Belitung Timur Nomor {first.number} tentang {first.title}"
    assert title == f"Perubahan Kedua atas {cited}"


@pytest.mark.parametrize(
    ("purpose", "opening"),
    [("revoke", "Pencabutan"), ("correct", "Ralat"), ("amend", "Perubahan atas")],
)
def test_title_and_text_are_written_from_the_target(purpose, opening, at):
    case = at("done")
    first = first_of(case)

    begin(case, purpose)

    draft = current_instrument(case.innovation)
    cited = f"Keputusan Bupati Belitung Timur Nomor {first.number} tentang {first.title}"
    assert draft.title == f"{opening} {cited}"
    told = " ".join(row["text"] for row in draft.content["considerations"])
    assert f"bahwa {REASON[0].lower()}{REASON[1:-1]}" in told
    assert cited in told
    assert cited in draft.content["dicta"][0]["text"]
    relation = LegalRelation.objects.get(instrument=draft)
    parts = "" if purpose == "revoke" else "Diktum KEDUA"
    assert (relation.target, relation.parts) == (first, parts)
    assert set(draft.legal_sources.all()) == set(first.legal_sources.all())


def test_stipulating_regulation_names_several_innovations(at):
    case, other = at("done"), at("drafting").innovation

    begin(case, "stipulate", kind="regent_regulation", innovations=[other])

    draft = current_instrument(case.innovation)
    named = [one.innovation for one in draft.stipulations.all()]
    assert (draft.kind, named) == ("regent_regulation", [case.innovation, other])
    names = f"{case.innovation.name} dan {other.name}"
    assert draft.title == f"Penetapan {names} sebagai Inovasi Daerah Kabupaten Belitung Timur"
    assert {row["unit"] for row in draft.content["body"]} == {"bab", "pasal"}
    assert LegalRelation.objects.filter(instrument=draft).count() == 0


def test_draft_that_is_given_up_counts_no_longer_and_another_may_begin(at):
    case = at("done")
    first = first_of(case)

    further = give_up(begin(case))

    assert (further.stage, further.reason) == ("given_up", "Tidak jadi.")
    draft = Instrument.objects.get(subject_code=further.code)
    assert (draft.status, draft.number) == (Instrument.Status.CANCELLED, "")
    assert current_instrument(case.innovation) == first
    assert Innovation.objects.get(pk=case.innovation_id).status == "institutionalised"
    assert begin(case).code == f"{case.code}-H2"


def test_one_at_a_time(at):
    case = at("done")
    further = begin(case)

    with pytest.raises(Refused, match=further.code):
        begin(case, "revoke")
    # Issued, but not published yet.
    draft = Instrument.objects.get(subject_code=further.code)
    with transaction.atomic():
        walk(further, {"drafting": written_out(draft, NEW_TEXT)}, until="publication")
    issue_now(further)
    assert under_way(case.innovation) == further.code
    with pytest.raises(Refused, match=further.code):
        begin(case, "revoke")


@pytest.mark.parametrize("username", ["dinkes", "sekda", "admin", "bidan.kampit"])
def test_only_the_legal_section_begins_one(username, at):
    case = at("done")

    assert not may_begin(person(username), case.innovation)
    with transaction.atomic(), pytest.raises(NotAllowed):
        start_further(
            person(username),
            case.code,
            kind="regent_decree",
            purpose="revoke",
            targets=[first_of(case)],
            reason=REASON,
        )
    assert may_begin(person("hukum"), case.innovation)


def test_innovation_on_its_way_gets_none(at):
    case = at("drafting")

    assert not may_begin(person("hukum"), case.innovation)
    with pytest.raises(Refused, match="Only an innovation that is institutionalised"):
        begin(case, "revoke")


def test_unknown_case_is_not_found():
    with transaction.atomic(), pytest.raises(NotFound):
        start_further(
            person("hukum"), "INV-2000-0001", kind="regent_decree", purpose="revoke", reason=REASON
        )


@pytest.mark.parametrize(
    ("purpose", "changed", "field", "sentence"),
    [
        ("amend", {"parts": ""}, "parts", "say which parts change"),
        ("amend", {"targets": []}, "targets", "choose the one instrument"),
        ("amend", {"kind": "regent_regulation"}, "targets", "is of the same kind"),
        ("amend", {"reason": "  "}, "reason", "say in a sentence why"),
        ("amend", {"until": today()}, "until", "this day has passed"),
        ("revoke", {"targets": []}, "targets", "choose what is revoked"),
        ("revoke", {"parts": "Diktum KEDUA"}, "parts", "takes away the whole"),
        ("revoke", {"until": today()}, "until", "only an amendment"),
    ],
)
def test_wish_that_cannot_be_is_refused_with_the_mend(purpose, changed, field, sentence, at):
    with pytest.raises(ValidationError, match=sentence) as refused:
        begin(at("done"), purpose, **changed)

    assert list(refused.value.message_dict) == [field]
    assert Instrument.objects.filter(innovation=at("done").innovation).count() == 1


def test_stipulation_acts_on_no_other_instrument(at):
    case = at("done")

    with pytest.raises(ValidationError, match="acts on no other one"):
        begin(case, "stipulate", targets=[first_of(case)])


def test_decree_cannot_revoke_a_regulation_but_a_regulation_a_decree(at):
    case = at("done")
    with acting_as(system_account()):
        Instrument.objects.filter(pk=first_of(case).pk).update(kind="regent_regulation")
    with pytest.raises(ValidationError, match="a decree cannot revoke a regulation"):
        begin(case, "revoke")

    with acting_as(system_account()):
        Instrument.objects.filter(pk=first_of(case).pk).update(kind="regent_decree")
    begin(case, "revoke", kind="regent_regulation")
    assert current_instrument(case.innovation).kind == "regent_regulation"


def test_what_is_not_in_force_is_no_target(at):
    case = at("done")
    walked_to_the_end(begin(case, "revoke"))

    with pytest.raises(ValidationError, match="is not in force. It was revoked by number"):
        begin(case)


def test_amendment_is_no_target_of_an_amendment(at):
    case = at("done")
    further = walked_to_the_end(begin(case))

    amendment = Instrument.objects.get(subject_code=further.code)
    with pytest.raises(ValidationError, match="amend what was stipulated first"):
        begin(case, targets=[amendment])
    begin(case, "correct", targets=[amendment])


def test_target_of_another_draft_is_refused(at):
    case, other = at("done"), at("drafting")
    target = first_of(case)
    with acting_as(system()), transaction.atomic():
        draft = first_of(other)
        draft.acts_on.create(target=target, kind=LegalRelation.Kind.AMENDS)

    with pytest.raises(ValidationError, match=f"the case {other.code} is to act on"):
        begin(case)


def test_initiator_follows_it_but_cannot_withdraw_it(at):
    case = at("done")
    further = begin(case)
    initiator = case.innovation.initiator

    assert visible_case(initiator, further.code) == further
    with transaction.atomic(), pytest.raises(Refused, match="The legal section alone gives up"):
        withdraw(initiator, further.code, "Saya tidak setuju.")


def test_timeline_tells_of_it(at):
    case = at("done")
    further = give_up(begin(case))

    told = [(e.sentence, e.detail) for e in timeline_of(dossier_of(person("hukum"), case.code))]

    assert (f"The legal section began the further instrument {further.code}", "") in told
    assert (f"The further instrument {further.code} was given up", "Tidak jadi.") in told
    assert [sentence for sentence, _ in told].count("Institutionalised") == 1


def test_section_of_a_case_is_that_of_its_own_instrument(at):
    case = at("done")
    before = sections_of(case.innovation, ["instrument"])
    begin(case)

    now = sections_of(case.innovation, ["instrument"])
    own = sections_of(case.innovation, ["instrument"], case_code=case.code)
    assert own == before
    assert now != before
    bases = next(f for f in now["instrument"]["fields"] if f["key"] == "legal_bases")
    assert len(bases["value"]) == current_instrument(case.innovation).bases.count()


def test_several_targets_are_cited_one_after_the_other(at):
    case = at("done")
    amended = walked_to_the_end(begin(case))
    first, second = first_of(case), Instrument.objects.get(subject_code=amended.code)

    begin(case, "revoke", targets=[first, second])

    draft = current_instrument(case.innovation)
    assert {one.target for one in draft.acts_on.all()} == {first, second}
    text = draft.content["dicta"][0]["text"]
    assert f"{citation(first)} dan {citation(second)}" in text
    assert draft.title == f"Pencabutan {citation(first)} dan {citation(second)}"


def test_new_last_day_is_a_clause_of_its_own_and_counts_when_issued(at):
    case, until = at("done"), today().replace(year=today().year + 2)

    further = begin(case, until=until)
    assert standing_of(first_of(case)).until is None
    walked_to_the_end(further)

    assert standing_of(first_of(case)).until == until
    rows = Instrument.objects.get(subject_code=further.code).content["dicta"]
    assert [row["key"] for row in rows] == ["amendment", "extension", "remainder"]
    assert f"tanggal {long_date(until)}" in rows[1]["text"]


def test_titles_too_long_for_a_title_are_left_out_of_it(at):
    case = at("done")
    first = first_of(case)
    first.title = "Penetapan " * 40
    wish = Wish("regent_decree", "revoke", REASON, [first])

    assert title_of(case.innovation, wish, [first]) == f"Pencabutan {short_citation(first)}"
