from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        """Keep logins, versions without a change, out of history; see to the administrators."""
        user_logged_in.disconnect(dispatch_uid="update_last_login")

        from .rights import grant_administrators

        post_migrate.connect(grant_administrators)
