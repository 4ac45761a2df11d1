"""Functions of dates and times. A form's zone and clock are its scope's."""

from __future__ import annotations

import math
from datetime import time, timedelta

from app.survey.xpath.context import Context, Evaluate
from app.survey.xpath.functions.declaring import Functions
from app.survey.xpath.moments import (
    Moment,
    formatted,
    moment_of_days,
    read_moment,
    read_time,
)
from app.survey.xpath.values import Value, text_of

FUNCTIONS = Functions()


def _moment(context: Context, given: Evaluate) -> Moment:
    """Whatever is given, as a moment: a number counts days since 1970."""
    said, zone = given(context), context.scope.zone
    if isinstance(said, Moment):
        return said
    if isinstance(said, bool):
        return Moment(None)
    if isinstance(said, float):
        return moment_of_days(said, zone)
    text = text_of(said)
    found = read_moment(text, zone)
    if found.at is not None:
        return found
    try:
        return moment_of_days(float(text), zone)
    except ValueError:
        return found


@FUNCTIONS.lazy("date", 1, 1)
@FUNCTIONS.lazy("date-time", 1, 1)
def date(context: Context, given: Evaluate) -> Value:
    """A moment; empty stays empty."""
    said = given(context)
    return "" if isinstance(said, str | list) and not text_of(said) else _moment(context, lambda _: said)


@FUNCTIONS.lazy("today", 0, 0)
def today(context: Context) -> Value:
    """The day alone."""
    now = context.scope.clock().astimezone(context.scope.zone)
    return Moment(now.replace(hour=0, minute=0, second=0, microsecond=0))


@FUNCTIONS.lazy("now", 0, 0)
def now(context: Context) -> Value:
    """With the time."""
    return Moment(context.scope.clock().astimezone(context.scope.zone))


@FUNCTIONS.lazy("decimal-date-time", 1, 1)
def decimal_date_time(context: Context, given: Evaluate) -> Value:
    """Days since 1970-01-01T00:00Z, with fractions."""
    return _moment(context, given).days


@FUNCTIONS.lazy("decimal-time", 1, 1)
def decimal_time(context: Context, given: Evaluate) -> Value:
    """The part of the day that has passed; NaN of no time."""
    found = read_time(text_of(given(context)), context.scope.zone)
    return math.nan if found is None else _passed(found) / timedelta(days=1)


def _passed(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


@FUNCTIONS.lazy("format-date", 2, 2)
@FUNCTIONS.lazy("format-date-time", 2, 2)
def format_date(context: Context, given: Evaluate, shape: Evaluate) -> Value:
    """By ODK's letters; empty for no date."""
    at = _moment(context, given).at
    return "" if at is None else formatted(at.astimezone(context.scope.zone), text_of(shape(context)))
