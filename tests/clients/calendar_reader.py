"""Reads a calendar with Python's icalendar, and prints what it found as JSON.

    calendar_reader.py FILE
"""

import json
import sys
from datetime import datetime, timezone

import icalendar


def moment(value):
    """A day as a day, a moment in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def alarm(one):
    seconds = int(one["TRIGGER"].dt.total_seconds())
    return {"action": str(one["ACTION"]), "seconds": seconds, "description": str(one["DESCRIPTION"])}


def event(one):
    return {
        "uid": str(one["UID"]),
        "stamp": moment(one["DTSTAMP"].dt),
        "start": moment(one["DTSTART"].dt),
        "end": moment(one["DTEND"].dt),
        "summary": str(one["SUMMARY"]),
        "description": str(one["DESCRIPTION"]),
        "url": str(one["URL"]) if "URL" in one else None,
        "categories": [str(category) for category in one["CATEGORIES"].cats],
        "alarms": [alarm(inner) for inner in one.walk("VALARM")],
    }


with open(sys.argv[1], "rb") as file:
    calendar = icalendar.Calendar.from_ical(file.read())
errors = [str(error) for component in calendar.walk() for error in component.errors]
events = [event(one) for one in calendar.walk("VEVENT")]
name = str(calendar["X-WR-CALNAME"])
print(json.dumps({"name": name, "errors": errors, "events": events}))
