from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.utils.translation import gettext_lazy as _

from ..acting import acting_as
from ..models import User


class SignInForm(AuthenticationForm):
    """Django's form, in words that fit the names of our fields."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "User name or password do not match. Type both again; capital letters count."
        ),
    }


class SignIn(LoginView):
    """The login page; what signing in writes (a renewed password hash) is the system's act."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        with acting_as(User.objects.system()):
            return super().post(request, *args, **kwargs)
