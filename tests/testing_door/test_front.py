"""The front of the testing door: complete, lazy, sorted."""

import pytest

from bubancheng import testing


@pytest.mark.parametrize("name", testing.__all__)
def test_every_name_of_the_front_can_be_imported(name: str) -> None:
    assert callable(getattr(testing, name))


def test_the_names_stand_once_and_sorted_and_dir_shows_them() -> None:
    assert sorted({*testing.__all__}) == testing.__all__ == dir(testing)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'nothing'"):
        testing.nothing  # noqa: B018 the access is the test
