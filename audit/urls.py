from django.urls import path

from .views import checkpoints, entries, findings, history, requests, samples, search

urlpatterns = [
    path("audit/", search.search, name="audit"),
    path("audit/searches/", search.search_save, name="audit_search_save"),
    path("audit/searches/<int:pk>/", search.search_delete, name="audit_search_delete"),
    path("audit/checkpoints/", checkpoints.checkpoints, name="audit_checkpoints"),
    path(
        "audit/checkpoints/<int:number>/",
        checkpoints.checkpoint,
        name="audit_checkpoint",
    ),
    path(
        "audit/checkpoints/<int:number>/statement.txt",
        checkpoints.checkpoint_statement,
        name="audit_checkpoint_statement",
    ),
    path("audit/entries/<str:code>/<int:sequence>/", entries.entry, name="audit_entry"),
    path("audit/entries/<str:code>/<int:sequence>/proof.json", entries.proof, name="audit_proof"),
    path(
        "audit/entries/<str:code>/<int:sequence>/finding/",
        entries.finding_new,
        name="audit_finding_new",
    ),
    path("audit/findings/", findings.findings, name="audit_findings"),
    path("audit/findings/<int:pk>/", findings.finding, name="audit_finding"),
    path("audit/requests/", requests.requests, name="audit_requests"),
    path("audit/requests/new/", requests.request_new, name="audit_request_new"),
    path("audit/requests/<int:pk>/", requests.evidence_request, name="audit_request"),
    path(
        "audit/requests/<int:pk>/document/",
        requests.request_document,
        name="audit_request_document",
    ),
    path("audit/samples/", samples.samples, name="audit_samples"),
    path("audit/samples/<int:pk>/", samples.sample, name="audit_sample"),
    path("cases/<slug:code>/history/", history.case_history, name="case_history"),
    path(
        "cases/<slug:code>/history/<str:model>/<int:a>/<int:b>/",
        history.case_diff,
        name="case_diff",
    ),
]
