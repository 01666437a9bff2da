"""What exactly was signed, as it was kept, and what differs from it now, in words."""

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from approvals.models import SectionText, SignOff
from tests.accounts.factories import system_account
from tests.house.databases import triggers_lifted
from tests.regency import person
from workflow.content import sections_of
from workflow.signed_content import earlier_answer, signed_sections
from workflow.signed_words import shown, text_of

from .filling import signed, waiting

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["initialling", "alignment"]


@pytest.fixture
def case(at):
    return at("initialling")


def answer(case, stage):
    return SignOff.objects.filter(seat__process=case.pk, seat__stage=stage).first()


def sections(case, stage):
    sign_off = answer(case, stage)
    return signed_sections(sign_off, sections_of(case.innovation, sign_off.section_hashes))


def changes(case, stage):
    return {
        (section.key, change.label): (change.old, change.new)
        for section in sections(case, stage)
        for change in section.changes
    }


def edited(row, **values):
    with acting_as(system_account()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def test_every_signed_section_is_shown_as_it_was_kept(case):
    found = sections(case, "completeness")

    assert [section.key for section in found] == ["identity", "people", "evidence"]
    assert all(section.intact and not section.changed for section in found)
    values = {field["key"]: field["value"] for section in found for field in section.fields}
    assert values["name"] == case.innovation.name
    assert values["initiator"] == str(case.innovation.initiator)
    assert values["is_digital"] in (True, False)


def test_change_is_told_by_field_in_words(case):
    innovation = case.innovation
    old = innovation.get_affair_display()
    edited(innovation, affair="education" if innovation.affair != "education" else "health")

    assert changes(case, "completeness") == {
        ("identity", "Government affair"): (old, innovation.get_affair_display())
    }


def test_change_of_people_names_them(case):
    innovation = case.innovation
    old, new = innovation.initiator, person("gizi")
    edited(innovation, initiator=new)

    assert changes(case, "completeness")[("people", "Initiator")] == (str(old), str(new))


def test_change_of_money_is_told_in_rupiah(case):
    line = case.innovation.commitment.lines.first()
    before = line.amount
    edited(line, amount=before + 1)

    told = changes(case, "drafting")
    old, new = told[("commitment", "Money")]

    assert old.count("\n") == new.count("\n") == case.innovation.commitment.lines.count() - 1
    assert told[("commitment", "Money in total")][0].startswith("Rp")
    assert set(told) == {("commitment", "Money"), ("commitment", "Money in total")}


def test_text_that_was_altered_is_told(case):
    sign_off = answer(case, "completeness")
    kept = SectionText.objects.get(hash=sign_off.section_hashes["identity"])
    kept.content["name"] = "Nama Lain"
    with triggers_lifted():
        kept.save()

    intact = {section.key: section.intact for section in sections(case, "completeness")}

    assert intact == {"identity": False, "people": True, "evidence": True}


def test_text_that_is_missing_is_told(case):
    people = answer(case, "completeness").section_hashes["people"]
    with triggers_lifted():
        SectionText.objects.filter(hash=people).delete()

    missing = sections(case, "completeness")[1]

    assert (missing.key, missing.intact, missing.fields) == ("people", False, [])


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (None, "–"),
        ("", "–"),
        (True, "Yes"),
        ("1234.50", "1.234,5"),
        ("2026-03-01", "1 March 2026"),
        ("a" * 64, "aaaaaaaaaaaa…"),
        (["a", "b"], "a\nb"),
        ([["permission_letter", 3], {"year": {"2027": "4.00"}}], None),
        ("Prosa biasa.", "Prosa biasa."),
    ],
)
def test_kept_value_is_said_in_words(raw, words):
    text = text_of("design", "problem", raw, None)

    if words is None:
        assert text == "Written permission of the head of the unit · 3\n2027: 4"
    else:
        assert text == words


def test_field_that_is_gone_is_shown_under_its_key():
    field = shown("design", "old_field", "Isi", None)

    assert (field["label"], field["kind"], field["value"]) == ("old field", "text", "Isi")


# ---- the page ----


def test_page_shows_capacity_letter_hash_and_content(case, client):
    sign_off = answer(case, "completeness")
    client.force_login(person("inspektur"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    page = client.get(reverse("signature", args=[case.code, sign_off.pk]))

    text = page.content.decode()
    for said in (sign_off.capacity, sign_off.basis, sign_off.content_hash, case.innovation.name):
        assert said in text
    assert "Nothing of it has changed since." in text
    assert "it is the one that was signed" in text


def test_answer_of_another_case_is_not_found(case, at, client):
    other = answer(at("alignment"), "completeness")
    client.force_login(person("inspektur"))

    assert client.get(reverse("signature", args=[case.code, other.pk])).status_code == 404


def test_case_page_links_each_answer_to_what_was_signed(case, client):
    client.force_login(person("inspektur"))

    page = client.get(reverse("case", args=[case.code])).content.decode()

    for sign_off in SignOff.objects.filter(seat__process=case.pk):
        assert reverse("signature", args=[case.code, sign_off.pk]) in page


# ---- asked again ----


def test_earlier_answer_is_that_of_the_person_at_the_stage(at):
    case = signed(at("alignment"), "return")
    seat = SignOff.objects.filter(seat__process=case.pk).latest("pk").seat
    who = person("perencanaan")

    assert earlier_answer(who, seat) == seat.answer
    assert earlier_answer(person("bappelitbangda"), waiting(case)) is None
