"""How the laws are tried; what is drawn for them is the library's own (`bubancheng.testing.strategies`)."""

from hypothesis import HealthCheck, settings

# The laws are many and cheap; a case may have to build a calendar first.
law = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
