"""What can be wrong with a sheet, all at once."""

from bubancheng.errors import ProblemsError


class SheetError(ProblemsError):
    """A sheet (负责单位表) that is refused; `problems` holds every reason, each with row and column."""
