from django.contrib.auth.views import LogoutView
from django.urls import include, path

from accounts.views.login import SignIn

from .source import source

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", include("django.conf.urls.i18n")),
    path("source/", source, name="source"),
    path("", include("accounts.urls")),
    path("", include("audit.urls")),
    path("", include("legal_basis.urls")),
    path("", include("notifications.urls")),
    path("", include("workflow.urls")),
]
