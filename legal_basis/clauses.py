"""What the program writes into a Keputusan Bupati: one function a clause, in order of print."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from django.conf import settings

from innovations.models import Innovation

from .wording import amount, counted, first_sentence, long_date, lowered

BLOCKS = ("considerations", "noting", "dicta")
LONGEST_QUOTE = 600


class CostPart(TypedDict):
    """One amount of the cost dictum."""

    fiscal_year: int
    amount: Decimal
    source: str
    sub_activity: NotRequired[str]


class AnnexRow(TypedDict):
    """One indicator of the annex; `targets` maps a year to its value, all values as printed."""

    pillar: str
    programme: str
    indicator: str
    measure: str
    baseline: str
    targets: dict[int, str]


class DraftFacts(TypedDict):
    """What the caller tells of the case; titles are printed as they come, all texts Indonesian."""

    signatory_office: str
    owner: NotRequired[str]
    custodian: NotRequired[str]
    coordinator: NotRequired[str]
    monitoring_months: NotRequired[int]
    pillar: NotRequired[str]
    programme: NotRequired[str]
    cost: NotRequired[Sequence[CostPart]]
    annex_rows: NotRequired[Sequence[AnnexRow]]
    copy_recipients: NotRequired[Sequence[str]]


Writer = Callable[[Innovation, DraftFacts], str]


def written(innovation: Innovation, facts: DraftFacts) -> dict[str, dict[str, str]]:
    """Every clause the facts allow, by block and key, without the computed closing ones."""
    return {
        block: {key: text for key, write in writers.items() if (text := write(innovation, facts))}
        for block, writers in WRITERS.items()
    }


def need(innovation: Innovation, facts: DraftFacts) -> str:
    """Why the innovation is wanted, from its objective."""
    aim = lowered(first_sentence(innovation.objective))[:LONGEST_QUOTE]
    return (
        f"bahwa dalam rangka {aim}, diperlukan Inovasi Daerah {innovation.name} "
        f"yang dikelola oleh {innovation.owning_unit.name}"
    )


def review(innovation: Innovation, facts: DraftFacts) -> str:
    """That the independent panel found it fit (PP 38/2017)."""
    return (
        "bahwa Inovasi Daerah sebagaimana dimaksud dalam huruf a telah diverifikasi oleh tim "
        "independen dan memenuhi kriteria Inovasi Daerah sebagaimana diatur dalam Peraturan "
        "Pemerintah Nomor 38 Tahun 2017 tentang Inovasi Daerah, sehingga layak untuk ditetapkan"
    )


def trial(innovation: Innovation, facts: DraftFacts) -> str:
    """That its trial succeeded, or since when it already runs."""
    done = innovation.trials.filter(result="apply").order_by("pk").last()
    if done:
        return (
            f"bahwa Inovasi Daerah sebagaimana dimaksud dalam huruf a telah diuji coba pada "
            f"{done.laboratory.name} sejak tanggal {long_date(done.start)} sampai dengan tanggal "
            f"{long_date(done.end)} dan dinyatakan layak untuk diterapkan"
        )
    if innovation.already_running and innovation.running_since:
        return (
            "bahwa Inovasi Daerah sebagaimana dimaksud dalam huruf a telah diterapkan sejak "
            f"tanggal {long_date(innovation.running_since)} dan perlu diberi dasar hukum untuk "
            "menjamin keberlanjutannya"
        )
    return ""


def plan(innovation: Innovation, facts: DraftFacts) -> str:
    """That it serves the plan: its lead pillar and programme."""
    if not (facts.get("pillar") and facts.get("programme")):
        return ""
    return (
        "bahwa Inovasi Daerah sebagaimana dimaksud dalam huruf a selaras dengan pilar prioritas "
        f"{facts['pillar']} dan {_programme(facts['programme'])}"
    )


def stipulation(innovation: Innovation, facts: DraftFacts) -> str:
    """What is stipulated."""
    return (
        f"Menetapkan {innovation.name} yang dikelola oleh {innovation.owning_unit.name} "
        f"sebagai Inovasi Daerah {settings.REGION['name']}{_by_annex(facts)}."
    )


def responsibility(innovation: Innovation, facts: DraftFacts) -> str:
    """Who owns it, and who keeps it alive when the owner is gone."""
    if not facts.get("owner"):
        return ""
    custodian = (
        f", dan {facts['custodian']} sebagai penanggung jawab kedua yang menjamin keberlanjutan "
        "pelaksanaan apabila penanggung jawab pertama berhalangan atau berganti"
        if facts.get("custodian")
        else ""
    )
    return (
        "Menunjuk "
        f"{facts['owner']} sebagai penanggung jawab pertama pelaksanaan Inovasi Daerah "
        f"sebagaimana dimaksud dalam Diktum KESATU{custodian}."
    )


def application(innovation: Innovation, facts: DraftFacts) -> str:
    """From when it is applied, for how long the money is committed, and who reports to whom."""
    to_whom = f" melalui {facts['coordinator']}" if facts.get("coordinator") else ""
    return (
        "Inovasi Daerah sebagaimana dimaksud dalam Diktum KESATU diterapkan terhitung sejak "
        f"Keputusan Bupati ini mulai berlaku{_until(facts)}, dan penanggung jawab wajib "
        f"melaporkan pelaksanaannya secara tertulis kepada Bupati{to_whom} paling sedikit 1 (satu) "
        f"kali dalam {counted(facts.get('monitoring_months', 12))} bulan."
    )


def monitoring(innovation: Innovation, facts: DraftFacts) -> str:
    """Who monitors and evaluates it, how often, by what."""
    by = facts.get("coordinator") or "perangkat daerah yang membidangi perencanaan"
    return (
        f"Pemantauan dan evaluasi pelaksanaan Inovasi Daerah dilakukan oleh {by} setiap "
        f"{counted(facts.get('monitoring_months', 12))} bulan berdasarkan indikator dan target"
        f"{_as_in_annex(facts)}, sebagai dasar untuk melanjutkan, memperbaiki, memperbarui, "
        "mereplikasi, atau mengakhiri penerapannya."
    )


def cost(innovation: Innovation, facts: DraftFacts) -> str:
    """On which money of which fiscal years it rests."""
    parts = [_cost_part(part) for part in facts.get("cost", [])]
    if not parts:
        return (
            "Keputusan Bupati ini dilaksanakan tanpa pembebanan biaya baru pada Anggaran "
            "Pendapatan dan Belanja Daerah."
        )
    opening = (
        "Segala biaya yang timbul sebagai akibat ditetapkannya Keputusan Bupati ini dibebankan pada"
    )
    if len(parts) == 1:
        return f"{opening} {parts[0]}."
    lines = [f"{chr(96 + n)}. {part};" for n, part in enumerate(parts, start=1)]
    lines[-2] += " dan"
    return "\n".join([f"{opening}:", *lines])[:-1] + "."


def annex(innovation: Innovation, facts: DraftFacts) -> dict[str, Any] | None:
    """The table of pillars, programme, indicators, baseline and yearly targets."""
    rows = facts.get("annex_rows", [])
    if not rows:
        return None
    years = sorted({year for row in rows for year in row["targets"]})
    return {
        "title": f"PILAR, PROGRAM, INDIKATOR, DAN TARGET INOVASI DAERAH {innovation.name.upper()}",
        "columns": [
            *("No.", "Pilar Prioritas (Bobot)", "Program", "Indikator", "Satuan", "Kondisi Awal"),
            *(f"Target {year}" for year in years),
        ],
        "rows": [
            [
                f"{number}.",
                *(row["pillar"], row["programme"], row["indicator"]),
                *(row["measure"], row["baseline"]),
                *(row["targets"].get(year, "-") for year in years),
            ]
            for number, row in enumerate(rows, start=1)
        ],
    }


def copy_recipients(facts: DraftFacts) -> list[str]:
    """Who gets a copy: those the caller names, else the officials whom the text charges."""
    named = list(facts.get("copy_recipients", []))
    charged = [facts.get("owner"), facts.get("custodian"), facts.get("coordinator")]
    return named or list(dict.fromkeys(name for name in charged if name))


def _programme(name: str) -> str:
    return name if name.lower().startswith("program") else f"Program {name}"


def _by_annex(facts: DraftFacts) -> str:
    if not facts.get("annex_rows"):
        return ""
    return (
        ", dengan pilar prioritas, program, indikator, dan target sebagaimana tercantum dalam "
        "Lampiran yang merupakan bagian tidak terpisahkan dari Keputusan Bupati ini"
    )


def _as_in_annex(facts: DraftFacts) -> str:
    return " sebagaimana tercantum dalam Lampiran" if facts.get("annex_rows") else ""


def _until(facts: DraftFacts) -> str:
    years = [part["fiscal_year"] for part in facts.get("cost", [])]
    return f" sampai dengan akhir Tahun Anggaran {max(years)}" if years else ""


def _cost_part(part: CostPart) -> str:
    """Sources other than the budget are named as they are; the year and the amount always."""
    line = f" pada sub kegiatan {part['sub_activity']}" if part.get("sub_activity") else ""
    return (
        f"Tahun Anggaran {part['fiscal_year']} sebesar {amount(part['amount'])} "
        f"yang bersumber dari {part['source']}{line}"
    )


WRITERS: dict[str, dict[str, Writer]] = {
    "considerations": {"need": need, "review": review, "trial": trial, "plan": plan},
    "noting": {},
    "dicta": {
        "stipulation": stipulation,
        "responsibility": responsibility,
        "application": application,
        "monitoring": monitoring,
        "cost": cost,
    },
}
