"""Whole lives of cases, as the source documents tell them."""
