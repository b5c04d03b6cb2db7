"""`bubancheng plugins` and `check`: what is installed, and everything that is wrong with something."""

from pathlib import Path

from rich.table import Table

from bubancheng.cli.developing import faults_in
from bubancheng.cli.output import console
from bubancheng.cli.plain import clean, print_json
from bubancheng.district import parse_profile
from bubancheng.district.lines import key_lines, line_of
from bubancheng.errors import ArgumentError, ProfileError, UnknownNameError
from bubancheng.registry import Fault, Installed, installed, read_choice

_WORDS = {"ok": "正常", "off": "停用", "broken": "不可用"}


def plugins(settings: str | None, *, as_json: bool) -> int:
    """Print every installed plugin; return the exit status: 1 where one is broken."""
    found = list(installed(read_choice(settings)))
    if as_json:
        print_json([_to_dict(it) for it in found])
    else:
        _print(found)
    return 0 if all(it.is_usable for it in found) else 1


def _state(plugin: Installed) -> str:
    if not plugin.is_usable:
        return "broken"
    return "off" if plugin.is_off else "ok"


def _to_dict(plugin: Installed) -> dict[str, object]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "hooks": list(plugin.hooks),
        "districts": list(plugin.districts),
        "usable": plugin.is_usable,
        "state": _state(plugin),
        "needs": list(plugin.needs),
        "reason": plugin.reason,
    }


def _print(found: list[Installed]) -> None:
    table = Table("名称", "安装包", "版本", "钩子", "区", "状态", box=None, pad_edge=False)
    for plugin in found:
        hooks = "、".join(hook.removeprefix("bubancheng_") for hook in plugin.hooks)
        row = (plugin.name, plugin.distribution, plugin.version, hooks, "、".join(plugin.districts))
        table.add_row(*map(clean, row), _WORDS[_state(plugin)])
    out = console()
    out.print(table)
    for plugin in found:
        if plugin.needs:
            needs = f"{plugin.name}：使用前须设置 (needs the settings) {'、'.join(plugin.needs)}"
            out.print(clean(needs), soft_wrap=True)
        if plugin.reason is not None:
            out.print(clean(f"{plugin.name}（{plugin.distribution}）：{plugin.reason}"), soft_wrap=True)


def check(subject: str) -> int:
    """Print everything that is wrong with a profile or a plugin; return the exit status.

    `subject`: a profile (.toml), the name of an installed plugin, or the folder, or its pyproject.toml, of
    one that is being written.
    """
    out = console()
    path = Path(subject)
    if path.name == "pyproject.toml" or path.is_dir():
        faults = faults_in(path if path.is_dir() else path.parent)
    else:
        faults = _of_profile(path) if path.suffix == ".toml" else _of_plugin(subject)
    for fault in faults:
        out.print(clean(f"{fault.place} {fault.sentence}" if fault.place else fault.sentence), soft_wrap=True)
    if not faults:
        out.print(f"{clean(subject)} 没有问题")
    return 1 if faults else 0


def _of_profile(path: Path) -> list[Fault]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{path} 不是 UTF-8 文本 (not UTF-8 text)：请另存为 UTF-8"
        raise ArgumentError(msg) from error
    except OSError as error:
        msg = f"{path} 无法读取 (cannot be read): {error.strerror}"
        raise ArgumentError(msg) from error
    try:
        parse_profile(text, str(path), folder=path.parent)
    except ProfileError as error:
        lines = key_lines(text)
        found = [(line_of(lines, problem.partition(": ")[0]) or 0, problem) for problem in error.problems]
        places = sorted(found, key=lambda it: it[0])
        return [Fault(problem, f"{path}:{line}" if line else str(path)) for line, problem in places]
    return []


def _of_plugin(name: str) -> list[Fault]:
    every = list(installed())
    found = [it for it in every if it.name == name]
    if not found:
        raise UnknownNameError("插件或 .toml 配置 plugin or profile", name, [it.name for it in every])
    return [fault for it in found for fault in it.faults]
