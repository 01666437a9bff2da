import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from legal_basis.anatomy import anatomy_of
from legal_basis.drafting import assemble, cite, current_instrument, edit
from legal_basis.master_data import load_master_data
from legal_basis.models import Instrument, LegalSource
from legal_basis.numbering import cancel_number
from legal_basis.signals import instrument_assembled, instrument_edited
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import draft, facts, innovation, number, numbered, system

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


def again(instrument: Instrument, **changed) -> Instrument:
    with transaction.atomic():
        return assemble(system(), instrument.innovation, facts(**changed))


def edited(instrument: Instrument, **changed) -> Instrument:
    cleaned = {
        "title": instrument.title,
        "in_force_from": None,
        "legal_sources": [basis.source for basis in instrument.bases.all()],
        **{block: instrument.content[block] for block in ("considerations", "noting", "dicta")},
        "copy_recipients": instrument.content["copy_recipients"],
    }
    with transaction.atomic():
        return edit(system(), instrument, cleaned | changed)


def texts(instrument: Instrument, block: str) -> dict[str, str]:
    return {row["key"]: row["text"] for row in instrument.content[block]}


def test_assembled_title_names_innovation_and_region():
    assert draft(innovation(name="SIPESPA.COM")).title == (
        "Penetapan SIPESPA.COM sebagai Inovasi Daerah Kabupaten Belitung Timur"
    )


def test_assembled_draft_has_the_clauses_of_an_innovation_decree():
    instrument = draft()
    assert list(texts(instrument, "considerations")) == ["need", "review", "plan"]
    assert list(texts(instrument, "dicta")) == [
        "stipulation",
        "responsibility",
        "application",
        "monitoring",
        "cost",
    ]


def test_every_assembled_consideration_starts_with_bahwa():
    subject = innovation(already_running=True, running_since=datetime.date(2021, 3, 1))
    found = texts(draft(subject), "considerations")
    assert [text[:6] for text in found.values()] == ["bahwa "] * 4
    assert "telah diterapkan sejak tanggal 1 Maret 2021" in found["trial"]


def test_cost_of_one_year_is_one_sentence():
    part = {"fiscal_year": 2026, "amount": Decimal("5000000"), "source": "APBD"}
    assert texts(draft(cost=[part]), "dicta")["cost"] == (
        "Segala biaya yang timbul sebagai akibat ditetapkannya Keputusan Bupati ini dibebankan "
        "pada Tahun Anggaran 2026 sebesar Rp5.000.000,00 (lima juta rupiah) yang bersumber dari "
        "APBD."
    )


def test_cost_of_several_years_is_a_list():
    lines = texts(draft(), "dicta")["cost"].splitlines()
    assert [line[:2] for line in lines[1:]] == ["a.", "b."]
    assert (lines[1][-5:], lines[2][-1]) == ("; dan", ".")


def test_case_without_money_says_so():
    assert "tanpa pembebanan biaya baru" in texts(draft(cost=[]), "dicta")["cost"]


def test_annex_has_a_column_for_each_year():
    annex = draft().content["annex"]
    assert annex["columns"][-2:] == ["Target 2026", "Target 2027"]
    assert annex["rows"] == [
        [
            "1.",
            "Kesehatan (70%); Pendidikan (30%)",
            "Program Pemenuhan Upaya Kesehatan",
            "Calon pengantin yang diskrining",
            "persen",
            "41,2 (2025)",
            "60",
            "85",
        ]
    ]


def test_draft_without_indicators_has_no_annex_and_refers_to_none():
    instrument = draft(annex_rows=[])
    anatomy = anatomy_of(instrument)
    assert anatomy.annex is None
    assert [text for text in anatomy.texts() if "Lampiran" in text] == []


def test_legal_bases_stand_by_rank_then_year_then_number():
    keys = [basis.source.key for basis in draft().bases.select_related("source")]
    assert keys == [
        "uu-27-2000",
        "uu-5-2003",
        "uu-12-2011",
        "uu-23-2014",
        "pp-38-2017",
        "pp-12-2019",
        "permendagri-80-2015",
        "permendagri-104-2018",
    ]


def test_citing_keeps_the_order_whatever_was_chosen_first():
    instrument = draft()
    wanted = LegalSource.objects.filter(key__in=["permendagri-1-2023", "pp-38-2017", "uu-5-2003"])
    with transaction.atomic():
        edited(instrument, legal_sources=list(wanted.order_by("-year")))
    assert list(instrument.bases.values_list("source__key", "order")) == [
        ("uu-5-2003", 1),
        ("pp-38-2017", 2),
        ("permendagri-1-2023", 3),
    ]


def test_edit_stores_clauses_and_tells_upper_floors():
    heard = []
    instrument = draft()

    def hear(sender, instrument, actor, **_):
        heard.append((instrument.pk, actor))

    instrument_edited.connect(hear)
    edited(instrument, considerations=[{"key": "need", "text": "bahwa perlu"}])
    instrument_edited.disconnect(hear)
    assert heard == [(instrument.pk, system())]
    instrument.refresh_from_db()
    assert [c.text for c in anatomy_of(instrument).considerations][:1] == ["bahwa perlu;"]


