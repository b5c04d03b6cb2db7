"""The frozen ticket (工单), its entries, the fold from entries to ticket, the chain of hashes."""

from bubancheng.ticket.entry import Actor, Amendment, Effect, Entry, Fact
from bubancheng.ticket.fold import Mark, Ticket, fold, opened

__all__ = ["Actor", "Amendment", "Effect", "Entry", "Fact", "Mark", "Ticket", "fold", "opened"]
