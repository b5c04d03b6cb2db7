from typing_extensions import Buffer

def add_workdays(
    days: Buffer, counts: Buffer, ahead: Buffer, landings: Buffer, first: int, found: Buffer, /
) -> int | None: ...
