"""Declarations of interests: said before reading on, kept for good, the newest one counts."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import NoActor
from innovations.conflicts import (
    SENTENCE_LENGTH,
    declaration_of,
    newest_declarations,
    record_declaration,
    recusals_of,
)
from innovations.models import ConflictDeclaration

from .factories import ConflictDeclarationFactory, InnovationFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]


def declare(innovation, person=None, **said):
    with transaction.atomic():
        return record_declaration(
            person or UserFactory(), innovation, **{"stage": "verification", "kind": "none"} | said
        )


@pytest.mark.parametrize(
    ("kind", "sentence", "kept"),
    [
        ("none", "", ""),
        ("none", "tersisa", ""),
        ("managed", " Mantan atasan; dicatat. ", "Mantan atasan; dicatat."),
        ("recuse", "Inisiator adalah adik saya.", "Inisiator adalah adik saya."),
    ],
)
def test_declaration_is_kept_with_its_sentence_and_what_was_pointed_out(kind, sentence, kept):
    innovation, person = InnovationFactory(), UserFactory()
    made = declare(innovation, person, kind=kind, sentence=sentence, hints=["Satu unit."])
    stored = ConflictDeclaration.objects.get()
    assert (stored.innovation, stored.person, stored.stage) == (innovation, person, "verification")
    assert (stored.kind, stored.sentence, stored.hints) == (kind, kept, ["Satu unit."])
    assert stored.history.get().history_user == person
    assert made == stored == declaration_of(person, innovation, "verification")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": ""}, "Conflict of interest: choose one of the answers."),
        ({"kind": "conflict"}, "Conflict of interest: choose one of the answers."),
        (
            {"kind": "managed"},
            "In a sentence: say how you manage the possible conflict of interest.",
        ),
        (
            {"kind": "managed", "sentence": "  "},
            "In a sentence: say how you manage the possible conflict of interest.",
        ),
        ({"kind": "recuse"}, "In a sentence: say what the conflict of interest is."),
        ({"kind": "recuse", "sentence": "\n"}, "In a sentence: say what the conflict"),
        ({"kind": "recuse", "sentence": "a\u202eb"}, "In a sentence: Character 2 (U+202E"),
        ({"kind": "managed", "sentence": "x" * (SENTENCE_LENGTH + 1)}, "In a sentence: "),
    ],
)
def test_declaration_that_says_nothing_is_refused_with_a_sentence(said, sentence):
    with pytest.raises(ValidationError) as refusal:
        declare(InnovationFactory(), **said)
    assert refusal.value.messages[0].startswith(sentence)
    assert not ConflictDeclaration.objects.exists()


@pytest.mark.parametrize("kind", ["none", "managed"])
def test_whoever_stepped_back_cannot_come_back(kind):
    innovation, person = InnovationFactory(), UserFactory()
    declare(innovation, person, kind="recuse", sentence="Kerabat.")
    for stage in ("verification", "signing"):
        with pytest.raises(ValidationError, match="You stepped back from this innovation"):
            declare(innovation, person, kind=kind, sentence="Sudah selesai.", stage=stage)
    assert [one.person for one in recusals_of(innovation)] == [person]


def test_stepping_back_from_one_innovation_leaves_the_others():
    person = UserFactory()
    declare(InnovationFactory(), person, kind="recuse", sentence="Kerabat.")
    assert declare(InnovationFactory(), person).kind == "none"


def test_newest_declaration_of_a_stage_counts_and_the_older_one_stays():
    innovation, person = InnovationFactory(), UserFactory()
    first = declare(innovation, person)
    later = declare(innovation, person, kind="managed", sentence="Mantan atasan.")
    declare(innovation, person, stage="signing")
    assert declaration_of(person, innovation, "verification") == later
    assert declaration_of(person, innovation, "trial") is None
    assert declaration_of(UserFactory(), innovation, "verification") is None
    assert ConflictDeclaration.objects.filter(pk=first.pk).exists()


def test_newest_declaration_of_everybody():
    innovation, other = InnovationFactory(), UserFactory()
    person = UserFactory()
    declare(innovation, person)
    later = declare(innovation, person, kind="managed", sentence="Mantan atasan.")
    others = declare(innovation, other)
    declare(InnovationFactory(), other, kind="recuse", sentence="Kerabat.")
    assert newest_declarations(innovation) == {person.pk: later, other.pk: others}


def test_recusals_are_those_of_any_stage():
    innovation = InnovationFactory()
    found = [
        ConflictDeclarationFactory(innovation=innovation, stage=stage, kind="recuse")
        for stage in ("verification", "signing")
    ]
    ConflictDeclarationFactory(innovation=innovation, kind="managed")
    ConflictDeclarationFactory(kind="recuse")
    assert list(recusals_of(innovation)) == found


def test_declaration_says_who_and_what():
    made = ConflictDeclarationFactory(person__name_plain="Siti Rahayu", kind="recuse")
    assert str(made) == "Siti Rahayu: I have a conflict of interest and step back"
    with pytest.raises(NoActor):
        made.save()
