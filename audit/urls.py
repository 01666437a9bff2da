from django.urls import path

from .views import history, moments

urlpatterns = [
    path("cases/<slug:code>/history/", history.case_history, name="case_history"),
    path(
        "cases/<slug:code>/history/<str:model>/<int:a>/<int:b>/",
        history.case_diff,
        name="case_diff",
    ),
    path("audit/cases/<slug:code>/as-of/", moments.case_moment, name="case_moment"),
    path("audit/cases/<slug:code>/compare/", moments.case_compare, name="case_compare"),
]
