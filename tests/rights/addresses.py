"""Every named address of the site, and what each kind of person is answered there.

`in` is the login page, a number is the status. The case stands at publication: its decree is issued
and not yet published, so it has no abstract. `revise`, `withdraw`, `remark` are asked of another
case of the same initiator, one that was returned at the completeness check; `proposal...` of a
draft of that initiator, `message_open` of a message to that initiator. `instrument_retry` is asked
while the issuing has failed. The appointment is that of the head of the unit; the delegation was
given by `acting`, to nobody of the kinds. The policies are those of a stage for which an
administrator has proposed a new version.
"""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.offices import today
from tests.workflow.governing import sent, slower

from . import addresses_of_audit
from .kinds import parsed
from .world import World, a_pack, copied

ANSWERS = addresses_of_audit.ANSWERS | parsed(
    """
name               method anon stra init co_i secr pane unit fina draf rege insp laps acti supe admi
home               GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
inbox              GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
batch              GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
batch              POST   in   422  422  422  422  422  422  422  422  422  422  422  422  422  422
declarations       GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
declarations       POST   in   422  422  422  422  422  422  422  422  422  422  422  422  422  422
saved_views        GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
saved_views        POST   in   302  302  302  302  302  302  302  302  302  302  302  302  302  302
saved_view         GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
saved_view         POST   in   302  302  302  302  302  302  302  302  302  302  302  302  302  302
cases              GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
case               GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
case_diagram       GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
case_history       GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
case_history       POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
case_diff          GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
case_diff          POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_process GET in 403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_process POST in 405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_process_part GET in 403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_process_part POST in 405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_process_table GET in 403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_process_table POST in 405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_process_log GET in 405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_process_log POST in 403  403  403  200  403  403  200  200  200  200  403  403  403  403
case_moment        GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
case_moment        POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
case_compare       GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
case_compare       POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
act                GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
act                POST   in   404  403  403  403  403  403  403  302  403  403  404  403  404  404
draft_preview      GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
draft_preview      POST   in   404  404  404  404  404  404  404  404  404  404  404  404  404  404
declare            GET    in   404  302  302  302  302  302  302  200  302  302  404  302  404  404
declare            POST   in   404  403  403  403  403  403  403  302  403  403  404  403  404  404
take_up            GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
take_up            POST   in   404  403  403  403  403  403  403  302  403  403  404  403  404  404
take_back          GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
take_back          POST   in   404  409  409  409  409  409  409  409  409  409  404  409  404  404
replacement        GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
replacement        POST   in   404  403  403  409  403  403  403  403  403  403  404  403  404  404
override           GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
override           POST   in   404  403  403  403  403  403  403  403  403  403  404  403  404  404
signature          GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
remark             GET    in   404  200  200  200  404  200  200  200  200  200  404  200  404  404
remark             POST   in   404  302  302  403  404  403  403  403  403  403  404  403  404  404
revise             GET    in   404  302  403  403  404  403  403  403  403  403  404  403  404  404
revise             POST   in   404  302  403  403  404  403  403  403  403  403  404  403  404  404
withdraw           GET    in   404  200  200  200  404  200  200  200  200  200  404  200  404  404
withdraw           POST   in   404  302  403  403  404  403  403  403  403  403  404  403  404  404
reopen             GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
reopen             POST   in   404  403  403  409  403  403  403  403  403  403  404  403  404  404
clock              GET    in   404  403  403  200  403  403  403  200  403  403  404  403  404  404
clock              POST   in   404  403  403  302  403  403  403  302  403  403  404  403  404  404
calendar           GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
calendar           POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
calendar_decree    GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
calendar_decree    POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
calendar_decree_new GET   in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
calendar_decree_new POST  in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
policies           GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
policies           POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
policy_stage       GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
policy_stage       POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
policy_new         GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
policy_new         POST   in   403  403  403  403  403  403  403  403  403  403  403  403  302  302
policy_version     GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
policy_version     POST   in   403  403  403  403  403  403  403  403  403  403  403  403  302  302
further            GET    in   404  403  403  403  403  403  403  200  403  403  404  403  404  404
further            POST   in   404  403  403  403  403  403  403  302  403  403  404  403  404  404
instrument         GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
consequence        GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
consequence        POST   in   404  403  403  403  403  302  403  302  403  403  404  403  404  404
instrument_preview GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
instrument_changes GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
instrument_changes POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
library            GET    in   200  403  403  200  200  200  200  200  200  200  403  200  403  200
library            POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
library_clause     GET    in   200  403  403  200  200  200  200  200  200  200  403  200  403  200
library_clause     POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
law                GET    in   200  403  403  200  200  200  200  200  200  200  403  200  403  200
law                POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
law_source         GET    in   200  403  403  200  200  200  200  200  200  200  403  200  403  200
law_source         POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
library_clause_new GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
library_clause_new POST   in   403  403  403  403  403  403  403  422  403  403  403  403  403  403
law_new            GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
law_new            POST   in   403  403  403  403  403  403  403  422  403  403  403  403  403  403
law_edit           GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
law_edit           POST   in   403  403  403  403  403  403  403  422  403  403  403  403  403  403
law_amend          GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
law_amend          POST   in   403  403  403  403  403  403  403  422  403  403  403  403  403  403
law_revoke         GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
law_revoke         POST   in   403  403  403  403  403  403  403  422  403  403  403  403  403  403
instrument_retry   GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
instrument_retry   POST   in   404  403  403  403  403  403  403  302  403  403  404  403  404  404
reviews            GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
reviews            POST   in   404  403  403  403  403  403  403  422  403  403  404  403  404  404
review_letter      GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
instrument_sign    GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
instrument_sign    POST   in   404  403  403  403  403  403  403  403  422  403  404  403  404  404
instrument_way     GET    in   404  403  403  403  403  403  403  200  403  403  404  403  404  404
instrument_way     POST   in   404  403  403  403  403  403  403  422  403  403  404  403  404  404
instrument_print   GET    in   404  403  403  403  403  403  403  200  403  403  404  403  404  404
instrument_scan    POST   in   404  403  403  403  403  403  403  422  403  403  404  403  404  404
scan               GET    in   404  403  403  403  403  403  403  404  403  403  404  403  404  404
scan_judge         POST   in   404  403  403  403  403  403  403  404  403  403  404  403  404  404
instrument_print   POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
instrument_scan    GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
scan               POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
scan_judge         GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
register           GET    in   200  403  403  200  200  200  200  200  200  200  403  200  403  200
register           POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
register_xlsx      GET    in   200  403  403  200  200  200  200  200  200  200  403  200  403  200
register_xlsx      POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
register_pdf       GET    in   200  403  403  200  200  200  200  200  200  200  403  200  403  200
register_pdf       POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
register_reserve   GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
register_reserve   POST   in   403  403  403  403  403  403  403  302  403  403  403  403  403  403
register_insert    GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
register_insert    POST   in   403  403  403  403  403  403  403  302  403  403  403  403  403  403
register_assign    GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
register_assign    POST   in   403  403  403  403  403  403  403  422  403  403  403  403  403  403
register_cancel    GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
register_cancel    POST   in   403  403  403  403  403  403  403  422  403  403  403  403  403  403
register_template  GET    in   403  403  403  403  403  403  403  200  403  403  403  403  403  403
register_template  POST   in   403  403  403  403  403  403  403  302  403  403  403  403  403  403
copies             GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
copies             POST   in   404  403  403  403  403  403  403  403  403  403  404  403  404  404
copy_file          GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
copy_file          POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
copy_retry         GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
copy_retry         POST   in   404  403  403  403  403  403  403  403  403  403  404  403  404  404
evidence           GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404  404
proposal_new       GET    in   302  302  302  302  302  302  302  302  302  302  302  302  302  302
proposal           GET    in   404  200  404  404  404  404  404  404  404  404  404  404  404  404
proposal           POST   in   404  302  404  404  404  404  404  404  404  404  404  404  404  404
proposal_save      GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
proposal_save      POST   in   404  200  404  404  404  404  404  404  404  404  404  404  404  404
proposal_file      GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
proposal_file      POST   in   404  302  404  404  404  404  404  404  404  404  404  404  404  404
people             GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
my_authority       GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
delegation_new     GET    in   200  403  403  200  200  200  200  200  200  200  403  200  403  200
delegation_new     POST   in   422  403  403  422  422  422  422  422  422  422  403  422  403  422
delegation_end     GET    in   404  404  404  404  404  404  404  404  404  404  404  200  200  200
delegation_end     POST   in   404  404  404  404  404  404  404  404  404  404  404  302  302  302
delegation_letter  GET    in   404  404  404  200  404  404  200  200  200  200  404  200  200  200
appointment_letter GET    in   404  404  404  200  404  200  200  200  200  200  404  404  200  200
person_list        GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
unit_list          GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
office             GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
person_new         GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
person_new         POST   in   403  403  403  403  403  403  403  403  403  403  403  403  422  422
person_edit        GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
person_edit        POST   in   403  403  403  403  403  403  403  403  403  403  403  403  422  422
person_leave       GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
person_leave       POST   in   403  403  403  403  403  403  403  403  403  403  403  403  422  422
person_return      GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
person_return      POST   in   403  403  403  403  403  403  403  403  403  403  403  403  302  302
unit_new           GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
unit_new           POST   in   403  403  403  403  403  403  403  403  403  403  403  403  422  422
unit_edit          GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
unit_edit          POST   in   403  403  403  403  403  403  403  403  403  403  403  403  422  422
office_new         GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
office_new         POST   in   403  403  403  403  403  403  403  403  403  403  403  403  422  422
office_edit        GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
office_edit        POST   in   403  403  403  403  403  403  403  403  403  403  403  403  422  422
appointment_new    GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
appointment_new    POST   in   403  403  403  403  403  403  403  403  403  403  403  403  422  422
appointment_end    GET    in   403  403  403  403  403  403  403  403  403  403  403  403  200  200
appointment_end    POST   in   403  403  403  403  403  403  403  403  403  403  403  403  302  302
audit_packs        GET     in  403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_packs        POST    in  403  403  403  403  403  403  403  403  403  422  403  403  403  403
audit_pack         GET     in  403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_pack         POST    in  405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_pack_state   GET     in  403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_pack_state   POST    in  405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_pack_file    GET     in  403  403  403  403  403  403  403  403  403  404  403  403  403  403
audit_pack_file    POST    in  405  405  405  405  405  405  405  405  405  405  405  405  405  405
messages           GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
messages           POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
messages_read      GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
messages_read      POST   in   302  302  302  302  302  302  302  302  302  302  302  302  302  302
message_open       GET    in   404  302  404  404  404  404  404  404  404  404  404  404  404  404
message_open       POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
login              GET    200  302  302  302  302  302  302  302  302  302  302  302  302  302  302
login              POST   200  302  302  302  302  302  302  302  302  302  302  302  302  302  302
logout             GET    405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
logout             POST   302  302  302  302  302  302  302  302  302  302  302  302  302  302  302
set_language       GET    302  302  302  302  302  302  302  302  302  302  302  302  302  302  302
set_language       POST   302  302  302  302  302  302  302  302  302  302  302  302  302  302  302
source             GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
source             POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
healthz            GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
healthz            POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
verify             GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify             POST   422  422  422  422  422  422  422  422  422  422  422  422  422  422  422
verify_document    GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify_document    POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
verify_search      GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify_search      POST   422  422  422  422  422  422  422  422  422  422  422  422  422  422  422
verify_sha256      GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify_sha256      POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
verify_data        GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify_data        POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
verify_abstract    GET    404  404  404  404  404  404  404  404  404  404  404  404  404  404  404
verify_abstract    POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
instruments        GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
instruments        POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
instruments_atom   GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
instruments_atom   POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
jdih_feed          GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200  200
jdih_feed          POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405  405
"""
)

