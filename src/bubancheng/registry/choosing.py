"""Which plugins a desk's settings choose, and with what settings: from a mapping or a TOML file."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

import attrs

from bubancheng.district.lines import key_lines, line_of
from bubancheng.errors import SettingsError
from bubancheng.registry.finding import entry_points_by_name

PluginSettings = Mapping[str, Mapping[str, object]] | str | PathLike[str]
"""Settings by plugin name, or the path of a TOML file with a table `[plugin.NAME]` for each."""

_TABLE, _SWITCH = "plugin", "enabled"


@attrs.frozen(kw_only=True)
class Choice:
    """The plugins that settings name: `tables` of settings by plugin, and those switched `off`.

    `source`: where the settings came from; `lines`: the line of each key there.
    """

    source: str = "settings"
    tables: Mapping[str, Mapping[str, object]] = attrs.field(factory=dict)
    off: frozenset[str] = frozenset()
    lines: Mapping[str, int] = attrs.field(factory=dict, repr=False)

    def of(self, name: str) -> Mapping[str, object]:
        """Return the settings of a plugin; empty where there are none."""
        return self.tables.get(name, {})

    def needed(self, name: str) -> None:
        """Refuse to go on without a plugin that is switched off."""
        if name in self.off:
            told = f"{_TABLE}.{name}.{_SWITCH}: 已停用，但此处要用它 (switched off, but needed here)"
            raise SettingsError(self.source, [self.located(told)])

    @contextmanager
    def locating(self) -> Iterator[None]:
        """Let refused settings of a plugin say in which line of the file they stand."""
        try:
            yield
        except SettingsError as error:
            if error.subject == self.source:
                raise
            raise SettingsError(self.source, [self.located(it) for it in error.problems]) from error

    def located(self, problem: str) -> str:
        """Return a fault with the line of its key in front."""
        line = line_of(dict(self.lines), problem.partition(":")[0])
        return f"第 {line} 行 (line {line}) {problem}" if line else problem


def read_choice(settings: PluginSettings | None) -> Choice:
    """Return what settings choose.

    Errors: `SettingsError` for a file that cannot be read, and with every name that no installed plugin
    bears and every `enabled` that is neither true nor false.
    """
    if settings is None:
        return Choice()
    if isinstance(settings, Mapping):
        return _choice(Choice(), settings, [])
    source = str(Path(settings))
    try:
        text = Path(settings).read_text("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise SettingsError(source, ["不是 UTF-8 文本 (not UTF-8 text)"]) from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(source, [f"不是 TOML (no TOML): {error}"]) from error
    except OSError as error:
        raise SettingsError(source, [f"无法读取 (cannot be read): {error.strerror}"]) from error
    read = Choice(source=source, lines=key_lines(text))
    problems = [
        f"{key}: 没有这个键 (unknown key)，插件的设置写在 [{_TABLE}.名称] 之下"
        for key in data
        if key != _TABLE
    ]
    return _choice(read, data.get(_TABLE, {}), problems)


def _choice(read: Choice, given: Any, problems: list[str]) -> Choice:  # noqa: ANN401 what TOML or a caller gave
    tables = given if isinstance(given, Mapping) else {}
    if tables is not given:
        problems.append(f"{_TABLE}: 应为表 (must be tables such as [{_TABLE}.NAME])")
    known = entry_points_by_name() if tables else {}
    for name, table in tables.items():
        key = f"{_TABLE}.{name}"
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1) or list(known)
            problems.append(f"{key}: 没有安装这个插件 (no such plugin)，是否为 {'、'.join(near)}？")
        if not isinstance(table, Mapping):
            problems.append(f"{key}: 应为表 (a table), 现为 {table!r}")
        elif not isinstance(table.get(_SWITCH, True), bool):
            problems.append(f"{key}.{_SWITCH}: 应为 true 或 false, 现为 {table[_SWITCH]!r}")
    if problems:
        raise SettingsError(read.source, [read.located(it) for it in problems])
    return attrs.evolve(
        read,
        tables={name: {k: it for k, it in table.items() if k != _SWITCH} for name, table in tables.items()},
        off=frozenset(name for name, table in tables.items() if not table.get(_SWITCH, True)),
    )
