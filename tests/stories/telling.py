"""How a story is told: one case in a hall, seen by officials and by its reporter."""

import attrs

from bubancheng.actions import Action, Register
from bubancheng.privacy import new_query_code
from bubancheng.ticket import Actor
from tests.features.hall import Hall


@attrs.frozen
class Case:
    """One case: its hall, its number, and the code its reporter holds."""

    hall: Hall
    number: str
    code: str = attrs.field(factory=new_query_code)

    def opens(self, action: Register, actor: Actor, at: str) -> None:
        """Register the case, with the reporter's code."""
        self.happens(attrs.evolve(action, query_code=self.code), actor, at)

    def happens(self, action: Action, actor: Actor, at: str, approver: Actor | None = None) -> None:
        """Let something happen to the case."""
        self.hall.do(action, actor, at, approver=approver)

    def officials(self, at: str | None = None) -> tuple[str, str, str, str]:
        """Return what officials see: step, light, when the contact is due, when the reply is due."""
        line = self.hall.line(at, self.number)
        dues = ["-" if it is None else f"{it:%Y-%m-%d %H:%M}" for it in (line.contact_due, line.due)]
        return line.step_name, line.light.value, dues[0], dues[1]

    def reporter(self) -> tuple[str, str, str]:
        """Return what the reporter sees: what was done, what comes next, who is on it."""
        seen = self.hall.desk.track(self.code)
        return seen.step, seen.next_step, seen.unit or "-"

    def promised(self) -> str:
        """Return until when the reporter is promised a reply."""
        due = self.hall.desk.track(self.code).due
        return "-" if due is None else f"{due:%Y-%m-%d %H:%M}"

    def history(self) -> list[str]:
        """Return the kinds of its entries in order."""
        return self.hall.kinds(self.number)
