"""What a profile takes over from another (继承): table by table, each key knowing where it stands."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

NAMED_BY: dict[str, tuple[str, ...]] = {
    "channel": ("id",),
    "class": ("id",),
    "code": ("fact", "id"),
    "column": ("id",),
    "duty": ("post", "unit"),
    "exclusion": ("id",),
    "metric": ("id",),
    "question": ("id",),
    "retention": ("id",),
    "role": ("id",),
    "route": ("id",),
    "rule": ("version",),
    "service_point": ("name", "unit", "counter"),
    "step": ("id",),
    "target": ("name",),
    "tip": ("id",),
    "transition": ("action",),
    "unit": ("name",),
}
"""By which of its keys a table in a list is told from the others."""

_ALL = "*"
_DATED = {"version", "valid_from", "valid_until", "source", "based_on"}  # what each version says for itself


class Placed(dict[str, Any]):
    """A table of a profile; `places` says of each key where it stands: "file#path", or a path alone."""

    def __init__(self, values: Mapping[str, Any], places: Mapping[str, str]) -> None:
        super().__init__(values)
        self.places = dict(places)

    def but(self, **values: Any) -> "Placed":  # noqa: ANN401 whatever a file holds
        """Return the table with other values under some keys; None takes one away."""
        kept = {key: it for key, it in (dict(self) | values).items() if it is not None}
        return Placed(kept, self.places)


class Layers:
    """Profiles over one another, the base first; what cannot be done is noted, and left as it was."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note

    def over(self, base: Placed, own: Placed) -> Placed:
        """Return a base, less what the other one leaves out (`without`), with what it says over it."""
        unwanted = own.get("without")
        if isinstance(unwanted, dict):
            base = self._without(base, unwanted, own.places.get("without", "without"))
        return _merged(base, own.but(without=None))

    def versions(self, profile: Placed) -> Placed:
        """Return a profile whose rules hold what they take over (`based_on`) and what all have in common."""
        rules = profile.get("rule")
        if not isinstance(rules, list):
            return profile
        common = profile.get("target")
        if isinstance(common, list):
            rules = [_with_common(it, common) if isinstance(it, Placed) else it for it in rules]
        known = {it.get("version"): it for it in rules if isinstance(it, Placed)}
        full = [self._version(it, known, ()) if isinstance(it, Placed) else it for it in rules]
        return profile.but(rule=full, target=None if isinstance(common, list) else common)

    def _version(self, rule: Placed, known: Mapping[Any, Placed], chain: tuple[Any, ...]) -> Placed:
        base, version = rule.get("based_on"), rule.get("version")
        if base is None:
            return rule.but(without=None)
        if base in {*chain, version} or base not in known:
            wrong = "成环 (a circle)" if base in known else "没有这一版 (no such version)"
            self._note(f"{rule.places['based_on']}: {base!r} {wrong}")
            return rule.but(based_on=None, without=None)
        under = self._version(known[base], known, (*chain, version))
        return self.over(under.but(**dict.fromkeys(_DATED)), rule.but(based_on=None))

    # -- what is left out

    def _without(self, base: Placed, unwanted: Mapping[str, Any], place: str) -> Placed:
        words = {key: it for key, it in unwanted.items() if key in NAMED_BY and _are_texts(it)}
        for key in unwanted.keys() - words.keys():
            self._note(f"{place}.{key}: 应为 {', '.join(NAMED_BY)} 之一，值为名称的列表 (a list of names)")
        found: set[tuple[str, str]] = set()
        left = _left(base, words, found)
        for key, names in words.items():
            for name in names:
                if (key, name) not in found:
                    self._note(f"{place}.{key}: 没有可去掉的 (nothing to leave out) {name!r}")
        return _pruned(left) if words.keys() & {"step", "role"} else left


def placed(data: Mapping[str, Any], subject: str = "", path: str = "") -> Placed:
    """Return the tables of one file, each key with its place; `subject` names a file that is inherited."""
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for key, value in data.items():
        place = f"{path}.{key}" if path else key
        places[key] = f"{subject}#{place}" if subject else place
        if isinstance(value, dict):
            values[key] = placed(value, subject, place)
        elif isinstance(value, list):
            values[key] = [
                placed(it, subject, f"{place}[{number}]") if isinstance(it, dict) else it
                for number, it in enumerate(value, start=1)
            ]
        else:
            values[key] = value
    return Placed(values, places)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(it, str) for it in value)


