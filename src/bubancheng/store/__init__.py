"""The storage contract (eight methods), and the in-memory reference."""

from bubancheng.store.contract import (
    ChangeSet,
    Filter,
    Link,
    OutboxRow,
    Record,
    StateRow,
    Store,
)
from bubancheng.store.memory import MemoryStore

__all__ = ["ChangeSet", "Filter", "Link", "MemoryStore", "OutboxRow", "Record", "StateRow", "Store"]
