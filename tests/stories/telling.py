"""How a story is told: one case in a hall, seen by officials and by its reporter."""

import datetime as dt

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

    def seen(self) -> tuple[str, str]:
        """Return what officials and the reporter see now, a line each.

        Officials: step, light, when the first contact is due, when the reply is due. The reporter: what was
        done, what comes next, who is on it, until when there will be a reply.
        """
        line = self.hall.line(ticket=self.number)
        officials = (line.step_name, line.light.value, written(line.contact_due), written(line.due))
        status = self.hall.desk.track(self.code)
        reporter = (status.step, status.next_step or "-", status.unit or "-", written(status.due))
        return " | ".join(officials), " | ".join(reporter)

    def lights(self, *times: str) -> list[str]:
        """Return the lights that the board shows at these times, if nothing else happens."""
        return [self.hall.line(at, self.number).light.value for at in times]

    def history(self) -> list[str]:
        """Return the kinds of its entries in order."""
        return self.hall.kinds(self.number)


def written(at: dt.datetime | None) -> str:
    """Return an instant as a clerk writes it."""
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M}"