def _name(table: object, key: str) -> object:
    """Return what tells a table of a list from the others."""
    return tuple(str(table.get(part)) for part in NAMED_BY[key]) if isinstance(table, dict) else id(table)


def _merged(base: Placed, own: Placed) -> Placed:
    """Return two tables as one, key by key: the own word counts, inside tables and named lists too."""
    values: dict[str, Any] = dict(base)
    for key, value in own.items():
        before = base.get(key)
        if isinstance(value, Placed) and isinstance(before, Placed):
            values[key] = _merged(before, value)
        elif isinstance(value, list) and isinstance(before, list) and key in NAMED_BY:
            values[key] = _rows(before, value, key) if key == "transition" else _listed(before, value, key)
        else:
            values[key] = value
    return Placed(values, base.places | own.places)


def _listed(base: list[Any], own: list[Any], key: str) -> list[Any]:
    """Return two lists of tables as one: those of one name merged, the others after them."""
    left, found = list(own), []
    for it in base:
        match = next((other for other in left if _name(other, key) == _name(it, key)), None)
        if isinstance(match, Placed) and isinstance(it, Placed):
            left = [other for other in left if other is not match]
            found.append(_merged(it, match))
        else:
            found.append(it)
    return found + left


def _rows(base: list[Any], own: list[Any], key: str) -> list[Any]:
    """Return the rows of a flow: those of an action replace the base's, unless they say `also`."""
    replaced = {_name(it, key) for it in own if isinstance(it, dict) and it.get("also") is not True}
    return [it for it in base if _name(it, key) not in replaced] + own


def _left(table: Placed, words: Mapping[str, list[str]], found: set[tuple[str, str]]) -> Placed:
    """Return a table without the named ones in its lists, at any depth; note in `found` what was there."""
    values = dict(table)
    for key, value in table.items():
        if isinstance(value, Placed):
            values[key] = _left(value, words, found)
        elif isinstance(value, list) and key in NAMED_BY:
            kept = [it for it in value if not _is_unwanted(it, key, words.get(key, ()), found)]
            values[key] = [_left(it, words, found) if isinstance(it, Placed) else it for it in kept]
    return Placed(values, table.places)


def _is_unwanted(table: object, key: str, words: Iterable[str], found: set[tuple[str, str]]) -> bool:
    if not isinstance(table, dict):
        return False
    parts = [str(table.get(part)) for part in NAMED_BY[key]]
    hits = [word for word in words if word in {_ALL, parts[0], " ".join(parts)}]
    found.update((key, word) for word in hits)
    return bool(hits)


def _pruned(base: Placed) -> Placed:
    """Return a base whose flow no longer names steps and roles that were left out."""
    flow = base.get("flow")
    if not isinstance(flow, Placed) or not isinstance(flow.get("transition"), list):
        return base
    steps = {it.get("id") for it in flow.get("step", ()) if isinstance(it, dict)}
    roles = {it.get("id") for it in base.get("role", ()) if isinstance(it, dict)}
    rows = [_pruned_row(it, steps, roles) if isinstance(it, Placed) else it for it in flow["transition"]]
    return base.but(flow=flow.but(transition=[it for it in rows if it is not None]))


def _pruned_row(row: Placed, steps: set[Any], roles: set[Any]) -> Placed | None:
    """Return a row without them; None where nowhere to come from, to go to, or nobody to do it is left."""
    values = {}
    for key, known in (("from", steps), ("roles", roles), ("approvers", roles)):
        if _are_texts(row.get(key)) and row[key]:
            values[key] = [it for it in row[key] if it in known]
            if not values[key]:
                return None
    return row.but(**values) if row.get("to") is None or row["to"] in steps else None


def _with_common(rule: Placed, common: list[Any]) -> Placed:
    """Return a rule with the targets that hold in every version, but for its own and those it leaves out."""
    own, unwanted = rule.get("target", []), rule.get("without")
    if not isinstance(own, list):
        return rule
    words = unwanted.get("target", ()) if isinstance(unwanted, dict) else ()
    names = {_name(it, "target") for it in own}
    more = [
        it
        for it in common
        if _name(it, "target") not in names and not _is_unwanted(it, "target", words, set())
    ]
    return rule.but(target=[*own, *more])
