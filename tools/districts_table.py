"""Print docs/districts.md, or docs/zh/districts.md: what each installed district says, out of its profile.

uv run python tools/districts_table.py            # the English page
uv run python tools/districts_table.py zh         # the Chinese page
uv run python tools/districts_table.py --write    # both, into docs/
"""

import sys
import tomllib
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs

from bubancheng.actions import Act, Action
from bubancheng.district import District, Rule
from bubancheng.errors import SettingsError
from bubancheng.registry import Registry, hooks_of, make, offered
from bubancheng.sla import Limit, Target
from bubancheng.sla.notation import LimitUnit

DOCS = Path(__file__).parents[1] / "docs"
LIBRARY = {kind.name for kind in Action.__subclasses__() if kind is not Act}
ONLY_OFFERS = ["bubancheng_district"]
STANDARD: dict[str, Any] = tomllib.loads((files("bubancheng.district") / "standard.toml").read_text("utf-8"))
STANDARD_STEPS: dict[str, str] = {it["id"]: it["name"] for it in STANDARD["flow"]["step"]}

INTRO = {
    "en": """# The districts

What each installed district's profile says, one row a district. `tools/districts_table.py` makes this page
out of the profiles; a test holds it to them. How to add a further one:
[the profile of a further district](howto/new-district.md).

A limit that nobody has published is not in a profile: "agreed" means that a day is agreed on case by case,
"-" that there is none. What else a profile assumes stands in its rules' `assumptions`.
""",
    "zh": """# 各区一览

每个已安装的区，一行一区，取自它的配置。本页由 `tools/districts_table.py` 从配置生成，有测试核对。
要加一个新的区，见[写一个新的区](howto/new-district.md)。

没有公布的时限，配置里也没有：“约定”是逐件约定，“-”是没有。其余的假定写在各版规则的 `assumptions` 中。
""",
}


@attrs.frozen(kw_only=True)
class System:
    """An installed district, and whether its plugin does nothing but offer the profile."""

    district: District
    is_profile_alone: bool

    @property
    def rule(self) -> Rule:
        """The newest version of its rules."""
        return self.district.rules[-1]

    def targets(self, *, watched: bool) -> list[Target]:
        """Return the duties of the newest rules that the light watches, but for new rounds; or the others."""
        found = (it for it in self.rule.policy.targets if it.watched is watched)
        return [it for it in found if not (watched and it.again)]


@attrs.frozen(kw_only=True)
class Capability:
    """A column: its heading in both languages, and what stands in it for a system."""

    en: str
    zh: str
    cell: Callable[[System, str], str]


def systems() -> list[System]:
    """Return every installed district, in the order of their codes."""
    found = []
    for name, point in offered().items():
        try:
            plugin = make(point, {})
        except SettingsError:
            continue  # a district needs no settings
        registry = Registry()
        registry.add(name, plugin)
        alone = hooks_of(type(plugin)) == ONLY_OFFERS
        found += [System(district=it, is_profile_alone=alone) for it in registry.districts().values()]
    return sorted(found, key=lambda it: it.district.code)


def _limit(limit: Limit, language: str) -> str:
    if language == "zh":
        return str(limit)
    return "agreed" if limit.unit is LimitUnit.BY_AGREEMENT else limit.english


def _limits(target: Target, system: System, language: str) -> str:
    """Return the limits of a duty: one, or one for each class."""
    if target.limit is not None:
        return _limit(target.limit, language)
    names = {it.id: it.name for it in system.rule.categories}
    names |= {it.id: it.name for it in system.district.codes if it.fact == target.axis}
    names |= {it.id: it.name for it in system.district.channels if target.axis == "channel"}
    known = [it.id for it in system.rule.categories] if target.axis == "class" else list(target.limits)
    words = [
        f"{names.get(it, it)} {_limit(target.limits[it], language) if it in target.limits else '-'}"
        for it in known
    ]
    return "; ".join(words) or "-"


def _reply(system: System, language: str) -> str:
    duties = system.targets(watched=True)
    if len(duties) == 1:
        return _limits(duties[0], system, language)
    return "; ".join(f"{it.name} {_limits(it, system, language)}" for it in duties)


def _others(system: System, language: str) -> str:
    told = [it for it in system.targets(watched=False) if _is_told(it)]
    return "; ".join(f"`{it.name}` {_limits(it, system, language)}" for it in told) or "-"