# What stands in an address; an address that is not here takes nothing.
PARTS: dict[str, Callable[[World], list[Any]]] = addresses_of_audit.PARTS | {
    "case": lambda world: [world.issued.code],
    "case_diagram": lambda world: [world.issued.code],
    "audit_pack": lambda world: [a_pack(world.issued.code).token],
    "audit_pack_state": lambda world: [a_pack(world.issued.code).token],
    "audit_pack_file": lambda world: [a_pack(world.issued.code).token],
    "case_history": lambda world: [world.issued.code],
    "case_diff": lambda world: [world.issued.code, "innovations.innovation", *world.versions],
    "audit_process_part": lambda world: ["conformance"],
    "audit_process_log": lambda world: ["xes"],
    "audit_process_table": lambda world: ["times", "stages", "csv"],
    "case_moment": lambda world: [world.issued.code],
    "case_compare": lambda world: [world.issued.code],
    "act": lambda world: [world.issued.code, world.seat.pk],
    "saved_view": lambda world: [1],
    "draft_preview": lambda world: [world.issued.code, world.seat.pk],
    "declare": lambda world: [world.issued.code, world.seat.pk],
    "take_up": lambda world: [world.issued.code, world.seat.pk],
    "take_back": lambda world: [world.issued.code, world.seat.pk],
    "replacement": lambda world: [world.issued.code, world.seat.pk],
    "override": lambda world: [world.issued.code, world.seat.pk],
    "signature": lambda world: [world.issued.code, world.sign_off.pk],
    "remark": lambda world: [world.returned.code, world.remark.pk],
    "reopen": lambda world: [world.issued.code],
    "revise": lambda world: [world.returned.code],
    "withdraw": lambda world: [world.returned.code],
    "clock": lambda world: [world.issued.code],
    "calendar_decree": lambda world: [world.decree.pk],
    "further": lambda world: [world.issued.code],
    "instrument": lambda world: [world.instrument.token],
    "consequence": lambda world: [world.consequence.pk],
    "instrument_preview": lambda world: [world.issued.code],
    "instrument_changes": lambda world: [world.issued.code],
    "library_clause": lambda world: [world.clause.pk],
    "library_clause_new": lambda world: [world.clause.pk],
    "law_source": lambda world: ["pp-38-2017"],
    "law_edit": lambda world: ["pp-38-2017"],
    "law_amend": lambda world: ["pp-38-2017"],
    "law_revoke": lambda world: ["pp-38-2017"],
    "instrument_retry": lambda world: [world.issued.code],
    "reviews": lambda world: [world.issued.code],
    "review_letter": lambda world: [world.issued.code, world.review.pk],
    "instrument_sign": lambda world: [world.issued.code],
    "instrument_way": lambda world: [world.issued.code],
    "instrument_print": lambda world: [world.issued.code],
    "instrument_scan": lambda world: [world.issued.code],
    "scan": lambda world: [world.issued.code, 1],
    "scan_judge": lambda world: [world.issued.code, 1],
    "evidence": lambda world: [world.evidence.pk],
    "policy_stage": lambda world: [world.policy.stage],
    "policy_new": lambda world: [world.policy.stage],
    "policy_version": lambda world: [world.policy.stage, world.policy.version],
    "proposal": lambda world: [world.draft.pk],
    "proposal_save": lambda world: [world.draft.pk],
    "proposal_file": lambda world: [world.draft.pk],
    "delegation_end": lambda world: [world.delegation.pk],
    "delegation_letter": lambda world: [world.delegation.pk],
    "appointment_letter": lambda world: [world.appointment.pk],
    "person_edit": lambda world: [world.appointment.user_id],
    "person_leave": lambda world: [world.appointment.user_id],
    "person_return": lambda world: [world.appointment.user_id],
    "unit_edit": lambda world: [world.appointment.office.unit_id],
    "office": lambda world: [world.appointment.office_id],
    "office_edit": lambda world: [world.appointment.office_id],
    "appointment_new": lambda world: [world.appointment.office_id],
    "appointment_end": lambda world: [world.appointment.pk],
    "message_open": lambda world: [world.message.pk],
    "register_xlsx": lambda world: ["regent_decree", today().year],
    "register_pdf": lambda world: ["regent_decree", today().year],
    "register_reserve": lambda world: ["regent_decree"],
    "register_insert": lambda world: [world.instrument.entries.get().pk],
    "register_assign": lambda world: [world.instrument.entries.get().pk],
    "register_cancel": lambda world: [world.instrument.entries.get().pk],
    "register_template": lambda world: ["regent_decree", today().year],
    "copies": lambda world: [world.instrument.token],
    "copy_file": lambda world: [world.instrument.token, copied(world.instrument).serial],
    "copy_retry": lambda world: [world.instrument.token, copied(world.instrument).serial],
    "verify": lambda world: [world.instrument.token],
    "verify_document": lambda world: [world.instrument.token],
    "verify_sha256": lambda world: [world.sha256],
    "verify_data": lambda world: [world.instrument.token],
    "verify_abstract": lambda world: [world.instrument.token],
}

