import pytest
from django.urls import reverse

from accounts.acting import current_actor
from accounts.models import User
from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def sign_in(client, person, password=PASSWORD):
    return client.post(reverse("login"), {"username": person.username, "password": password})


def test_sign_in_leads_home_and_makes_no_version(client):
    person = UserFactory()
    response = sign_in(client, person)
    assert (response.status_code, response.url) == (302, reverse("home"))
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.history.count() == 1
    assert User.objects.get(pk=person.pk).last_login is None


def test_sign_in_renews_an_old_hash_in_the_name_of_the_system(client, settings, system):
    person = UserFactory()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert sign_in(client, person).status_code == 302
    assert User.objects.get(pk=person.pk).password.startswith("scrypt$")
    assert person.history.first().history_user == system
    assert current_actor() is None


@pytest.mark.parametrize("fields", [{"is_active": False}, {"password": ""}])
def test_sign_in_is_refused_without_a_living_account(client, fields):
    assert sign_in(client, UserFactory(**fields)).status_code == 200
    assert "_auth_user_id" not in client.session


def test_sign_in_with_a_wrong_password_is_refused(client):
    assert sign_in(client, UserFactory(), "salah-ketik").status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("id", "Nama akun atau kata sandi tidak cocok."),
        ("en", "User name or password do not match."),
    ],
)
def test_refused_sign_in_says_what_to_mend_and_keeps_the_name(client, language, sentence):
    person = UserFactory()
    client.cookies["django_language"] = language
    page = sign_in(client, person, "salah-ketik").content.decode()
    assert page.count(sentence) == 1
    assert f'value="{person.username}"' in page


def test_system_account_cannot_sign_in(client, system):
    for password in ("", "!", system.password):
        assert sign_in(client, system, password).status_code == 200
    assert "_auth_user_id" not in client.session
