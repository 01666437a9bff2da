from django.urls import path

from .views import authority, offices, people

urlpatterns = [
    path("authority/", authority.my_authority, name="my_authority"),
    path("authority/delegations/new/", authority.delegation_new, name="delegation_new"),
    path("authority/delegations/<int:pk>/end/", authority.delegation_end, name="delegation_end"),
    path("letters/appointments/<int:pk>/", authority.appointment_letter, name="appointment_letter"),
    path("letters/delegations/<int:pk>/", authority.delegation_letter, name="delegation_letter"),
    path("people/", people.people, name="people"),
    path("administration/people/", people.person_list, name="person_list"),
    path("administration/people/new/", people.person_new, name="person_new"),
    path("administration/people/<int:pk>/", people.person_edit, name="person_edit"),
    path("administration/units/", offices.unit_list, name="unit_list"),
    path("administration/units/new/", offices.unit_new, name="unit_new"),
    path("administration/units/<int:pk>/", offices.unit_edit, name="unit_edit"),
    path("administration/offices/new/", offices.office_new, name="office_new"),
    path("administration/offices/<int:pk>/", offices.office_page, name="office"),
    path("administration/offices/<int:pk>/edit/", offices.office_edit, name="office_edit"),
    path(
        "administration/offices/<int:pk>/appoint/", offices.appointment_new, name="appointment_new"
    ),
    path(
        "administration/appointments/<int:pk>/end/", offices.appointment_end, name="appointment_end"
    ),
]
