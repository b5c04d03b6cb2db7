"""Tests of the stores: one contract, and what is particular to a file."""
