"""北京市: the city rule of the "办不成事" windows, and seven districts on it, each a profile."""

from bubancheng.hooks import profile_plugin

beijing = profile_plugin(__package__, "beijing.toml")
chaoyang = profile_plugin(__package__, "chaoyang.toml")
daxing = profile_plugin(__package__, "daxing.toml")
dongcheng = profile_plugin(__package__, "dongcheng.toml")
fengtai = profile_plugin(__package__, "fengtai.toml")
pinggu = profile_plugin(__package__, "pinggu.toml")
shijingshan = profile_plugin(__package__, "shijingshan.toml")
xicheng = profile_plugin(__package__, "xicheng.toml")
