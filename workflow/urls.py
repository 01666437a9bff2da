from django.urls import path

from .views import act, case, home, proposals

urlpatterns = [
    path("", home.home, name="home"),
    path("inbox/", act.inbox, name="inbox"),
    path("cases/", case.case_list, name="cases"),
    path("cases/<slug:code>/", case.case_page, name="case"),
    path("cases/<slug:code>/diagram.svg", case.case_diagram, name="case_diagram"),
    path("cases/<slug:code>/seats/<int:seat>/", act.act, name="act"),
    path("cases/<slug:code>/revise/", proposals.revise, name="revise"),
    path("cases/<slug:code>/withdraw/", case.withdraw_case, name="withdraw"),
    path("cases/<slug:code>/instrument.pdf", case.instrument_preview, name="instrument_preview"),
    path("cases/<slug:code>/instrument/retry/", case.instrument_retry, name="instrument_retry"),
    path("files/<int:pk>/", case.evidence, name="evidence"),
    path("proposals/new/", proposals.proposal_new, name="proposal_new"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/save/", proposals.proposal_save, name="proposal_save"),
    path("proposals/<int:pk>/files/", proposals.proposal_file, name="proposal_file"),
    path("people/", proposals.people, name="people"),
]
