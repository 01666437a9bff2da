"""Public addresses of issued instruments, which never change; clause library and law."""

from django.urls import path

from .feeds import instruments_atom
from .views import law, library, public, verify

urlpatterns = [
    path("verify/", verify.verify_search, name="verify_search"),
    path("verify/sha256/<slug:sha256>/", verify.verify_sha256, name="verify_sha256"),
    path("verify/<uuid:token>/", verify.verify, name="verify"),
    path("verify/<uuid:token>/data.json", verify.verify_data, name="verify_data"),
    path("verify/<uuid:token>/abstract.txt", verify.verify_abstract, name="verify_abstract"),
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
    path("instruments/", public.instruments, name="instruments"),
    path("instruments/atom.xml", instruments_atom, name="instruments_atom"),
    path("jdih/instruments.json", public.jdih_feed, name="jdih_feed"),
]
