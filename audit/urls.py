from django.urls import path

from . import views

urlpatterns = [
    path("cases/<slug:code>/history/", views.case_history, name="case_history"),
    path(
        "cases/<slug:code>/history/<str:model>/<int:a>/<int:b>/",
        views.case_diff,
        name="case_diff",
    ),
]