def _is_told(target: Target) -> bool:
    """Whether a duty has a number of its own."""
    given = [it for it in (target.limit, *target.limits.values()) if it is not None]
    return any(it.unit is not LimitUnit.BY_AGREEMENT for it in given)


def _in_force(system: System, language: str) -> str:
    last = {"en": "until", "zh": "至"}[language]
    return "; ".join(
        f"{it.valid_from}" + (f" {last} {it.valid_until}" if it.valid_until else "")
        for it in system.district.rules
    )


def _light(system: System, language: str) -> str:
    policy = system.rule.policy
    warning = policy.warn_before
    text = _limit(warning, language) if isinstance(warning, Limit) else str(warning)
    done = {"en": "green when done", "zh": "办结显绿"}[language]
    return f"{text}, {done}" if policy.closed == "green" else text


def _flow(system: System, language: str) -> str:
    """Return the steps: all of them, or what differs from the standard loop where most of it is kept."""
    steps = {it.id: it.name for it in system.district.flow.steps}
    kept = steps.keys() & STANDARD_STEPS.keys()
    if len(kept) * 2 < len(STANDARD_STEPS):
        return "、".join(steps.values())
    more = [f"+{name}" for it, name in steps.items() if it not in STANDARD_STEPS]
    less = [f"-{name}" for it, name in STANDARD_STEPS.items() if it not in steps]
    return " ".join([{"en": "standard", "zh": "共用闭环"}[language], *more, *less])


def _own(system: System, _language: str) -> str:
    actions = {row.action for row in system.district.flow.transitions} - LIBRARY
    return ", ".join(f"`{it}`" for it in sorted(actions)) or "-"


def _count(part: str) -> Callable[[System, str], str]:
    return lambda system, _: str(len(getattr(system.district, part)))


def _responsible(system: System, language: str) -> str:
    words = {
        "first_receiver": {"en": "first unit", "zh": "首受"},
        "first_inquiry": {"en": "first person asked", "zh": "首问"},
    }
    return words[system.district.responsibility][language]


def _alone(system: System, language: str) -> str:
    return {"en": ("no", "yes"), "zh": ("否", "是")}[language][system.is_profile_alone]


CAPABILITIES = (
    Capability(en="district", zh="区", cell=lambda it, _: f"{it.district.title} `{it.district.name}`"),
    Capability(en="rules from", zh="规则自", cell=_in_force),
    Capability(en="reply within", zh="办结时限", cell=_reply),
    Capability(en="other limits", zh="其他时限", cell=_others),
    Capability(en="yellow before", zh="亮黄提前", cell=_light),
    Capability(en="answerable", zh="责任", cell=_responsible),
    Capability(en="steps", zh="步骤", cell=_flow),
    Capability(en="actions of its own", zh="自己的动作", cell=_own),
    Capability(en="ways in", zh="渠道", cell=_count("channels")),
    Capability(en="exclusions", zh="不受理", cell=_count("exclusions")),
    Capability(en="units", zh="单位", cell=_count("units")),
    Capability(en="counters", zh="窗口", cell=_count("service_points")),
    Capability(en="posts", zh="岗位", cell=_count("duties")),
    Capability(en="tips", zh="贴士", cell=_count("tips")),
    Capability(en="questions", zh="问诊", cell=_count("questions")),
    Capability(en="figures", zh="指标", cell=_count("metrics")),
    Capability(en="ledger columns", zh="台账列", cell=_count("columns")),
    Capability(en="assumptions", zh="假定", cell=lambda it, _: str(len(it.rule.assumptions))),
    Capability(en="TOML alone", zh="只用配置", cell=_alone),
)


def page(language: str, found: Iterable[System] | None = None) -> str:
    """Return the page in a language, "en" or "zh"."""
    headings = [getattr(it, language) for it in CAPABILITIES]
    lines = [_row(headings), _row(["---"] * len(headings))]
    shown = systems() if found is None else found
    lines += [_row([it.cell(system, language) for it in CAPABILITIES]) for system in shown]
    return "\n".join([INTRO[language], *lines, ""])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(it.replace('|', '/') for it in cells)} |"


def main(words: list[str]) -> None:
    """Print a page, or write both."""
    if words == ["--write"]:
        DOCS.joinpath("districts.md").write_text(page("en"), encoding="utf-8")
        DOCS.joinpath("zh", "districts.md").write_text(page("zh"), encoding="utf-8")
    else:
        sys.stdout.write(page("zh" if words == ["zh"] else "en"))


if __name__ == "__main__":
    main(sys.argv[1:])
