import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from legal_basis.clauses import drafted, texts_of
from legal_basis.form_rules import check_form, findings_of
from legal_basis.models import Instrument, LegalSource
from tests.legal_basis.factories import draft, innovation, number, system

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


def rows(instrument: Instrument, block: str, **texts: str) -> None:
    """Put other texts into the rows with these keys; a new key makes a new row."""
    found = {row["key"]: dict(row) for row in instrument.content[block]}
    for key, text in texts.items():
        found[key] = found.get(key, {"key": key}) | {"text": text}
    instrument.content[block] = list(found.values())


def faults(instrument: Instrument) -> list[tuple[str, str]]:
    return [(one.place, one.rule) for one in findings_of(instrument) if one.is_fault]


def hints(instrument: Instrument) -> set[str]:
    return {one.rule for one in findings_of(instrument) if not one.is_fault}


def regulation() -> Instrument:
    """A regulation as the library writes it."""
    instrument = draft()
    values = instrument.content["values"]
    instrument.kind = Instrument.Kind.REGENT_REGULATION
    found = drafted(values, instrument.kind, Instrument.Purpose.STIPULATE)
    instrument.content |= found | {"assembled": texts_of(found)}
    return instrument


def test_assembled_decree_breaks_no_rule():
    assert faults(draft()) == []


def test_assembled_regulation_breaks_no_rule():
    assert faults(regulation()) == []


def test_citation_that_is_not_verified_is_a_hint_alone():
    assert hints(draft()) == {"bases"}


def test_no_instrument_has_no_findings():
    assert findings_of(None) == []


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Penetapan Inovasi Kab. Belitung Timur", "title"),
        ("Penetapan SIE CANTIK.", "title"),
        (" ", "subject"),
    ],
)
def test_title_that_breaks_a_rule(title, rule):
    instrument = draft()
    instrument.title = title
    assert faults(instrument) == [("Title", rule)]


@pytest.mark.parametrize("text", ["perlu ditetapkan", "bahwa perlu ditetapkan, dan", "bahwa ini:"])
def test_consideration_without_its_first_word_or_its_end(text):
    instrument = draft()
    rows(instrument, "considerations", review=text)
    assert faults(instrument) == [("Menimbang huruf b", "considerations")]


def test_instrument_without_considerations():
    instrument = draft()
    instrument.content["considerations"] = []
    assert faults(instrument) == [("Menimbang", "considerations")]


def test_revoked_basis_names_what_revoked_it():
    instrument = draft()
    source = LegalSource.objects.get(key="pp-12-2019")
    source.in_force, source.revoked_by = False, LegalSource.objects.get(key="uu-6-2023")
    with acting_as(system()):
        source.save()
    (fault,) = [one for one in findings_of(instrument) if one.is_fault]
    assert (fault.place, fault.sentence) == (
        "Mengingat angka 6",
        "“Peraturan Pemerintah Nomor 12 Tahun 2019” was revoked by Undang-Undang Nomor 6 Tahun "
        "2023. Cite that one, or another.",
    )


def test_basis_without_number():
    instrument = draft()
    placeholder = LegalSource.objects.get(key="perda-apbd")
    with acting_as(system()):
        instrument.bases.create(source=placeholder, order=9)
    assert faults(instrument) == [("Mengingat angka 9", "bases")]


def test_bases_in_another_order():
    instrument = draft()
    last = instrument.bases.last()
    with acting_as(system()):
        last.order = 0
        last.save()
    assert faults(instrument) == [("Mengingat", "bases")]


def test_instrument_without_bases():
    instrument = draft()
    with acting_as(system()):
        for basis in instrument.bases.all():
            basis.delete()
    assert faults(instrument) == [("Mengingat", "bases")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "clauses"),
        ("Mengubah ketentuan sebagai berikut:\n…", "clauses"),
        ("KEDUA : Menunjuk Kepala Dinas.", "clauses"),
        ("Sebagaimana dimaksud {ref:nowhere} berlaku.", "references"),
        ("Keputusan ini mulai berlaku pada tanggal ditetapkan.", "closing"),
    ],
)
def test_dictum_that_breaks_a_rule(text, rule):
    instrument = draft()
    rows(instrument, "dicta", responsibility=text)
    assert faults(instrument) == [("Diktum KEDUA", rule)]


