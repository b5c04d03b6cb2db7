"""Tests of district profiles."""
