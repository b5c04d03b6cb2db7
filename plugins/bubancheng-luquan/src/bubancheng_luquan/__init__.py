"""石家庄市鹿泉区: its published rules as a profile."""

from bubancheng.hooks import profile_plugin

plugin = profile_plugin(__package__, "profile.toml")
