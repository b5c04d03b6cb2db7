"""Tests of the ticket, its entries and its chain."""
