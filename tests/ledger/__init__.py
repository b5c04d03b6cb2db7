"""Tests of reading a ledger and taking it in."""
