"""上海市浦东新区: the fault-finding window of 2017 as a profile."""

from bubancheng.hooks import profile_plugin

plugin = profile_plugin(__package__, "profile.toml")
