"""The screens of the auditor."""

from collections.abc import Callable

from django.db import transaction
from django.urls import reverse

from accounts.models import Office
from audit.evidence_requests import request_evidence
from audit.findings import follow_up, record_finding
from audit.models import Entry, EvidenceRequest, Finding, Sample
from audit.sampling import draw_sample
from tests.regency import person

from .screen import INITIATOR, READER, page
from .stock import Stock


def _entry(stock: Stock) -> Entry:
    return Entry.objects.filter(chain=stock.at("done").code, kind="sign_off")[0]


def _of_entry(name: str) -> Callable[[Stock], str]:
    def where(stock: Stock) -> str:
        entry = _entry(stock)
        return reverse(name, args=[entry.chain, entry.sequence])

    return where


def _finding(stock: Stock) -> Finding:
    """A finding with a follow-up, recorded when first asked for."""
    found = Finding.objects.first()
    if found is None:
        words = {"title": "Tanpa surat tugas", "text": "Tidak ada surat.", "weight": "major"}
        with transaction.atomic():
            found = record_finding(person(READER), _entry(stock), **words)
            follow_up(person(READER), found, "Sudah dibicarakan.")
    return found


def _request(stock: Stock) -> EvidenceRequest:
    """What the regional secretary was asked on the finding."""
    asked = EvidenceRequest.objects.first()
    if asked is None:
        office = Office.objects.get(code="sekda")
        with transaction.atomic():
            asked = request_evidence(
                person(READER),
                office,
                question="Unggah surat tugas.",
                working_days=5,
                finding=_finding(stock),
            )
    return asked


def _findings(stock: Stock) -> str:
    _finding(stock)
    return reverse("audit_findings")


def _requests(stock: Stock) -> str:
    _request(stock)
    return reverse("audit_requests")


def _sample(stock: Stock) -> str:
    stock.at("done")
    with transaction.atomic():
        drawn = Sample.objects.first() or draw_sample(person(READER), 1, seed="manggar")
    return reverse("audit_sample", args=[drawn.pk])


SCREENS = [
    page("home, auditor", READER, "/"),
    page("ledger", READER, "/audit/"),
    page("ledger, none fit", READER, "/audit/?q=tidak+ada"),
    page("ledger, wrong question", READER, "/audit/?since=kemarin"),
    page("ledger, not allowed", INITIATOR, "/audit/", 403),
    page("entry", READER, _of_entry("audit_entry")),
    page("finding, new", READER, _of_entry("audit_finding_new")),
    page("findings", READER, _findings),
    page("findings, closed, none", READER, "/audit/findings/?state=closed"),
    page("finding", READER, lambda stock: reverse("audit_finding", args=[_finding(stock).pk])),
    page("requests", READER, _requests),
    page("requests, none", INITIATOR, "/audit/requests/"),
    page("request, new", READER, "/audit/requests/new/"),
    page("request", READER, lambda stock: reverse("audit_request", args=[_request(stock).pk])),
    page(
        "request, to answer",
        "sekda",
        lambda stock: reverse("audit_request", args=[_request(stock).pk]),
    ),
    page("samples", READER, "/audit/samples/"),
    page("sample", READER, _sample),
]
