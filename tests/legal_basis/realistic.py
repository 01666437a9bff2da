"""A decree and a regulation as long and as rich as those that a regency makes."""

from typing import Any

from accounts.acting import acting_as
from legal_basis.models import Instrument

from .factories import draft, number, secretary, system

CHAPTERS = [
    ("bab", "", "Ketentuan Umum"),
    (
        "pasal",
        "definisi",
        "Dalam Peraturan Bupati ini yang dimaksud dengan:\n"
        "-- Daerah adalah Kabupaten Belitung Timur.\n"
        "-- Bupati adalah Bupati Belitung Timur.\n"
        "-- Inovasi Daerah adalah semua bentuk pembaharuan dalam penyelenggaraan pemerintahan "
        "Daerah.",
    ),
    (
        "pasal",
        "tujuan",
        "Penerapan Inovasi Daerah bertujuan untuk:\n- meningkatkan mutu pelayanan publik\n"
        "- memberdayakan masyarakat\n- meningkatkan daya saing Daerah",
    ),
    ("bab", "", "Penerapan Inovasi Daerah"),
    ("bagian", "", "Penetapan"),
    (
        "pasal",
        "penetapan",
        "[ditetapkan] Menetapkan SIE CANTIK dan SIPESPA sebagai Inovasi Daerah.\n"
        "Pilar, program, indikator, dan target Inovasi Daerah sebagaimana dimaksud "
        "{ref:ditetapkan} tercantum dalam Lampiran yang merupakan bagian tidak terpisahkan dari "
        "Peraturan Bupati ini.",
    ),
    ("bagian", "", "Pelaksana"),
    (
        "pasal",
        "pelaksana",
        "Inovasi Daerah sebagaimana dimaksud {ref:ditetapkan} dilaksanakan oleh Dinas Kesehatan.\n"
        "[tugas] Dalam melaksanakan Inovasi Daerah, Dinas Kesehatan:\n"
        "- menyusun rencana penerapan yang memuat:\n-- jadwal\n-- anggaran\n"
        "- [lapor] melaporkan hasil penerapan kepada Bupati setiap 6 (enam) bulan\n"
        "Tugas sebagaimana dimaksud {ref:tugas} dilaksanakan bersama Puskesmas.",
    ),
    (
        "pasal",
        "",
        "Laporan sebagaimana dimaksud {ref:lapor} disampaikan melalui Kepala Badan Perencanaan "
        "Pembangunan, Penelitian, dan Pengembangan Daerah.",
    ),
    ("bab", "", "Pemantauan, Evaluasi, dan Pembiayaan"),
    ("pasal", "", "Pemantauan dan evaluasi dilakukan paling sedikit 2 (dua) kali dalam setahun."),
    (
        "pasal",
        "",
        "Biaya dibebankan kepada:\n- Anggaran Pendapatan dan Belanja Daerah Tahun Anggaran 2026 "
        "sebesar Rp150.000.000,00; dan/atau\n- sumber lain yang sah dan tidak mengikat",
    ),
    ("bab", "", "Ketentuan Penutup"),
]
COLUMNS = [
    *("No.", "Pilar", "Program", "Indikator kinerja", "Satuan", "Data awal"),
    *("Target 2026", "Target 2027", "Target 2028"),
]
ROWS = [
    [
        *("1", "Kesehatan (70%); Pendidikan (30%)", "Program Pemenuhan Upaya Kesehatan"),
        *("Calon pengantin yang diskrining", "persen", "41,2 (2025)", "60", "85", "95"),
    ],
    [
        *("2", "Pemerintahan", "Program Perencanaan dan Pertanggungjawaban"),
        *("Perangkat Daerah yang menganggarkan", "perangkat", "12 (2025)", "20", "27", "31"),
    ],
]
PARTS = [
    {"title": "A. SIE CANTIK", "columns": COLUMNS, "rows": ROWS},
    {"title": "B. SIPESPA", "columns": COLUMNS, "rows": ROWS[:1]},
]


def regulation_draft(**content: Any) -> Instrument:
    """Three chapters, two parts, seven articles and the computed last one, an annex of two."""
    made = draft()
    with acting_as(system()):
        made.kind = Instrument.Kind.REGENT_REGULATION
        made.title = "Penerapan SIE CANTIK dan SIPESPA sebagai Inovasi Daerah"
        made.content |= {
            "body": [{"unit": unit, "key": key, "text": text} for unit, key, text in CHAPTERS],
            "annex": {"title": "TARGET INOVASI DAERAH", "parts": PARTS},
        } | content
        made.save()
    return made


def numbered_regulation() -> Instrument:
    """The same with its number, its place in the gazette and who promulgates it."""
    made = regulation_draft()
    number(made, secretary())
    return made
