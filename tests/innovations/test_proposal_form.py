import datetime

import pytest
import time_machine
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Unit
from innovations.drafts import save_draft
from innovations.models import Draft
from innovations.proposal_form import MAX_CO_INITIATORS, EvidenceForm, ProposalForm, is_yes
from innovations.proposals import form_of
from tests.accounts.files import samples as files

from .factories import OfficeFactory, UnitFactory, UserFactory, drop, headed_unit, typed

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]
NIP = "198501012010019001"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def owner():
    return UserFactory()


def sentences(owner, evidence=(), **fields):
    draft = save_draft(owner, None, typed(**fields))
    for kind in evidence:
        drop(owner, draft, kind)
    return form_of(draft).sentences()


def test_proposal_with_everything_is_valid(owner):
    assert sentences(owner) == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Name of the innovation: This field is required."),
        ("name", "a" * 300, "Name of the innovation: This has 300 characters; at most 200 fit."),
        ("name", "SIE\u200bCANTIK", "Name of the innovation: Character 4 (U+200B, after “SIE”)"),
        ("name", "SIE\nCANTIK", "Name of the innovation: This must be one line."),
        ("problem", "x" * 1_000_000, "Problem: This has 1.000.000 characters; at most 5.000 fit."),
        ("problem", "Rp\u202e000.1", "Problem: Character 3 (U+202E, after “Rp”)"),
        ("benefit", "a\x00b", "Benefit: Character 2 (U+FFFD, after “a”)"),
        ("outcome", "a\ud800b", "Expected result: Character 2 (U+FFFD, after “a”)"),
        ("design_description", "kata " * 212, "Design (rancang bangun): This text has 212 words;"),
        ("design_description", "", "Design (rancang bangun): This field is required."),
        ("budget_need", "-5", "Budget needed: The amount is negative."),
        ("budget_need", "1" * 19, "Budget needed: The amount has more than 13 digits"),
        ("budget_need", "seratus juta", "Budget needed: This is not an amount of rupiah."),
        ("owning_unit", "tidak-ada", "Owning unit: Choose a unit from the list."),
        ("owning_unit", "x\x00", "Owning unit: Choose a unit from the list."),
        ("owning_unit", "", "Owning unit: This field is required."),
        ("affair", "astrology", "Government affair: Select a valid choice."),
        ("form", "", "Form of the innovation: This field is required."),
        ("initiator_type", "regent", "Kind of initiator: Select a valid choice."),
        ("co_initiators", ["999999"], "Co-initiators: “999999” cannot be chosen."),
    ],
)
def test_proposal_bad_field_is_one_sentence_with_its_name(owner, field, value, sentence):
    found = sentences(owner, **{field: value})
    assert len(found) == 1
    assert found[0].startswith(sentence)


def test_proposal_markup_stays_text(owner):
    draft = save_draft(owner, None, typed(problem="<script>alert(1)</script> 1 < 2"))
    form = form_of(draft)
    assert form.is_valid()
    assert form.cleaned_data["problem"] == "<script>alert(1)</script> 1 < 2"


@pytest.mark.parametrize(
    ("fields", "kind", "sentence"),
    [
        (
            {"initiator_type": "civil_servant"},
            "permission_letter",
            "A civil servant needs the written permission of the head of the unit.",
        ),
        (
            {"initiator_type": "council_member"},
            "plenary_decision",
            "A proposal of a council member needs the decision of the plenary.",
        ),
        (
            {"already_running": True, "running_since": "2024-01-15"},
            "running_evidence",
            "An innovation that already runs needs evidence of it.",
        ),
    ],
)
def test_proposal_demanded_document(owner, fields, kind, sentence):
    assert [s[: len(sentence)] for s in sentences(owner, **fields)] == [sentence]
    assert len(sentences(owner, evidence=["support"], **fields)) == 1
    assert sentences(owner, evidence=[kind], **fields) == []


@pytest.mark.parametrize("kind", ["community", "agency", "regional_head"])
def test_proposal_other_initiators_need_no_document(owner, kind):
    assert sentences(owner, initiator_type=kind) == []


def test_proposal_civil_servant_cannot_pose_as_citizen():
    found = sentences(UserFactory(nip=NIP))
    assert found == [
        "Kind of initiator: Your account has a NIP, so you are a civil servant. "
        "Choose “Civil servant”."
    ]


