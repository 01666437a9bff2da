"""Public addresses of issued instruments; they are printed in QR codes and never change."""

from django.urls import path

from .views import verify

urlpatterns = [
    path("verify/<uuid:token>/", verify.verify, name="verify"),
    path("verify/<uuid:token>/document/", verify.document, name="verify_document"),
]
