from django.urls import path

from .views import history, process

urlpatterns = [
    path("cases/<slug:code>/history/", history.case_history, name="case_history"),
    path(
        "cases/<slug:code>/history/<str:model>/<int:a>/<int:b>/",
        history.case_diff,
        name="case_diff",
    ),
    path("audit/process/", process.process, name="process"),
    path("audit/process/<slug:part>/", process.process, name="process_part"),
    path("audit/process/log.<str:form>", process.process_log, name="process_log"),
    path(
        "audit/process/<slug:part>/<slug:table>.<slug:form>",
        process.process_table,
        name="process_table",
    ),
]
