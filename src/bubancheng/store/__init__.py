"""The storage contract (eight methods), and the in-memory reference."""

from bubancheng.store.contract import (
    Backed,
    ChangeSet,
    Filter,
    Link,
    OutboxRow,
    Portable,
    Record,
    StateRow,
    Store,
)
from bubancheng.store.memory import MemoryStore

__all__ = [
    "Backed",
    "ChangeSet",
    "Filter",
    "Link",
    "MemoryStore",
    "OutboxRow",
    "Portable",
    "Record",
    "StateRow",
    "Store",
]
