"""The calendar for programs: iCalendar."""