# What is posted; the others are posted nothing.
POSTED: dict[str, Callable[[World], dict[str, Any]]] = addresses_of_audit.POSTED | {
    "act": lambda world: world.answer,
    "saved_views": lambda world: {"name": "Mendesak", "late": "1"},
    "saved_view": lambda world: {"delete": "1"},
    "declare": lambda world: {"kind": "recuse", "sentence-recuse": "Kerabat inisiator."},
    "take_back": lambda world: {"reason": "Keliru."},
    "replacement": lambda world: {"office": world.seat.office_id, "reason": "Sesuai surat."},
    "override": lambda world: {
        "basis_number": "100.3/7/2026",
        "basis_date": today().isoformat(),
        "reason": "Diizinkan.",
    },
    "remark": lambda world: {"answer": "Sudah dilengkapi."},
    "reopen": lambda world: {"reason": "Syarat terpenuhi."},
    "withdraw": lambda world: {"reason": "Digabung dengan program lain."},
    "clock": lambda world: {"kind": "ministry"},
    "further": lambda world: {
        "purpose": "revoke",
        "kind": "regent_decree",
        "targets": [world.instrument.token],
        "reason": "Digabung dengan inovasi lain.",
    },
    "consequence": lambda world: {"outcome": "Sudah disesuaikan."},
    "calendar_decree_new": lambda world: world.new_decree,
    "policy_new": lambda world: sent(slower(world.policy.stage)) | {"propose": "1"},
    "policy_version": lambda world: {"approve": "1"},
    "proposal": lambda world: {"save": "1", "name": "KETAM LEGIT BARU"},
    "delegation_end": lambda world: {"reason": "Kembali bertugas."},
    "appointment_end": lambda world: {"end": today().isoformat()},
    "messages_read": lambda world: {"until": world.message.pk},
    "login": lambda world: {"username": "bupati", "password": "bukan-kata-sandinya"},
    "register_reserve": lambda world: {"reason": "Menunggu fasilitasi."},
    "register_insert": lambda world: {"reason": "Susulan."},
    "register_cancel": lambda world: {"reason": "Ditarik."},
    "register_template": lambda world: {"template": "{seq}/{year}"},
    "copies": lambda world: {"kind": "copy"},
    "set_language": lambda world: {"language": "en"},
}


def names_of_the_site() -> set[str]:
    """The name of every address that the site knows; one without a name is told by its pattern."""
    return set(_names(get_resolver().url_patterns))


def _names(patterns: list[Any]) -> list[str]:
    found = []
    for entry in patterns:
        if isinstance(entry, URLResolver):
            found += _names(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            found.append(entry.name or f"unnamed: {entry.pattern}")
    return found
