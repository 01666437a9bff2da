import json
from decimal import Decimal

import pytest
from django.utils import translation

from innovations.sections import bare
from planning.commitments import reserve
from planning.forms import ReportForm
from planning.monitoring import record_decision, record_evaluation
from planning.sections import sections_of
from tests.planning.factories import (
    CeilingFactory,
    InnovationFactory,
    OfficeFactory,
    PillarFactory,
    ProgrammeFactory,
    align,
    commit,
    in_action_plan,
    money_row,
    open_one,
    pillar_row,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def canonical(innovation):
    """What a hash is taken over: the values without any language, keys in order."""
    sections = sections_of(innovation)
    return json.dumps({key: bare(found) for key, found in sections.items()}, sort_keys=True)


def value(section, label):
    return next(field["value"] for field in section["fields"] if str(field["label"]) == label)


def test_nothing_recorded_has_no_sections():
    assert sections_of(InnovationFactory()) == {}


def test_sections_are_the_recorded_ones():
    innovation = InnovationFactory()
    align(innovation)
    assert list(sections_of(innovation)) == ["alignment"]
    commit(innovation)
    assert list(sections_of(innovation)) == ["alignment", "commitment"]


def test_every_field_has_what_a_screen_needs():
    for section in sections_of(in_action_plan().innovation).values():
        assert section["title"]
        for field in section["fields"]:
            assert {"key", "label", "value", "kind", "raw"} <= set(field)
            assert field["kind"] in {"text", "money", "date", "table"}
            assert field["kind"] != "table" or all(
                len(row) == len(field["columns"]) for row in field["value"]
            )


def test_every_field_of_a_section_has_a_key_of_its_own():
    item = in_action_plan()
    open_one(item)
    for section in sections_of(item.innovation).values():
        assert len(bare(section)) == len(section["fields"])


def test_sections_are_the_same_for_readers_of_both_languages():
    innovation = in_action_plan().innovation
    seen = []
    for language in ("id", "en"):
        with translation.override(language):
            seen.append(canonical(innovation))
    assert seen[0] == seen[1]


def test_sections_are_the_same_after_recording_the_same_again():
    innovation, programme, pillar = InnovationFactory(), ProgrammeFactory(), PillarFactory()
    owner, custodian, ceiling = OfficeFactory(), OfficeFactory(), CeilingFactory()
    seen = set()
    for _ in range(2):
        align(innovation, programme=programme, pillars=[pillar_row(pillar=pillar)])
        commit(innovation, money_row(ceiling), owner_office=owner, custodian_office=custodian)
        seen.add(canonical(innovation))
    assert len(seen) == 1


def test_reservation_does_not_change_what_signers_signed():
    innovation = InnovationFactory()
    commitment = commit(innovation, money_row(CeilingFactory()))
    before = canonical(innovation)
    reserve(system(), commitment)
    assert canonical(innovation) == before


def test_changed_amount_changes_the_commitment_alone():
    innovation, ceiling = InnovationFactory(), CeilingFactory()
    align(innovation)
    commit(innovation, money_row(ceiling))
    before = sections_of(innovation)
    commit(innovation, money_row(ceiling, "40000000.01"))
    after = sections_of(innovation)
    assert before["alignment"] == after["alignment"]
    assert value(before["commitment"], "Money in total") == Decimal("40000000.00")
    assert value(after["commitment"], "Money in total") == Decimal("40000000.01")


def test_years_are_text_so_that_no_screen_groups_their_digits():
    innovation = InnovationFactory()
    commit(innovation, money_row(CeilingFactory(fiscal_year=2027)))
    (row,) = value(sections_of(innovation)["commitment"], "Money")
    assert (row[0], row[3]) == ("2027", "Rp40.000.000")


def test_monitoring_section_tells_the_whole_period():
    item = in_action_plan()
    period = open_one(item)
    form = ReportForm.from_record(
        {
            "realised": "1000",
            "narrative": "Semua posyandu sudah memasak menu ikan setempat dua kali sebulan penuh.",
            "achievements": [{"indicator": 1, "year": 2027, "value": "15", "note": "Survei"}],
        },
        innovation=item.innovation,
        actor=system(),
    )
    assert form.is_valid(), form.sentences()
    form.record()
    record_evaluation(system(), period, finding="Baik.", score=80, recommendation="Terus.")
    record_decision(system(), period, decision="improve", reason="Tambah desa.")
    section = sections_of(item.innovation)["monitoring"]
    assert value(section, "Achievements") == [["Prevalensi stunting", "2027", "15", "Survei"]]
    assert value(section, "Realised money") == 1000
    assert [value(section, label) for label in ("Score", "Reason")] == ["80", "Tambah desa."]
    assert str(value(section, "Decision")) == "Improve"


def test_sections_cost_a_bounded_number_of_queries(django_assert_max_num_queries):
    item = in_action_plan()
    open_one(item)
    with django_assert_max_num_queries(13):
        sections_of(item.innovation)
