from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

urlpatterns = [
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("audit.urls")),
    path("", include("legal_basis.urls")),
    path("", include("notifications.urls")),
    path("", include("workflow.urls")),
]
