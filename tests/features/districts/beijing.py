"""Halls of Beijing and its districts: their profiles, who works there, a case on its way."""

from typing import Any

from bubancheng.actions import Accept, Acknowledge, Register
from bubancheng.ticket import Actor, Ticket
from tests.features.districts.halls import DISTRICTS
from tests.features.hall import Hall

NAMES = ("beijing", "xicheng", "dongcheng", "daxing", "chaoyang", "shijingshan", "fengtai", "pinggu")

WEDNESDAY = "2022-03-02 10:00"  # an ordinary week of an ordinary month: nothing off but weekends
SCOPE = "符合办事指南条件而未办成"
LEVY = "残疾人就业保障金申报"
ALLOWANCE = "最低生活保障申请"
PERMIT = "工作居住证办理"
CARD = "社会保障卡业务"
TAXES = "企业办税"
LICENCE = "营业执照变更登记"


def window(unit: str, role: str = "window_officer") -> Actor:
    """Return somebody at the window of a hall."""
    return Actor(id=f"窗口-{role}", role=role, unit=unit)


def officer(unit: str, person: str = "经办") -> Actor:
    """Return the officer of a unit who takes its orders."""
    return Actor(id=person, role="disposal_officer", unit=unit)


XICHENG = "西城区政务服务中心"
DONGCHENG = "东城区政务服务中心"
DAXING = "大兴区政务服务中心"
CHAOYANG = "朝阳区政务服务中心"
SHIJINGSHAN = "石景山区政务服务中心"
FENGTAI = "丰台区政务服务中心"

CENTRE = Actor(id="中心", role="dispatch_centre")
OFFICE = Actor(id="政务服务局", role="district_office")
GROUP = Actor(id="搜集小组", role="collection_group", unit=DONGCHENG)
CLERK = Actor(id="综合7", role="floor_clerk", unit=DONGCHENG)
PATROLLER = Actor(id="dc-xunshi-1", role="patroller", unit=DONGCHENG)
GUIDE_OWNER = Actor(id="首都之窗-1", role="portal_owner", unit="首都之窗")
PORTAL = Actor(id="网上", role="portal")


def office(name: str, at: str = WEDNESDAY) -> Hall:
    """Return a hall of a district."""
    return Hall(DISTRICTS[name], at)


def registered(hall: Hall, actor: Actor, matter: str, ticket: str = "T1", **stated: Any) -> Ticket:
    """Register a request."""
    return hall.do(Register(ticket=ticket, matter=matter, **stated), actor)


def taken(hall: Hall, actor: Actor, matter: str, ticket: str = "T1", **stated: Any) -> Actor:
    """Bring a request to the unit that owns its matter, which acknowledges it; return its officer."""
    registered(hall, actor, matter, ticket, **stated)
    found = hall.do(Accept(ticket=ticket, scope_reason=SCOPE), actor)
    at_work = officer(str(found.unit))
    hall.do(Acknowledge(ticket=ticket), at_work)
    return at_work