@time_machine.travel(datetime.datetime(2026, 12, 31, 17, 30, tzinfo=datetime.UTC), tick=False)
@pytest.mark.parametrize(
    ("since", "message"),
    [
        ("", "Type the day since which the innovation runs"),
        ("2027-01-02", "This date lies in the future."),
        ("1998-12-31", "This date lies before 1999."),
        ("2024-02-30", "Type a day, for example 2024-03-31."),
    ],
)
def test_proposal_running_since_that_cannot_be(owner, since, message):
    found = sentences(
        owner, evidence=["running_evidence"], already_running=True, running_since=since
    )
    assert [s.startswith(f"Running since: {message}") for s in found] == [True]


@time_machine.travel(datetime.datetime(2026, 12, 31, 17, 30, tzinfo=datetime.UTC), tick=False)
def test_proposal_runs_since_today_in_the_regency(owner):
    """17.30 UTC on the last of December is 1 January in Belitung."""
    evidence = ["running_evidence"]
    assert sentences(owner, evidence, already_running=True, running_since="2027-01-01") == []


def test_proposal_that_does_not_run_forgets_the_date(owner):
    form = form_of(save_draft(owner, None, typed(running_since="2024-01-01")))
    assert form.is_valid()
    assert form.cleaned_data["running_since"] is None


def test_proposal_unit_without_a_head_cannot_own(owner):
    assert sentences(owner, unit=UnitFactory()) == ["Owning unit: Choose a unit from the list."]


def test_proposal_panel_cannot_own(owner):
    panel = headed_unit(kind=Unit.Kind.PANEL)
    assert sentences(owner, unit=panel) == ["Owning unit: Choose a unit from the list."]


def test_proposal_unit_with_two_offices_is_offered_once(owner):
    unit = headed_unit()
    OfficeFactory(unit=unit, is_head=False)
    form = ProposalForm(draft=Draft(), actor=owner)
    assert [u for u in form.fields["owning_unit"].queryset if u == unit] == [unit]


def test_proposal_co_initiators_are_other_active_people(owner):
    friend, gone = UserFactory(), UserFactory(is_active=False)
    assert sentences(owner, co_initiators=[friend.pk]) == []
    assert len(sentences(owner, co_initiators=[gone.pk])) == 1
    assert sentences(owner, co_initiators=[owner.pk, friend.pk]) == [
        f"Co-initiators: “{owner.pk}” cannot be chosen. Choose another active person than yourself."
    ]


def test_proposal_too_many_co_initiators(owner):
    crowd = [UserFactory().pk for _ in range(MAX_CO_INITIATORS + 1)]
    assert sentences(owner, co_initiators=crowd)[0].startswith(
        "Co-initiators: These are more than 20 people."
    )


def test_proposal_several_mistakes_are_all_told(owner):
    found = sentences(owner, name="", budget_need="-1", initiator_type="civil_servant")
    assert [s.split(":")[0].split(" ")[0] for s in found] == ["Name", "Budget", "A"]


@given(
    fields=st.dictionaries(
        st.sampled_from([*ProposalForm.base_fields]),
        st.one_of(st.text(), st.integers(), st.booleans(), st.lists(st.text(max_size=5))),
    )
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_proposal_any_input_is_answered(owner, fields):
    draft = save_draft(owner, None, fields)
    draft.refresh_from_db()
    assert all(isinstance(sentence, str) for sentence in form_of(draft).sentences())


def test_is_yes_reads_boxes_records_and_sheets():
    assert [is_yes(v) for v in (True, "on", "true", "Ya", "yes", 1, "1")] == [True] * 7
    assert [is_yes(v) for v in (False, "", None, "off", "tidak", 0, [])] == [False] * 7


def evidence_sentences(**fields):
    chosen = {"file": files.upload("a.png", files.picture())}
    return EvidenceForm(fields, chosen).sentences()


def test_evidence_needs_no_words():
    form = EvidenceForm({}, {"file": files.upload("a.png", files.picture())})
    assert form.is_valid()
    assert form.cleaned_data["kind"] == "support"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"document_date": "2999-01-01"}, "Document date: This date lies in the future."),
        ({"document_date": "besok"}, "Document date: Type a day, for example 2024-03-31."),
        ({"title": "a" * 300}, "Title of the document: This has 300 characters;"),
        ({"document_number": "800\u200b/1"}, "Document number: Character 4 (U+200B"),
        ({"kind": "virus"}, "Kind of document: Select a valid choice."),
    ],
)
def test_evidence_bad_field_is_one_sentence_with_its_name(fields, sentence):
    found = evidence_sentences(**fields)
    assert [s[: len(sentence)] for s in found] == [sentence]


def test_evidence_without_a_file_is_told():
    assert EvidenceForm({}, {}).sentences() == ["File: This field is required."]