def test_typed_reference_is_a_hint():
    instrument = draft()
    rows(instrument, "dicta", responsibility="Sebagaimana dimaksud dalam Diktum KESATU.")
    assert (faults(instrument), "references" in hints(instrument)) == ([], True)


def test_name_with_a_title():
    for name in ("Dr. Rahmi Puspasari", "Rahmi Puspasari, S.E.", "Rahmi Puspasari M.Si"):
        instrument = draft()
        instrument.signatory_name = name
        assert faults(instrument) == [("Signature block", "signatory")]


def test_annex_that_no_clause_names():
    instrument = draft()
    rows(instrument, "dicta", stipulation="Menetapkan SIE CANTIK.", monitoring="Dipantau.")
    assert faults(instrument) == [("Lampiran", "annex")]


def test_annex_that_is_named_and_missing():
    instrument = draft()
    instrument.content["annex"] = None
    assert faults(instrument) == [("Diktum KESATU", "annex")]


def test_annex_that_nobody_signs():
    instrument = draft()
    instrument.signatory_capacity = ""
    assert faults(instrument) == [("Lampiran", "annex")]


@pytest.mark.parametrize(
    "text",
    [
        "Segala biaya dibebankan pada APBD.",
        "Biaya dibebankan pada Tahun Anggaran 2026 sebesar Rp1,00 (satu rupiah).",
    ],
)
def test_cost_clause_without_the_committed_money(text):
    instrument = draft()
    rows(instrument, "dicta", cost=text)
    assert faults(instrument) == [("Diktum KELIMA", "cost")]


def test_committed_money_that_no_clause_names():
    instrument = draft()
    instrument.content["dicta"] = instrument.content["dicta"][:-1]
    assert faults(instrument) == [("Diktum", "cost")]


def test_further_clause_that_charges_a_budget_without_a_line():
    instrument = draft(cost=[])
    rows(instrument, "dicta", more="Honorarium dibebankan pada APBD.")
    assert faults(instrument) == [("Diktum KEENAM", "cost")]


def test_regulation_without_closing_chapter():
    instrument = regulation()
    instrument.content["body"] = instrument.content["body"][:-1]
    assert faults(instrument) == [("BAB VI", "closing")]


def test_chapter_without_article():
    instrument = regulation()
    body = instrument.content["body"]
    instrument.content["body"] = [row for row in body if row["key"] not in ("cost",)]
    assert faults(instrument)[0] == ("BAB VI", "clauses")


def test_regulation_that_orders_its_promulgation_twice():
    instrument = regulation()
    rows(instrument, "body", replication="Bupati memerintahkan pengundangan.")
    assert faults(instrument) == [("Pasal 7", "closing")]


def test_end_before_the_beginning():
    instrument = draft()
    instrument.in_force_from = datetime.date(2026, 5, 2)
    instrument.in_force_until = datetime.date(2026, 5, 1)
    assert faults(instrument) == [("In force until", "dates")]


def test_stipulation_that_names_no_innovation_is_a_hint():
    instrument = draft(innovation(name="KERITAK"))
    instrument.title = "Penetapan Lain"
    rows(instrument, "dicta", stipulation="Menetapkan sebagaimana dalam Lampiran.")
    assert (faults(instrument), hints(instrument)) == ([], {"bases", "subject"})


def test_check_names_place_and_mend_of_each_fault():
    instrument = draft()
    instrument.title = "Penetapan."
    rows(instrument, "considerations", need="perlu")
    with pytest.raises(ValidationError) as error:
        check_form(instrument)
    assert error.value.messages == [
        "Title: “Penetapan.” is an abbreviation or ends with a full stop. Write it out.",
        "Menimbang huruf a: It does not start with “bahwa”. Add the word.",
    ]


def test_draft_with_a_fault_takes_no_number():
    instrument = draft()
    rows(instrument, "dicta", responsibility="")
    with acting_as(system()):
        instrument.save()
    with pytest.raises(ValidationError, match="Diktum KEDUA"):
        number(instrument)


def test_looking_costs_three_queries(django_assert_num_queries):
    instrument = draft()
    instrument.innovation.name  # noqa: B018
    with django_assert_num_queries(3):
        findings_of(instrument)
