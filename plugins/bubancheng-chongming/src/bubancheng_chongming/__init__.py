"""上海市崇明区: the 2023 mechanism of the "办不成事" window as a profile."""

from bubancheng.hooks import profile_plugin

plugin = profile_plugin(__package__, "profile.toml")
