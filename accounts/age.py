"""How old somebody is: the one place that counts years (clause 1.0)."""

from datetime import date


def age_on(date_of_birth: date, day: date) -> int:
    """Give the full years of age on a day; somebody born on 29 February has a birthday on 1 March of common years."""
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (not had_birthday)
