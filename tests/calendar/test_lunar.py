"""The festivals and the statutory holidays that hang on them, against other people's calendars.

Two lunar libraries that share neither code nor data with each other or with the generator
(PyEphem): lunar_python computes new moons and solar terms from the series of 寿星天文历; borax
looks them up in the packed tables of 1900 to 2100 that calendar.js made popular.
"""

from datetime import date
from itertools import pairwise

import chinese_calendar
import pytest
from borax.calendars import LunarDate
from borax.calendars.lunardate import TermUtils
from lunar_python import Lunar

from bubancheng.calendar.lunar import FIRST_YEAR, LAST_YEAR, Festivals, festivals
from bubancheng.calendar.statute import statute_source, statutory_holidays

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)

# The new moon that begins the eighth month of 2089 comes at 00:00:33 UTC+8 on 5 September in
# terrestrial time. Civil time runs behind that by 69 s already, so the moment falls on the 4th,
# a few minutes before midnight, and mid-autumn is 18 September. borax counts from the 5th, as
# older almanacs do and .NET did until dotnet/coreclr#19480. The Hong Kong Observatory calls the
# new moons of 2057-09-28, 2089-09-04 and 2097-08-07 uncertain by a day; of these only the one of
# 2089 touches a festival.
BORAX_MISPRINTS = {2089: date(2089, 9, 19)}


def computed_festivals(year: int) -> Festivals:
    """Return the festivals that lunar_python computes."""

    def civil(lunar: Lunar) -> date:
        solar = lunar.getSolar()
        return date(solar.getYear(), solar.getMonth(), solar.getDay())

    qingming = Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]
    return Festivals(
        spring_festival=civil(Lunar.fromYmd(year, 1, 1)),
        qingming=date(qingming.getYear(), qingming.getMonth(), qingming.getDay()),
        dragon_boat=civil(Lunar.fromYmd(year, 5, 5)),
        mid_autumn=civil(Lunar.fromYmd(year, 8, 15)),
    )


def tabulated_festivals(year: int) -> Festivals:
    """Return the festivals that borax looks up."""
    return Festivals(
        spring_festival=LunarDate(year, 1, 1).to_solar_date(),
        qingming=TermUtils.nth_term_day(year, term_name="清明"),
        dragon_boat=LunarDate(year, 5, 5).to_solar_date(),
        mid_autumn=LunarDate(year, 8, 15).to_solar_date(),
    )


class TestFestivals:
    """The table of movable festivals."""

    @pytest.mark.parametrize("year", YEARS)
    def test_each_year_agrees_with_lunar_python(self, year: int) -> None:
        """Two computations from different theories of the sun and the moon agree."""
        assert computed_festivals(year) == festivals(year)

    @pytest.mark.parametrize("year", [year for year in YEARS if year not in BORAX_MISPRINTS])
    def test_each_year_agrees_with_borax(self, year: int) -> None:
        """The computation agrees with the table."""
        assert tabulated_festivals(year) == festivals(year)

    @pytest.mark.parametrize(("year", "misprint"), BORAX_MISPRINTS.items())
    def test_a_known_misprint_of_borax_is_its_only_difference(self, year: int, misprint: date) -> None:
        """All but the mid-autumn festival of the year still agrees."""
        assert misprint == tabulated_festivals(year).mid_autumn
        assert tabulated_festivals(year) == festivals(year)._replace(mid_autumn=misprint)

    def test_mid_autumn_2089_follows_the_new_moon_of_4_september(self) -> None:
        """A new moon just before midnight belongs to the day that ends."""
        assert date(2089, 9, 18) == festivals(2089).mid_autumn

    def test_the_leap_month_of_2033_comes_after_the_eleventh_month(self) -> None:
        """Older almanacs put it after the seventh, which moves mid-autumn by a month."""
        assert date(2033, 9, 8) == festivals(2033).mid_autumn
        assert date(2034, 2, 19) == festivals(2034).spring_festival

    def test_the_first_and_the_last_year_are_known(self) -> None:
        """Both bounds belong to the table."""
        assert date(2004, 1, 22) == festivals(FIRST_YEAR).spring_festival
        assert date(2099, 9, 29) == festivals(LAST_YEAR).mid_autumn

    @pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
    def test_a_year_outside_the_table_is_refused_with_the_known_range(self, year: int) -> None:
        """The message names the year and the way out."""
        with pytest.raises(LookupError, match=rf"{year} are not known; .* from 2004 to 2099\."):
            festivals(year)


