"""Deliberately wrong implementations: each must be rejected, and by the one check it is named with."""
