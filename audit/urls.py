from django.urls import path

from .views import history

urlpatterns = [
    path("cases/<slug:code>/history/", history.case_history, name="case_history"),
    path(
        "cases/<slug:code>/history/<str:model>/<int:a>/<int:b>/",
        history.case_diff,
        name="case_diff",
    ),
]
