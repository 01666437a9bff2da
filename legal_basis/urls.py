"""Public addresses of issued instruments, which never change; clause library and law."""

from django.urls import path

from .views import law, library, verify

urlpatterns = [
    path("verify/<uuid:token>/", verify.verify, name="verify"),
    path("verify/<uuid:token>/document/", verify.document, name="verify_document"),
    path("library/", library.library, name="library"),
    path("library/<int:pk>/", library.clause, name="library_clause"),
    path("library/<int:pk>/new/", library.clause_new, name="library_clause_new"),
    path("law/", law.law, name="law"),
    path("law/new/", law.source_new, name="law_new"),
    path("law/<slug:key>/", law.source, name="law_source"),
    path("law/<slug:key>/edit/", law.source_edit, name="law_edit"),
    path("law/<slug:key>/amendment/", law.source_amend, name="law_amend"),
    path("law/<slug:key>/revocation/", law.source_revoke, name="law_revoke"),
]
