"""`bubancheng plugins` and `check`: what is installed, and everything that is wrong with something."""

from pathlib import Path

from rich.table import Table

from bubancheng.cli.output import console
from bubancheng.cli.plain import clean, print_json
from bubancheng.district import parse_profile
from bubancheng.district.lines import key_lines, line_of
from bubancheng.errors import ArgumentError, ProfileError, UnknownNameError
from bubancheng.registry import Installed, installed

_STATES = {True: "正常", False: "不可用"}


def plugins(*, as_json: bool) -> int:
    """Print every installed plugin; return the exit status: 1 where one is broken."""
    found = list(installed())
    if as_json:
        print_json([_to_dict(it) for it in found])
    else:
        _print(found)
    return 0 if all(it.is_usable for it in found) else 1


def _to_dict(plugin: Installed) -> dict[str, object]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "hooks": list(plugin.hooks),
        "districts": list(plugin.districts),
        "usable": plugin.is_usable,
        "reason": plugin.reason,
    }


def _print(found: list[Installed]) -> None:
    table = Table("名称", "安装包", "版本", "钩子", "区", "状态", box=None, pad_edge=False)
    for plugin in found:
        hooks = "、".join(hook.removeprefix("bubancheng_") for hook in plugin.hooks)
        row = (plugin.name, plugin.distribution, plugin.version, hooks, "、".join(plugin.districts))
        table.add_row(*map(clean, row), _STATES[plugin.is_usable])
    out = console()
    out.print(table)
    for plugin in found:
        if plugin.reason is not None:
            out.print(clean(f"{plugin.name}（{plugin.distribution}）：{plugin.reason}"), soft_wrap=True)


def check(subject: str) -> int:
    """Print everything that is wrong with a profile or an installed plugin; return the exit status."""
    out = console()
    faults = _of_profile(Path(subject)) if subject.endswith(".toml") else _of_plugin(subject)
    for fault in faults:
        out.print(clean(fault), soft_wrap=True)
    if not faults:
        out.print(f"{clean(subject)} 没有问题")
    return 1 if faults else 0


def _of_profile(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} 无法读取 (cannot be read): {error}"
        raise ArgumentError(msg) from error
    try:
        parse_profile(text, str(path), folder=path.parent)
    except ProfileError as error:
        lines = key_lines(text)
        found = [(line_of(lines, problem.partition(": ")[0]) or 0, problem) for problem in error.problems]
        places = sorted(found, key=lambda it: it[0])
        return [f"{path}:{line} {problem}" if line else f"{path} {problem}" for line, problem in places]
    return []


def _of_plugin(name: str) -> list[str]:
    found = [it for it in installed() if it.name == name]
    if not found:
        raise UnknownNameError("插件或 .toml 配置 plugin or profile", name, [it.name for it in installed()])
    return [it.reason for it in found if it.reason is not None]
