"""Moments in the words of a language and the zone of the site."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name


def said_moment(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """Like `31 March 2027, 18:00 (UTC)`."""
    try:
        locale = Locale.parse("en-GB" if language == "en" else language, sep="-")  # plain English: the day comes first
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    local = moment.astimezone(zone)
    name = get_timezone_name(local, width="short", locale=locale)
    return f"{format_date(local, 'long', locale=locale)}, {format_time(local, 'short', locale=locale)} ({name})"
