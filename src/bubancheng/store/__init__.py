"""The storage contract (eight methods), and the in-memory reference."""

from bubancheng.store.contract import (
    Backed,
    ChangeSet,
    Filter,
    Link,
    OutboxRow,
    Record,
    StateRow,
    Store,
)
from bubancheng.store.memory import MemoryStore

__all__ = ["Backed", "ChangeSet", "Filter", "Link", "MemoryStore", "OutboxRow", "Record", "StateRow", "Store"]
