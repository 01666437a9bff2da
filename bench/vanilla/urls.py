from django.urls import path
from viewflow.contrib.auth import AuthViewset
from viewflow.urls import Site
from viewflow.workflow.flow import FlowAppViewset

from .flows import ProposalFlow

site = Site(title="Proposals", viewsets=[FlowAppViewset(ProposalFlow, icon="assignment")])

urlpatterns = [path("accounts/", AuthViewset().urls), path("", site.urls)]
