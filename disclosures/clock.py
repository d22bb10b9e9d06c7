"""When a request is due."""

from datetime import datetime, timedelta

from disclosures.grounds import RULES, Ground

WORKING_DAYS = 10
SATURDAY = 5


def due_at(ground: Ground, received_at: datetime) -> datetime:
    """Give the end of the ground's own limit, or of ten working days (Monday to Friday; holidays aren't known here)."""
    limit = RULES[ground].limit
    return received_at + limit if limit else add_working_days(received_at, WORKING_DAYS)


def add_working_days(start: datetime, days: int) -> datetime:
    """Go on by a number of days that are no Saturday or Sunday; the time of day stays."""
    end = start
    while days:
        end += timedelta(days=1)
        days -= end.weekday() < SATURDAY
    return end
