"""A district that does not exist: it uses what a profile may say and no real one must be alone with."""

from pathlib import Path

from bubancheng.district import District, parse_profile
from bubancheng.errors import ProfileError

HERE = Path(__file__).parent


def invented(more: str = "", *, head: str = "") -> District:
    """Return the invented district under more tables; `head` goes into [district]."""
    return parse_profile(f'[district]\ninherits = "invented.toml"\n{head}{more}', folder=HERE)


def problems(more: str, *, head: str = "") -> tuple[str, ...]:
    """Return what is wrong with the invented district under more tables."""
    try:
        invented(more, head=head)
    except ProfileError as error:
        return error.problems
    raise AssertionError(more)
