"""“Why can't I sign?”: the rules that decide, asked for any person; and the command that asks."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from approvals.models import Seat
from approvals.refusals import Refused
from approvals.standing import Answer
from tests.regency import person
from tests.workflow.steps import (
    decided,
    fresh,
    seat_at,
    seats,
    sign,
    stepped_back,
    take_office,
)
from workflow.dossier import dossier_of
from workflow.explaining import Explained, explain, explain_dossier, explain_seat, overall

pytestmark = [pytest.mark.integration, pytest.mark.one_database]
WALKED = ("verification", "commitment", "initialling", "signing", "publication")
OWNER = "kepala-puskesmas-kelapa-kampit"


def rules(case, who):
    """What the rules say of a person at each seat of the stage."""
    return {
        one.seat.office.code: one.answer.rule
        for one in explain(person(who), case)
        if one.seat.office
    }


def one_answer(case, who):
    found = overall(explain(person(who), case))
    return found and (found.allowed, found.rule)


@pytest.mark.parametrize(
    ("stage", "who", "expected"),
    [
        ("commitment", "kapus.kampit", (True, "allowed")),
        ("commitment", "bidan.kampit", (False, "initiator")),
        ("commitment", "keuangan", (False, "turn")),
        ("commitment", "inspektur", (False, "turn")),
        ("verification", "panel3", (True, "allowed")),
        ("verification", "inspektur", (False, "not_theirs")),
        ("signing", "bupati", (True, "allowed")),
        ("signing", "sekda", (False, "not_theirs")),
    ],
)
def test_one_answer_for_the_stage(stage, who, expected, at):
    assert one_answer(at(stage), who) == expected


def test_acting_regent_is_told_of_the_mandate(at):
    take_office("wakil", "bupati", "plh")
    assert one_answer(at("signing"), "wakil") == (False, "mandate")


def test_whoever_stepped_back_is_told_so_at_every_seat(at):
    case = at("verification")
    stepped_back(person("panel2"), seat_at(case, "panel-2"))
    assert rules(case, "panel2") == {
        f"panel-{number}": "over" if number == 2 else "conflict" for number in range(1, 6)
    }
    assert one_answer(case, "panel2") == (False, "conflict")


def test_every_seat_is_answered(at):
    assert rules(at("commitment"), "keuangan") == {
        OWNER: "not_theirs",
        "kepala-bpkpd": "turn",
        "sekda": "turn",
    }


def test_case_that_waits_for_nobody_explains_nothing(at):
    case = sign(at("publication"), "perancang-hukum-1")
    assert case.finished is not None
    assert explain(person("perancang1"), case) == []
    assert overall([]) is None


@pytest.mark.parametrize("who", ["kapus.kampit", "bidan.kampit", "keuangan", "inspektur", "sekda"])
def test_explanation_and_enforcement_say_the_same(who, at):
    for stage in ("commitment", "initialling"):
        for one in explain(person(who), at(stage)):
            assert explain_seat(person(who), at(stage), one.seat) == one.answer
            if one.answer.allowed:
                continue
            with pytest.raises(Refused) as refusal:
                decided(person(who), Seat.objects.get(pk=one.seat.pk), "approve")
            assert refusal.value.sentence == one.answer.sentence


def test_page_of_an_innovation_explains_the_open_seats_of_its_cases(at):
    case = at("verification")
    found = explain_dossier(person("panel1"), dossier_of(person("panel1"), case.code))
    assert [(one.seat.office.code, one.answer.rule) for one in found] == [
        ("panel-1", "allowed"),
        *((f"panel-{number}", "not_theirs") for number in (2, 3, 4, 5)),
    ]


@pytest.mark.unit
def test_most_telling_answer_is_the_one_about_the_person():
    ranked = ["allowed", "mandate", "turn", "not_theirs", "over"]
    answers = [Answer(rule == "allowed", rule, rule) for rule in ranked]
    for first in range(len(ranked)):
        given = [Explained(Seat(), one) for one in reversed(answers[first:])]
        assert overall(given) == answers[first]


# ---- the command ----


def said(*arguments, **options):
    out = io.StringIO()
    call_command("explain", *arguments, stdout=out, **options)
    return out.getvalue().splitlines()


def test_command_says_why_in_english(at):
    case = at("commitment")
    first, second, *others = said(case.code, "bidan.kampit", language="en")

    assert first == f"{case.code} · Commitment of resources · {person('bidan.kampit')}"
    assert second == (
        "No: You are the initiator or its caretaker: nobody signs on their own innovation."
    )
    assert others == [
        "  Kepala Puskesmas Kelapa Kampit: You are the initiator or its caretaker: nobody signs on "
        "their own innovation. (initiator)",
        "  Kepala Badan Pengelolaan Keuangan dan Pendapatan Daerah: It is not the turn of "
        "Kepala Badan Pengelolaan Keuangan dan Pendapatan Daerah yet. (turn)",
        "  Sekretaris Daerah: It is not the turn of Sekretaris Daerah yet. (turn)",
    ]


def test_command_says_why_in_indonesian(at):
    case = at("commitment")
    assert person("bidan.kampit").language == "id"
    first, second, *_others = said(case.code, "bidan.kampit")

    assert first == f"{case.code} · Komitmen sumber daya · {person('bidan.kampit')}"
    with translation.override("id"):
        sentence = one_sentence(case, "bidan.kampit")
    assert second == f"Tidak: {sentence}"
    assert "You are" not in second


def one_sentence(case, who):
    found = overall(explain(person(who), case))
    assert found
    return found.sentence


def test_command_says_yes(at):
    _first, second, *_others = said(at("commitment").code, "kapus.kampit", language="en")
    assert second.startswith("Yes: You may sign as Kepala Puskesmas Kelapa Kampit, by letter ")


@pytest.mark.parametrize("language", ["en", "id"])
def test_command_tells_a_program_in_one_object(language, at):
    case = at("commitment")
    (line,) = said(case.code, "keuangan", json=True, language=language)
    told = json.loads(line)

    own = next(seat for seat in told["seats"] if seat["rule"] == "turn")
    assert told | {"seats": []} == {
        "case": case.code,
        "stage": "commitment",
        "user": "keuangan",
        "allowed": False,
        "rule": "turn",
        "sentence": own["sentence"],
        "seats": [],
    }
    assert [(seat["state"], seat["allowed"], seat["rule"]) for seat in told["seats"]] == [
        ("open", False, "not_theirs"),
        ("waiting", False, "turn"),
        ("waiting", False, "turn"),
    ]
    assert told["seats"][0]["seat"] == seats(case)[0].pk
    assert own["sentence"].startswith("It is not" if language == "en" else "Belum")


def test_command_says_that_a_case_waits_for_nobody(at):
    case = sign(at("publication"), "perancang-hukum-1")
    assert said(case.code, "bupati", language="en") == [f"{case.code} waits for no signature now."]
    (line,) = said(case.code, "bupati", json=True)
    assert json.loads(line) == {
        "case": case.code,
        "stage": "done",
        "user": "bupati",
        "allowed": False,
        "rule": "no_stage",
        "sentence": "",
        "seats": [],
    }


@pytest.mark.parametrize(
    ("case", "who", "missing"), [(None, "hantu", "hantu"), ("INV-1", "bupati", "INV-1")]
)
def test_command_says_what_there_is_not(case, who, missing, at):
    named = case or fresh(at("signing")).code
    sentence = f"neither a person nor a case “{missing}”"
    with translation.override("en"), pytest.raises(CommandError, match=sentence):
        said(named, who)