def test_closing_consideration_follows_an_edit_of_title_and_number_of_considerations():
    instrument = draft()
    rows = [{"text": "bahwa satu;"}, {"text": "bahwa dua."}]
    after = edited(instrument, title="Penetapan Lain", considerations=rows)
    assert [clause.text for clause in anatomy_of(after).considerations] == [
        "bahwa satu;",
        "bahwa dua;",
        "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf b, "
        "perlu menetapkan Keputusan Bupati tentang Penetapan Lain;",
    ]


def test_edit_of_a_numbered_instrument_is_refused():
    instrument = numbered()
    with pytest.raises(ValidationError, match="can no longer be edited"):
        edited(instrument)


def test_edit_beyond_what_can_be_printed_is_refused():
    rows = [{"text": "kata " * 3_900}] * 6
    with pytest.raises(ValidationError, match="Shorten"):
        edited(draft(), dicta=rows)


def test_second_assembly_brings_the_same_draft_up_to_date():
    instrument = draft()
    after = again(instrument, monitoring_months=3)
    assert after.pk == instrument.pk
    assert "3 (tiga) bulan" in texts(after, "dicta")["monitoring"]


def test_second_assembly_keeps_a_clause_edited_by_hand():
    instrument = draft()
    rows = [
        row | {"text": "Diktum tangan."} if row["key"] == "responsibility" else row
        for row in instrument.content["dicta"]
    ]
    edited(instrument, dicta=[*rows, {"key": "", "text": "Tambahan tangan."}])
    after = again(instrument, monitoring_months=3)
    found = [row["text"] for row in after.content["dicta"]]
    assert (found[1], found[-1]) == ("Diktum tangan.", "Tambahan tangan.")
    assert "3 (tiga) bulan" in found[3]


def test_second_assembly_writes_a_clause_anew_whose_facts_changed():
    instrument = draft()
    rows = [
        row | {"text": "Biaya lain."} if row["key"] == "cost" else row
        for row in instrument.content["dicta"]
    ]
    edited(instrument, dicta=rows)
    part = {"fiscal_year": 2028, "amount": Decimal("7"), "source": "APBD"}
    assert "Tahun Anggaran 2028" in texts(again(instrument, cost=[part]), "dicta")["cost"]


def test_second_assembly_leaves_a_removed_clause_removed():
    instrument = draft()
    rows = [row for row in instrument.content["dicta"] if row["key"] != "monitoring"]
    edited(instrument, dicta=rows)
    assert "monitoring" not in texts(again(instrument), "dicta")


def test_second_assembly_drops_a_clause_whose_facts_are_gone():
    after = again(draft(), pillar="", programme="")
    assert "plan" not in texts(after, "considerations")


def test_assembly_beside_a_living_instrument_is_refused():
    instrument = numbered()
    with pytest.raises(ValidationError, match=instrument.number):
        again(instrument)


def test_assembly_after_a_cancelled_number_starts_from_its_text():
    instrument = draft()
    edited(instrument, title="Penetapan Lain")
    entry = number(instrument)
    with transaction.atomic():
        cancel_number(system(), entry, "Salah redaksi.")
    after = again(instrument)
    assert (after.pk != instrument.pk, after.status, after.title) == (
        True,
        Instrument.Status.DRAFT,
        "Penetapan Lain",
    )
    assert current_instrument(instrument.innovation) == after
    assert after.bases.count() == instrument.bases.count()


def test_assembly_sends_its_signal_with_the_actor():
    heard, drafter, subject = [], UserFactory(), innovation()

    def hear(sender, instrument, actor, **_):
        heard.append((sender, instrument.innovation, actor))

    instrument_assembled.connect(hear)
    with transaction.atomic():
        load_master_data(system())
        assemble(drafter, subject, facts())
    instrument_assembled.disconnect(hear)
    assert heard == [(Instrument, subject, drafter)]


def test_draft_shows_who_holds_the_office_today():
    instrument = draft()
    assert (instrument.signatory_name, instrument.signatory_capacity) == (
        "Rahmi Puspasari",
        "Bupati Belitung Timur",
    )


def test_innovation_without_instrument_has_none():
    assert current_instrument(innovation()) is None


def test_citing_nothing_new_writes_no_history():
    instrument = draft()
    before = instrument.bases.model.history.count()
    cite(instrument, [basis.source for basis in instrument.bases.all()])
    assert instrument.bases.model.history.count() == before


def test_lines_of_a_dictum_become_letters_and_paragraphs():
    rows = [{"text": "Tugasnya:\na. menilai; dan\nb. melapor.\nSelain itu tidak ada."}]
    first = anatomy_of(edited(draft(), dicta=rows)).dicta[0]
    assert (first.label, first.text) == ("KESATU", "Tugasnya:")
    assert [(item.label, item.text) for item in first.items] == [
        ("a.", "menilai; dan"),
        ("b.", "melapor."),
        ("", "Selain itu tidak ada."),
    ]


def test_stated_start_is_printed_in_the_last_dictum():
    instrument = edited(draft(), in_force_from=datetime.date(2999, 1, 2))
    assert anatomy_of(instrument).dicta[-1].text.endswith("pada tanggal 2 Januari 2999.")
