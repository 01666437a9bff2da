import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.keeping import keep_office, keep_person, keep_unit
from accounts.models import Office, Unit, User
from tests.accounts.factories import OfficeFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]


def refused(keep, actor, row):
    with pytest.raises(ValidationError) as refusal:
        keep(actor, row)
    return refusal.value.message_dict


def person(**fields):
    return User(**{"username": "siti", "name_plain": "Siti Rahayu"} | fields)


def test_new_person_is_recorded_and_cannot_log_in(clerk):
    keep_person(clerk, person())
    kept = User.objects.get(username="siti")
    assert kept.is_active
    assert not kept.has_usable_password()
    assert kept.history.get().history_user == clerk


def test_changed_person_keeps_the_password(clerk):
    kept = UserFactory()
    before = kept.password
    kept.rank = "Pembina (IV/a)"
    keep_person(clerk, kept)
    kept.refresh_from_db()
    assert (kept.rank, kept.password) == ("Pembina (IV/a)", before)


@pytest.mark.parametrize(
    "nip", ["1", "19800101200501100", "1980010120050110011", "19800101 20050110"]
)
def test_nip_with_other_than_eighteen_digits_is_refused(nip, clerk):
    assert refused(keep_person, clerk, person(nip=nip)) == {
        "nip": ["A NIP has 18 digits and nothing else."]
    }


def test_nip_of_eighteen_digits_is_kept(clerk):
    keep_person(clerk, person(nip="198001012005011001"))
    assert User.objects.filter(nip="198001012005011001").exists()


@pytest.mark.parametrize("username", ["siti rahayu", "siti (dinkes)", "siti/1", "siti\n"])
def test_user_name_that_nobody_can_type_is_refused(username, clerk):
    assert refused(keep_person, clerk, person(username=username)) == {
        "username": ["Use letters, digits and the signs . _ @ + - for the user name."]
    }


def test_second_person_of_a_user_name_is_refused(clerk):
    UserFactory(username="siti")
    assert list(refused(keep_person, clerk, person())) == ["username"]


def test_account_of_the_system_stays_as_it_is(clerk, system):
    system.name_plain = "Bukan Sistem"
    assert list(refused(keep_person, clerk, system)) == ["username"]
    assert User.objects.system().name_plain == "Sistem Payung"


@pytest.mark.parametrize(
    ("keep", "row"),
    [
        (keep_person, lambda: person()),
        (keep_unit, lambda: Unit(code="a", name="A", kind="agency")),
        (keep_office, lambda: Office(code="a", title="A", unit=UnitFactory())),
    ],
)
def test_only_administrators_keep_the_register(keep, row):
    with pytest.raises(PermissionDenied, match="Only administrators look after"):
        keep(UserFactory(), row())


def test_unit_is_not_moved_below_itself(clerk):
    top = UnitFactory(name="Dinas Kesehatan")
    middle = UnitFactory(parent=top)
    low = UnitFactory(name="Puskesmas", parent=middle)
    for above, name in [(low, "Puskesmas"), (top, "Dinas Kesehatan")]:
        top.parent = above
        assert refused(keep_unit, clerk, top) == {
            "parent": [f"{name} belongs to this unit itself. Choose another one above it."]
        }
    assert Unit.objects.get(pk=top.pk).parent is None


def test_unit_is_moved_elsewhere(clerk):
    unit, above = UnitFactory(), UnitFactory()
    unit.parent = above
    keep_unit(clerk, unit)
    assert unit.history.first().history_user == clerk
    assert above.children.get() == unit


def test_office_is_not_its_own_superior(clerk):
    head = OfficeFactory()
    clerk_office = OfficeFactory(title="Kabid", superior=head)
    head.superior = clerk_office
    assert refused(keep_office, clerk, head) == {
        "superior": ["Kabid stands under this office itself. Choose another superior."]
    }


def test_second_head_of_a_unit_is_refused_by_name(clerk):
    head = OfficeFactory(title="Kepala Dinas", is_head=True)
    second = Office(code="kedua", title="Kepala Kedua", unit=head.unit, is_head=True)
    assert refused(keep_office, clerk, second) == {
        "is_head": ["Kepala Dinas heads the unit already; a unit has one head."]
    }
    keep_office(clerk, head)


@pytest.mark.parametrize("code", ["", "dua kata", "x" * 61])
def test_office_with_an_impossible_code_is_refused(code, clerk):
    office = Office(code=code, title="A", unit=UnitFactory())
    assert list(refused(keep_office, clerk, office)) == ["code"]


def test_office_without_a_unit_is_refused(clerk):
    assert list(refused(keep_office, clerk, Office(code="a", title="A"))) == ["unit"]
