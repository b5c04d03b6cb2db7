"""Making the folder of a plugin out of templates; nothing that exists is ever overwritten."""

from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template

import attrs

from bubancheng.cli.scaffold.naming import check_name, distribution_name, module_name
from bubancheng.errors import ArgumentError


@attrs.frozen(kw_only=True)
class Kind:
    """A kind of plugin: its `title`; the `files` it has besides those of all kinds, each with its template.

    `factory`: what its entry point names; `main`: the file to change, and what is in it; `usage`: how it is
    used. In all of them $name, $module and the other words of a template are filled in.
    """

    title: str
    files: Mapping[str, str]
    usage: str
    factory: str = "Plugin"
    main: tuple[str, str] = ("src/$module/__init__.py", "插件本身：一个钩子，和它的设置")


_COMMON = {
    "pyproject.toml": "common/pyproject.toml",
    "README.md": "common/README.md",
}
_EXAMPLE = "settings.example.toml"
_SETTINGS_USAGE = f"设置写在 TOML 文件里，样板见 `{_EXAMPLE}`：\n\n```\n{{}}\n```"
_RUN = _SETTINGS_USAGE.format(f"bubancheng run 台账.csv --settings {_EXAMPLE}")


def _of(kind: str, *, with_settings: bool = True) -> dict[str, str]:
    """Return the files that nearly every kind has."""
    settings = {_EXAMPLE: f"{kind}/settings.toml"} if with_settings else {}
    return {
        "src/$module/__init__.py": f"{kind}/__init__.py",
        "src/$module/py.typed": "common/py.typed",
        "tests/test_contract.py": f"{kind}/test_contract.py",
        **settings,
    }


KINDS: Mapping[str, Kind] = {
    "dispatch": Kind(
        title="派单插件：按设置中的事项表派给主办单位",
        files={**_of("dispatch"), "tests/district.toml": "common/profile.toml"},
        usage=_RUN,
    ),
    "notify": Kind(
        title="通知插件：按区配置中的通知路线送出通知",
        files=_of("notify"),
        usage=_SETTINGS_USAGE.format(
            f'desk = Desk.open("chongming", store="sqlite:///desk.db", settings="{_EXAMPLE}")\ndesk.relay()'
        ),
    ),
    "district": Kind(
        title="区插件：一个区的规则、流程、单位和用词",
        files={**_of("district", with_settings=False), "src/$module/profile.toml": "common/profile.toml"},
        usage="```\nbubancheng run 台账.csv --district $name\n```",
        factory="plugin",
        main=("src/$module/profile.toml", "区配置；大多数区不需要写 Python"),
    ),
    "calendar": Kind(
        title="历法插件：一个区在国家工作日之外的停办时段",
        files=_of("calendar"),
        usage=_RUN,
    ),
    "store": Kind(
        title="存储插件：打开 $name:// 开头的存储",
        files=_of("store", with_settings=False),
        usage="```\nbubancheng run 台账.csv --store $name://任意\n```",
    ),
}


def new_plugin(name: str, kind: str, into: Path) -> Path:
    """Write the folder of a new plugin and return it.

    `into`: the folder it is put into. Errors: `ArgumentError` for a name that cannot be, or is taken, and for
    a folder that is there already or cannot be written.
    """
    check_name(name)
    folder = into / distribution_name(name)
    if not into.is_dir():
        msg = f"没有文件夹 {into} (no such folder): make it first"
        raise ArgumentError(msg)
    texts = _texts(name, KINDS[kind])
    try:
        folder.mkdir()
        for file, text in texts.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except FileExistsError as error:
        msg = f"{folder} 已存在，不会覆盖 (is there already, never overwritten): choose another name"
        raise ArgumentError(msg) from error
    except OSError as error:
        msg = f"{folder} 无法写入 (cannot be written): {error.strerror}"
        raise ArgumentError(msg) from error
    return folder


def _texts(name: str, kind: Kind) -> dict[str, str]:
    """Return the files of a plugin with their texts."""
    words = {
        "name": name,
        "module": module_name(name),
        "distribution": distribution_name(name),
        "needs": ".".join(version("bubancheng").split(".")[:2]),
        "factory": kind.factory,
    }
    told = {"title": kind.title, "usage": kind.usage, "main_file": kind.main[0], "main_words": kind.main[1]}
    words |= {key: Template(text).substitute(words) for key, text in told.items()}
    return {
        Template(file).substitute(words): Template(_template(source)).substitute(words)
        for file, source in (_COMMON | dict(kind.files)).items()
    }


def _template(source: str) -> str:
    return files(__package__).joinpath("templates", f"{source}.txt").read_text("utf-8")
