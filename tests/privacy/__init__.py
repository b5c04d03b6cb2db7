"""Tests of what may be shown, and to whom."""
