from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        """Keep logins out of the history of people: each would be a version without a change."""
        user_logged_in.disconnect(dispatch_uid="update_last_login")
