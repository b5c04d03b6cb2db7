"""What can be wrong with a sheet and with the settings that name it, all at once."""

from bubancheng.errors import ProblemsError


class SettingsError(ProblemsError):
    """Settings that are refused; `problems` holds every reason."""


class SheetError(ProblemsError):
    """A sheet (负责单位表) that is refused; `problems` holds every reason, each with row and column."""
