"""Tests of the desk, through its front door."""
