import datetime
import stat
import threading

import pytest
import time_machine
from cryptography.x509.oid import NameOID

from legal_basis import authority
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import regent

pytestmark = pytest.mark.integration


@pytest.fixture
def empty(settings, tmp_path):
    settings.PKI_DIR = tmp_path / "pki"
    return settings.PKI_DIR


def named(certificate, oid) -> str:
    return certificate.subject.get_attributes_for_oid(oid)[0].value


def test_second_making_changes_nothing(empty):
    made = authority.make_authority()
    before = (empty / "root.pem").read_bytes()
    again = authority.make_authority()
    assert (made, again, (empty / "root.pem").read_bytes() == before) == (True, False, True)


def test_making_at_once_makes_one(empty):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(authority.make_authority())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 7 + [True]


def test_keys_are_readable_by_their_owner_alone(empty):
    authority.make_authority()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (empty, empty / "root.pem")]
    assert modes == [0o700, 0o600]
    assert b"PRIVATE" not in (empty / "root.crt").read_bytes()


def test_missing_authority_says_how_to_make_one(empty):
    with pytest.raises(authority.NoAuthority, match="make_authority"):
        authority.root()


@pytest.mark.django_db
def test_identity_names_person_capacity_and_region_without_titles_or_numbers():
    person = regent().user
    found = authority.identity_of(person, "Bupati Belitung Timur").certificate
    assert (
        named(found, NameOID.COMMON_NAME),
        named(found, NameOID.ORGANIZATIONAL_UNIT_NAME),
        named(found, NameOID.ORGANIZATION_NAME),
    ) == ("Rahmi Puspasari", "Bupati Belitung Timur", "Pemerintah Kabupaten Belitung Timur")
    assert person.nip not in found.subject.rfc4514_string()


@pytest.mark.django_db
def test_identity_is_made_once_for_person_and_capacity():
    person = regent().user
    first = authority.identity_of(person, "Bupati Belitung Timur").certificate
    again = authority.identity_of(person, "Bupati Belitung Timur").certificate
    other = authority.identity_of(person, "Plh. Sekretaris Daerah").certificate
    assert (first == again, first == other) == (True, False)


@pytest.mark.django_db
def test_identity_that_ends_soon_is_made_anew():
    person = UserFactory()
    first = authority.identity_of(person, "Camat").certificate
    with time_machine.travel(first.not_valid_after_utc - datetime.timedelta(days=10)):
        again = authority.identity_of(person, "Camat").certificate
    assert (first != again, authority.is_ours(again)) == (True, True)


@pytest.mark.django_db
def test_names_longer_than_a_certificate_takes_are_cut():
    person = UserFactory(name_plain="N" * 100)
    found = authority.identity_of(person, "K" * 100).certificate
    assert named(found, NameOID.COMMON_NAME) == "N" * 64


@pytest.mark.django_db
def test_certificate_of_another_authority_with_our_name_is_not_ours(empty):
    authority.make_authority()
    foreign = authority.root().certificate
    (empty / "root.pem").unlink()
    authority.make_authority()
    assert foreign.subject == authority.root().certificate.subject
    assert not authority.is_ours(foreign)
