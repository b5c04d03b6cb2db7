"""Switches of rows 216 to 247: what takes each feature of Shenzhen and Shahe street away."""

import datetime as dt

from bubancheng.flow import Approved, OnDuty, Relation, Settled
from tests.features.districts.edits import (
    Switch,
    each,
    forgets,
    inside,
    no_class,
    no_condition,
    no_fact,
    no_need,
    no_row,
    no_target,
    row_but,
    without,
)

SWITCHES: dict[int, Switch] = {
    216: inside("shahe", no_row("tell_remedies")),
    217: inside("shahe", no_condition("resolve", Settled)),
    218: inside("shahe", no_class("expedite")),
    219: inside("shahe", no_condition("expedite", Approved)),
    220: inside("shahe", no_need("check_system", "application_ref")),
    221: inside("shahe", no_row("inform_once")),
    222: inside("shahe", forgets("prior_attempts")),
    223: inside("shahe", without("codes", fact="assistance", id="assisted_application")),
    224: inside("shahe", no_target("wanted")),
    225: inside("shahe", no_fact("defer", "after_issue")),
    226: inside("shahe", without("codes", fact="intake_reason", id="list_unclear")),
    227: inside("shahe", without("codes", fact="intake_reason", id="owner_unknown")),
    228: inside("shahe", without("codes", fact="request_type", id="complaint")),
    229: inside("shahe", no_need("register", "respondent")),
    230: inside("shahe", without("codes", fact="measure", id="reform")),
    231: inside("shahe", without("codes", fact="link", id="lesson")),
    235: inside("shahe", no_class("policy_advice")),
    236: inside("shahe", no_class("material_incomplete")),
    237: inside("shahe", without("channels", id="letter")),
    238: inside("shahe", no_fact("register", "referred_by")),
    239: inside("shahe", no_row("intervene")),
    240: inside("shahe", each("service_points", also_signed="")),
    241: inside("shenzhen", without("codes", fact="exclusion", id="repeated")),
    242: inside("shahe", row_but("call_back", relation=Relation.ANY)),
    243: inside("shenzhen", without("channels", id="app")),
    244: inside("shahe", no_condition("diagnose", OnDuty)),
    245: inside("shahe", no_need("resolve", "reply")),
    246: inside("shahe", no_row("praise")),
}
"""One switch a row that the library performs."""

FIGURES: dict[int, Switch] = {
    232: inside("shahe", without("metrics", id="coordinated")),
    233: inside("shahe", without("metrics", id="handled_rate")),
    234: inside("shahe", forgets("matter")),
    247: inside("shahe", each("metrics", since=dt.date(2024, 1, 1))),
}
"""The rows whose figures are left to the report layer: their facts and definitions are missed too."""
