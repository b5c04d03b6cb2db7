"""Switches of rows 248 to 273: what takes each feature of Pudong away."""

from bubancheng.actions import Register
from tests.features.districts.edits import (
    Switch,
    each,
    forgets,
    inside,
    no_need,
    no_row,
    patched,
    row_but,
    step,
    without,
)

SWITCHES: dict[int, Switch] = {
    248: inside("pudong", each("channels", brand="")),
    249: inside("pudong", without("codes", fact="request_type", id="inquiry")),
    250: inside("pudong", without("codes", fact="request_type", id="proposal")),
    251: inside("pudong", each("service_points", any_matter=False)),
    252: inside("pudong", without("codes", fact="root_cause", id="no_data_sharing")),
    253: inside("pudong", no_row("register", "window_officer")),
    254: inside("pudong", each("channels", trial_from=None)),
    255: inside("pudong", each("service_points", counter="")),
    257: inside(
        "pudong", row_but("solve_on_site", roles=frozenset({"fault_finding_officer", "window_officer"}))
    ),
    258: inside("pudong", no_row("hand_tip")),
    259: inside("pudong", each("tips", topic="其他")),
    260: inside("pudong", each("tips", materials=())),
    261: inside("pudong", no_row("solve_on_site")),
    262: inside("pudong", no_row("analyse")),
    263: inside("pudong", no_need("analyse", "analysis")),
    264: inside("pudong", no_need("improve", "improvement")),
    265: inside("pudong", no_need("record_effect", "after")),
    266: inside("pudong", without("codes", fact="report_target", id="booking")),
    267: inside("pudong", no_need("register", "report_target")),
    268: inside("pudong", patched(Register, "keys", lambda _: {})),
    269: inside("pudong", each("duties", holders=())),
    270: inside("pudong", step("followed", name="办理")),
    271: inside("pudong", no_row("register", "portal")),
    272: inside("pudong", step("analysed", public="")),
    273: inside("pudong", no_need("adopt", "thanks")),
}
"""One switch a row that the library performs."""

FIGURES: dict[int, Switch] = {
    256: inside("pudong", forgets("handled")),
}
"""The row whose figure is left to the report layer: its facts are missed too."""
