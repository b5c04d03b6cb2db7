"""Switches of rows 216 to 247: what takes each feature of Shenzhen and Shahe street away."""

import datetime as dt

from bubancheng.flow import Approved, OnDuty, Relation, Settled
from tests.features.districts.edits import (
    Switch,
    each,
    forgets,
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
    216: ("shahe", no_row("tell_remedies")),
    217: ("shahe", no_condition("resolve", Settled)),
    218: ("shahe", no_class("expedite")),
    219: ("shahe", no_condition("expedite", Approved)),
    220: ("shahe", no_need("check_system", "application_ref")),
    221: ("shahe", no_row("inform_once")),
    222: ("shahe", forgets("prior_attempts")),
    223: ("shahe", without("codes", fact="assistance", id="assisted_application")),
    224: ("shahe", no_target("wanted")),
    225: ("shahe", no_fact("defer", "after_issue")),
    226: ("shahe", without("codes", fact="intake_reason", id="list_unclear")),
    227: ("shahe", without("codes", fact="intake_reason", id="owner_unknown")),
    228: ("shahe", without("codes", fact="request_type", id="complaint")),
    229: ("shahe", no_need("register", "respondent")),
    230: ("shahe", without("codes", fact="measure", id="reform")),
    231: ("shahe", without("codes", fact="link", id="lesson")),
    235: ("shahe", no_class("policy_advice")),
    236: ("shahe", no_class("material_incomplete")),
    237: ("shahe", without("channels", id="letter")),
    238: ("shahe", no_fact("register", "referred_by")),
    239: ("shahe", no_row("intervene")),
    240: ("shahe", each("service_points", also_signed="")),
    241: ("shenzhen", without("codes", fact="exclusion", id="repeated")),
    242: ("shahe", row_but("call_back", relation=Relation.ANY)),
    243: ("shenzhen", without("channels", id="app")),
    244: ("shahe", no_condition("diagnose", OnDuty)),
    245: ("shahe", no_need("resolve", "reply")),
    246: ("shahe", no_row("praise")),
}
"""One switch a row that the library performs."""

FIGURES: dict[int, Switch] = {
    232: ("shahe", without("metrics", id="coordinated")),
    233: ("shahe", without("metrics", id="handled_rate")),
    234: ("shahe", forgets("matter")),
    247: ("shahe", each("metrics", since=dt.date(2024, 1, 1))),
}
"""The rows whose figures are left to the report layer: their facts and definitions are missed too."""
