"""Who agreed to the accessibility statement, and when. See docs/accessibility.md."""

from __future__ import annotations

from datetime import date

from app.settings.kinds import Part, Text, WebAddress


class AccessibilitySettings(Part):
    """`responsible`: the function of whoever may sign for the organisation and agreed, such as "gemeentesecretaris".
    `register_address`: the statement in the register of the government, https://www.toegankelijkheidsverklaring.nl/register/..."""

    agreed_on: date
    responsible: Text
    register_address: WebAddress | None = None
