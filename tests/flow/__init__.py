"""Tests of the flow: the conditions of a row, and who is what to a ticket."""