class TestStatutoryHolidays:
    """The days off that article 2 names."""

    def test_2027_has_thirteen_days(self) -> None:
        """Since 2025 除夕 and 2 May are days off (国务院令第795号)."""
        assert {
            date(2027, 1, 1): "元旦",
            date(2027, 2, 5): "春节",
            date(2027, 2, 6): "春节",
            date(2027, 2, 7): "春节",
            date(2027, 2, 8): "春节",
            date(2027, 4, 5): "清明节",
            date(2027, 5, 1): "劳动节",
            date(2027, 5, 2): "劳动节",
            date(2027, 6, 9): "端午节",
            date(2027, 9, 15): "中秋节",
            date(2027, 10, 1): "国庆节",
            date(2027, 10, 2): "国庆节",
            date(2027, 10, 3): "国庆节",
        } == statutory_holidays(2027)

    def test_2007_has_ten_days(self) -> None:
        """Three long holidays and no traditional festival but 春节 (国务院令第270号)."""
        assert {
            date(2007, 1, 1): "元旦",
            date(2007, 2, 18): "春节",
            date(2007, 2, 19): "春节",
            date(2007, 2, 20): "春节",
            date(2007, 5, 1): "劳动节",
            date(2007, 5, 2): "劳动节",
            date(2007, 5, 3): "劳动节",
            date(2007, 10, 1): "国庆节",
            date(2007, 10, 2): "国庆节",
            date(2007, 10, 3): "国庆节",
        } == statutory_holidays(2007)

    def test_2008_has_eleven_days_with_new_years_eve(self) -> None:
        """除夕 is a day off and the third day is not (国务院令第513号)."""
        assert {
            date(2008, 1, 1): "元旦",
            date(2008, 2, 6): "春节",
            date(2008, 2, 7): "春节",
            date(2008, 2, 8): "春节",
            date(2008, 4, 4): "清明节",
            date(2008, 5, 1): "劳动节",
            date(2008, 6, 8): "端午节",
            date(2008, 9, 14): "中秋节",
            date(2008, 10, 1): "国庆节",
            date(2008, 10, 2): "国庆节",
            date(2008, 10, 3): "国庆节",
        } == statutory_holidays(2008)

    def test_2014_has_eleven_days_without_new_years_eve(self) -> None:
        """The third day is off again and 除夕 is not (国务院令第644号)."""
        assert {
            date(2014, 1, 1): "元旦",
            date(2014, 1, 31): "春节",
            date(2014, 2, 1): "春节",
            date(2014, 2, 2): "春节",
            date(2014, 4, 5): "清明节",
            date(2014, 5, 1): "劳动节",
            date(2014, 6, 2): "端午节",
            date(2014, 9, 8): "中秋节",
            date(2014, 10, 1): "国庆节",
            date(2014, 10, 2): "国庆节",
            date(2014, 10, 3): "国庆节",
        } == statutory_holidays(2014)

    @pytest.mark.parametrize(
        ("year", "count"),
        [(2004, 10), (2007, 10), (2008, 11), (2013, 11), (2014, 11), (2024, 11), (2025, 13)],
    )
    def test_each_version_gives_its_number_of_days_from_its_first_to_its_last_year(
        self, year: int, count: int
    ) -> None:
        """10 days, 11 since 2008, 13 since 2025."""
        assert count == len(statutory_holidays(year))

    @pytest.mark.parametrize(
        ("year", "shared", "count"),
        [(2020, date(2020, 10, 1), 10), (2031, date(2031, 10, 1), 12)],
    )
    def test_a_mid_autumn_within_national_day_is_one_day_off(
        self, year: int, shared: date, count: int
    ) -> None:
        """The dates are a union, and the festival named first in the article gives the name."""
        assert shared == festivals(year).mid_autumn
        assert count == len(statutory_holidays(year))
        assert statutory_holidays(year)[shared] == "中秋节"

    @pytest.mark.parametrize("year", YEARS)
    def test_the_days_come_in_the_order_of_the_calendar_and_within_the_year(self, year: int) -> None:
        """Also where 除夕 and 中秋节 lie close to another holiday."""
        days = list(statutory_holidays(year))
        assert all(before < after for before, after in pairwise(days))
        assert {year} == {day.year for day in days}

    @pytest.mark.parametrize("year", range(FIRST_YEAR, 2027))
    def test_no_published_notice_made_a_statutory_day_a_working_day(self, year: int) -> None:
        """The tables of chinese-calendar are copied from the notices."""
        assert [] == [day for day in statutory_holidays(year) if chinese_calendar.is_workday(day)]

    def test_a_year_without_festivals_is_refused(self) -> None:
        """The statute alone does not say when the lunar year begins."""
        with pytest.raises(LookupError, match="2100 are not known"):
            statutory_holidays(2100)


class TestStatuteSource:
    """The citation of the article."""

    @pytest.mark.parametrize(
        ("year", "decree"),
        [
            (2004, 270),
            (2007, 270),
            (2008, 513),
            (2013, 513),
            (2014, 644),
            (2024, 644),
            (2025, 795),
            (2099, 795),
        ],
    )
    def test_each_year_cites_the_decree_in_force(self, year: int, decree: int) -> None:
        """The first and the last year of every version."""
        expected = f"全国年节及纪念日放假办法（国务院令第{decree}号）第二条"
        assert expected == statute_source(year)

    def test_a_year_before_the_first_version_is_refused(self) -> None:
        """The message names the first year."""
        with pytest.raises(LookupError, match="1999 are not known; ask for 2000 or a later year"):
            statute_source(1999)
