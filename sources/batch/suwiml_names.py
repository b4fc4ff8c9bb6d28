"""What we call the parts of a SuwiML file (verzamelbestand). All of it is OURS.

The layout, root element and file names of the real verzamelbestand are not public. What is public is the message of one
person (`BijstandsregelingenInfoResponse`, schema v0500), which a file surely repeats. So only these names must change
when somebody obtains the real description; the root element may have any name.
"""

ROOT_COUNT = "aantal"
"""Attribute of the root: how many people the file is about."""

ROOT_AS_OF = "peildatum"
"""Attribute of the root: the day (yyyyMMdd or yyyy-MM-dd) that the data are from."""

ROOT_MUNICIPALITY = "gemeentecode"
"""Attribute of the root: four digits."""

RESPONSE = "BijstandsregelingenInfoResponse"
"""One person, as the web service would answer."""

PERSON = "ClientSuwi"
"""One person, without anything around it."""

MESSAGES = "FWI"
"""Messages of the system that made the file. Beside people, not in the record of one, they are about all of them."""

CLAIM = "Vordering"
"""Only looked for outside of a person, where a claim would be lost."""
