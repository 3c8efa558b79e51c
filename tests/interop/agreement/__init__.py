"""Does formsite make of answers what the formats' own engines make of them? `python -m tests.interop.agreement FILE`."""
