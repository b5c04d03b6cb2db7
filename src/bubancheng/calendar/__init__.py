"""Which instants are working time, counting it, what is known and what is provisional."""

from bubancheng.calendar.notice import Notice, read_notice
from bubancheng.calendar.recurring import recurring
from bubancheng.calendar.spec import Day, DayKind
from bubancheng.calendar.work import WorkCalendar

__all__ = ["Day", "DayKind", "Notice", "WorkCalendar", "read_notice", "recurring"]
