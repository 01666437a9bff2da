"""Public addresses of issued instruments; those in QR codes and feeds never change."""

from django.urls import path

from .feeds import instruments_atom
from .views import public, verify

urlpatterns = [
    path("verify/", verify.verify_search, name="verify_search"),
    path("verify/sha256/<slug:sha256>/", verify.verify_sha256, name="verify_sha256"),
    path("verify/<uuid:token>/", verify.verify, name="verify"),
    path("verify/<uuid:token>/data.json", verify.verify_data, name="verify_data"),
    path("verify/<uuid:token>/abstract.txt", verify.verify_abstract, name="verify_abstract"),
    path("verify/<uuid:token>/document/", verify.document, name="verify_document"),
    path("instruments/", public.instruments, name="instruments"),
    path("instruments/atom.xml", instruments_atom, name="instruments_atom"),
    path("jdih/instruments.json", public.jdih_feed, name="jdih_feed"),
]
