"""Public addresses of issued instruments; they are printed in QR codes and never change."""

from django.urls import path

from . import views

urlpatterns = [
    path("verify/<uuid:token>/", views.verify, name="verify"),
    path("verify/<uuid:token>/document/", views.document, name="verify_document"),
]
