import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from innovations.models import Trial
from legal_basis.clauses import drafted, texts_of, written
from legal_basis.library import (
    CONDITIONS,
    VARIABLES,
    check_template,
    filled,
    names_in,
    samples,
    values_of,
)
from legal_basis.master_data import load_master_data
from legal_basis.models import ClauseVersion, Instrument, LibraryClause
from tests.innovations.factories import UnitFactory
from tests.legal_basis.factories import draft, facts, innovation, system

KINDS, PURPOSES = Instrument.Kind, Instrument.Purpose
in_database = [pytest.mark.integration, pytest.mark.django_db]


def load() -> None:
    with acting_as(system()):
        load_master_data.__wrapped__(system())  # type: ignore[attr-defined]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("Menunjuk {owner}.", {"owner": "Camat"}, "Menunjuk Camat."),
        ("A[[, dan {custodian}]].", {"custodian": "Lurah"}, "A, dan Lurah."),
        ("A[[, dan {custodian}]].", {}, "A."),
        ("[[{cost}||Tanpa biaya]].", {}, "Tanpa biaya."),
        ("[[{cost}||Tanpa biaya]].", {"cost": "Rp1"}, "Rp1."),
        ("pada {cost}.", {"cost": ":\na. satu"}, "pada:\na. satu."),
        ("dimaksud {ref:need} {owner}", {"owner": "X"}, "dimaksud {ref:need} X"),
        ("Nama {innovation}.", {"innovation": "{owner} [[x]]"}, "Nama {owner} [[x]]."),
    ],
)
def test_wording_is_filled_in(template, values, text):
    assert filled(template, values) == text


@pytest.mark.unit
@pytest.mark.parametrize(
    "template", ["Tanpa apa pun.", "{owner} {ref:need}", "[[{cost}||x]]", "[tugas] Camat."]
)
def test_wording_that_holds(template):
    check_template(template)


@pytest.mark.unit
@pytest.mark.parametrize(
    "template", ["{owner", "owner}", "[[{owner}", "{owner}]]", "a||b", "[[a [[b]] c]]", "{Owner}"]
)
def test_wording_with_a_brace_that_stands_alone_is_refused(template):
    with pytest.raises(ValidationError, match="stands alone.*{innovation}"):
        check_template(template)


@pytest.mark.unit
def test_unknown_variable_is_refused_with_those_that_are_known():
    with pytest.raises(ValidationError) as error:
        check_template("Menunjuk {boss}.")
    known = ", ".join(f"{{{name}}}" for name in VARIABLES)
    assert error.value.messages == [f"Text: {{boss}} is not known. Known are: {known}."]


@pytest.mark.unit
def test_conditions_look_at_what_is_known():
    held = {name for name, condition in CONDITIONS.items() if condition.holds(samples())}
    bare = {name for name, condition in CONDITIONS.items() if condition.holds({})}
    assert (held, bare) == (set(CONDITIONS) - {"no_cost"}, {"", "no_cost"})


class TestInDatabase:
    pytestmark = in_database

    def test_every_variable_has_a_value_in_every_case(self):
        assert set(values_of(innovation(), facts())) == set(VARIABLES)

    def test_every_clause_holds_and_names_known_conditions(self):
        load()
        for version in ClauseVersion.objects.all():
            check_template(version.text)
        used = set(LibraryClause.objects.values_list("applies", flat=True))
        assert used - set(CONDITIONS) == set()

    @pytest.mark.parametrize("kind", KINDS.values)
    @pytest.mark.parametrize("purpose", PURPOSES.values)
    def test_library_has_clauses_for_every_kind_and_purpose(self, kind, purpose):
        load()
        rows = drafted(samples(), kind, purpose)
        main = "body" if kind == KINDS.REGENT_REGULATION else "dicta"
        assert [bool(rows[block]) for block in ("considerations", main)] == [True, True]

    def test_references_of_the_library_lead_to_keys_of_the_same_instrument(self):
        for kind in KINDS.values:
            for purpose in PURPOSES.values:
                load()
                texts = [
                    t
                    for found in texts_of(drafted(samples(), kind, purpose)).values()
                    for t in found.items()
                ]
                keys = {key for key, _text in texts}
                said = " ".join(text for _key, text in texts)
                wanted = {part.split("}")[0] for part in said.split("{ref:")[1:]}
                labels = {part.split("]")[0] for part in said.split("[")[1:]}
                assert wanted - keys - labels == set()

    def test_rows_know_the_version_they_come_from(self):
        assert {row["version"] for row in draft().content["dicta"]} == {1}

    def test_references_stay_tokens_in_the_draft(self):
        texts = {row["key"]: row["text"] for row in draft().content["dicta"]}
        assert texts["responsibility"] == (
            "Menunjuk Kepala Dinas Kesehatan sebagai penanggung jawab pertama pelaksanaan "
            "Inovasi Daerah sebagaimana dimaksud {ref:stipulation}, dan Kepala Puskesmas Gantung "
            "sebagai penanggung jawab kedua yang menjamin keberlanjutan pelaksanaan apabila "
            "penanggung jawab pertama berhalangan atau berganti."
        )

    def test_owner_without_custodian_stands_alone(self):
        texts = {row["key"]: row["text"] for row in draft(custodian="").content["dicta"]}
        assert texts["responsibility"].endswith("dimaksud {ref:stipulation}.")

    def test_successful_trial_is_told(self):
        subject = innovation()
        with acting_as(system()):
            Trial.objects.create(
                innovation=subject,
                revision=1,
                laboratory=UnitFactory(name="Puskesmas Gantung"),
                start=datetime.date(2026, 2, 2),
                end=datetime.date(2026, 5, 29),
                result="apply",
            )
        load()
        assert written(subject, facts())["considerations"]["trial"] == (
            "bahwa Inovasi Daerah sebagaimana dimaksud {ref:need} telah diuji coba pada Puskesmas "
            "Gantung sejak tanggal 2 Februari 2026 sampai dengan tanggal 29 Mei 2026 dan "
            "dinyatakan layak untuk diterapkan"
        )

    def test_regulation_counts_its_letters_itself(self):
        lines = values_of(innovation(), facts(), KINDS.REGENT_REGULATION)["cost"].splitlines()
        assert [line[:2] for line in lines] == [":", "- ", "- "]

    def test_amended_regulation_is_cited_with_its_year(self):
        told = facts(target_number="64", target_dated=datetime.date(2014, 5, 1))
        assert values_of(innovation(), told)["target_number"] == "64 Tahun 2014"

    def test_revocation_names_what_it_revokes(self):
        load()
        told = facts(
            target_form="Keputusan Bupati Belitung Timur",
            target_number="100.3.3.2/012/KUM/2026",
            target_title="Penetapan SIE CANTIK.",
        )
        found = written(innovation(), told, KINDS.REGENT_DECREE, PURPOSES.REVOKE)
        assert found["dicta"]["revocation"] == (
            "Mencabut dan menyatakan tidak berlaku Keputusan Bupati Belitung Timur Nomor "
            "100.3.3.2/012/KUM/2026 tentang Penetapan SIE CANTIK."
        )

    def test_reading_the_library_costs_one_query(self, django_assert_num_queries):
        load()
        with django_assert_num_queries(1):
            drafted(samples(), KINDS.REGENT_DECREE, PURPOSES.STIPULATE)


@pytest.mark.unit
def test_names_in_order_of_writing():
    assert names_in("{owner} [[{cost}]] {ref:need}") == ["owner", "cost"]
