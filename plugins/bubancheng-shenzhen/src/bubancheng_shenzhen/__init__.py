"""深圳市: the city's rule on service complaints as a profile, and Shahe street on top of it."""

from bubancheng.hooks import profile_plugin

shenzhen = profile_plugin(__package__, "shenzhen.toml")
shahe = profile_plugin(__package__, "shahe.toml")
