"""Every error and warning of the library, under one base each.

An error keeps what it was raised with as attributes and composes its sentence in `__str__`, so
that it can be pickled and so that callers never parse text. The last clause says what to do.
"""

import datetime as dt
import sys
import warnings
from collections.abc import Iterable, Sequence

_PACKAGE = __name__.partition(".")[0]


class BubanchengError(Exception):
    """Base of every error this library raises on purpose."""


class ArgumentError(BubanchengError, ValueError):
    """A value of the right type that cannot be meant: the message says what is allowed."""


class KindError(BubanchengError, TypeError):
    """A value of the wrong kind: a date where an instant is meant, a float, a naive time."""


class ProblemsError(ArgumentError):
    """Everything that is wrong with one thing, all at once; `subject` and `problems`."""

    def __init__(self, subject: str, problems: Sequence[str]) -> None:
        super().__init__(subject, tuple(problems))
        self.subject, self.problems = subject, tuple(problems)

    def __str__(self) -> str:
        return f"{self.subject}: " + "; ".join(self.problems)


class CalendarError(ProblemsError):
    """A calendar that cannot be built: bad hours, reversed closures, a week without hours."""


class NoticeError(ProblemsError):
    """A holiday notice (放假通知) that cannot be read or that contradicts itself."""


class LimitError(ArgumentError):
    """A time limit (时限) that cannot be understood; the message lists the forms."""


class QueryCodeError(ArgumentError):
    """A query code (查询编码) that cannot be one; `reason`. What was typed is not repeated."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"查询编码有误，{self.reason}；请对照凭证重新输入 (no query code: type it as it is printed)"


class UnknownDayError(BubanchengError, LookupError):
    """A day outside the calendar's table; `day` (None: the count ran out), `first`, `last`."""

    def __init__(self, day: dt.date | None, first: dt.date, last: dt.date) -> None:
        super().__init__(day, first, last)
        self.day, self.first, self.last = day, first, last

    def __str__(self) -> str:
        what = "the count" if self.day is None else str(self.day)
        return (
            f"{what} is outside the calendar, which knows {self.first} to {self.last}: "
            "use dates in between, or add the official notices of the missing years"
        )


class ProfileError(ProblemsError):
    """A district profile (区配置) that is refused; `problems` holds every reason."""


class SettingsError(ProblemsError):
    """Settings of plugins (插件设置) that are refused; `problems` holds every reason, with its key path."""


class RecordError(ProblemsError):
    """JSON that does not describe a record; `problems` holds every reason, each with its key path."""


class CaseTableError(ProblemsError):
    """A table of test cases (用例表) that cannot be meant; `problems` holds each with row and column."""

    def __str__(self) -> str:
        return f"{self.subject}：" + "\n".join(self.problems)


class UnknownNameError(BubanchengError, LookupError):
    """A name nobody offers; `what`, `name` and the `known` names."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = tuple(known)
        super().__init__(what, name, names)
        self.what, self.name, self.known = what, name, names

    def __str__(self) -> str:
        known = "、".join(self.known) or "无 (none)"
        return f"没有{self.what} (no such) {self.name!r}；现有 (known): {known}"


class UnknownTicketError(UnknownNameError):
    """A ticket number (工单编号) that this desk's district does not hold."""

    def __str__(self) -> str:
        return f"没有工单 (no such ticket) {self.name!r}"


class RemovedTicketError(UnknownTicketError):
    """A ticket that was here: `kind` says whether it was "destroyed" (销毁) or "moved" (移交), `on` the day.

    `to`: the name of the archive it was moved to; None where it was destroyed, or where that is not told.
    """

    def __init__(self, name: str, kind: str, on: dt.date, to: str | None = None) -> None:
        super().__init__("工单", name, ())
        self.args = (name, kind, on, to)
        self.kind, self.on, self.to = kind, on, to

    def __str__(self) -> str:
        if self.kind == "destroyed":
            return f"工单 {self.name!r} 保管期限届满，已于 {self.on} 销毁 (destroyed on that day)"
        where = "" if self.to is None else f" {self.to!r}"
        return f"工单 {self.name!r} 已于 {self.on} 移交档案库{where} (moved on that day to an archive)"


class NotAllowedError(BubanchengError):
    """An action the flow refuses: `action`, `step`, what is `possible` there, and the `reason`."""

    def __init__(self, action: str, step: str, reason: str, possible: Iterable[str] = ()) -> None:
        names = tuple(possible)
        super().__init__(action, step, reason, names)
        self.action, self.step, self.reason, self.possible = action, step, reason, names

    def __str__(self) -> str:
        possible = f"; possible here: {', '.join(self.possible)}" if self.possible else ""
        return f"{self.action!r} is refused at step {self.step!r}: {self.reason}{possible}"


class StoreError(BubanchengError):
    """A store that cannot be opened, read or written; the message says what to check."""


class ConflictError(StoreError):
    """Somebody else changed the ticket first; read it again and repeat the command."""


class BrokenChainError(StoreError):
    """A history whose hashes do not fit; `ticket`, `sequence` of the first broken entry."""

    def __init__(self, ticket: str, sequence: int, reason: str) -> None:
        super().__init__(ticket, sequence, reason)
        self.ticket, self.sequence, self.reason = ticket, sequence, reason

    def __str__(self) -> str:
        return f"工单 {self.ticket} 第 {self.sequence} 条记录: {self.reason}"


class PluginError(BubanchengError):
    """A plugin that was refused or failed; `plugin`, `hook` (None at load) and `reason`."""

    def __init__(self, plugin: str, hook: str | None, reason: str) -> None:
        super().__init__(plugin, hook, reason)
        self.plugin, self.hook, self.reason = plugin, hook, reason

    def __str__(self) -> str:
        where = f" in {self.hook}" if self.hook else ""
        return f"plugin {self.plugin!r}{where}: {self.reason}"


class LedgerError(BubanchengError, ValueError):
    """A ledger (台账) that cannot be read at all; bad rows are not errors but are listed."""


class BubanchengWarning(UserWarning):
    """Base of every warning of this library; visible by default."""


class ProvisionalWarning(BubanchengWarning):
    """An answer rests on days whose official notice is not published yet (暂定)."""


class CalendarChangedWarning(BubanchengWarning):
    """A desk was given another calendar than the one its tickets were counted with."""


class PluginDeprecationWarning(BubanchengWarning):
    """A plugin implements a hook that a later version will not know any more (即将停用)."""


class NewCheckWarning(BubanchengWarning):
    """A check of a contract kit that is newer than what a plugin was written for; the next minor refuses."""


def warn(message: str, category: type[BubanchengWarning]) -> None:
    """Warn the first caller that is not this library, whatever way the call took inside it."""
    level, frame = 2, sys._getframe(1)  # noqa: SLF001 what `warnings` itself looks at
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
