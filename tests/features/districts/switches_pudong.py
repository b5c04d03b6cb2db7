"""Switches of rows 248 to 273: what takes each feature of Pudong away."""

from bubancheng.desk import Desk
from tests.features.districts.edits import (
    Switch,
    each,
    forgets,
    no_need,
    no_row,
    patched,
    row_but,
    step,
    without,
)

SWITCHES: dict[int, Switch] = {
    248: ("pudong", each("channels", brand="")),
    249: ("pudong", without("codes", fact="request_type", id="inquiry")),
    250: ("pudong", without("codes", fact="request_type", id="proposal")),
    251: ("pudong", each("service_points", any_matter=False)),
    252: ("pudong", without("codes", fact="root_cause", id="no_data_sharing")),
    253: ("pudong", no_row("register", "window_officer")),
    254: ("pudong", each("channels", trial_from=None)),
    255: ("pudong", each("service_points", counter="")),
    257: ("pudong", row_but("solve_on_site", roles=frozenset({"fault_finding_officer", "window_officer"}))),
    258: ("pudong", no_row("hand_tip")),
    259: ("pudong", each("tips", topic="其他")),
    260: ("pudong", each("tips", materials=())),
    261: ("pudong", no_row("solve_on_site")),
    262: ("pudong", no_row("analyse")),
    263: ("pudong", no_need("analyse", "analysis")),
    264: ("pudong", no_need("improve", "improvement")),
    265: ("pudong", no_need("record_effect", "after")),
    266: ("pudong", without("codes", fact="report_target", id="booking")),
    267: ("pudong", no_need("register", "report_target")),
    268: ("pudong", patched(Desk, "track", lambda *_: None)),
    269: ("pudong", each("duties", holders=())),
    270: ("pudong", step("followed", name="办理")),
    271: ("pudong", no_row("register", "portal")),
    272: ("pudong", step("analysed", public="")),
    273: ("pudong", no_need("adopt", "thanks")),
}
"""One switch a row that the library performs."""

FIGURES: dict[int, Switch] = {
    256: ("pudong", forgets("handled")),
}
"""The row whose figure is left to the report layer: its facts are missed too."""
