from django.contrib.auth.views import LoginView

from .acting import acting_as
from .models import User


class SignIn(LoginView):
    """The login page; what signing in writes (a renewed password hash) is the system's act."""

    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        with acting_as(User.objects.system()):
            return super().post(request, *args, **kwargs)
