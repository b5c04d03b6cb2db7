"""Tests of `bubancheng.calendar`."""
