"""One clear sentence for whoever starts the demo."""


class DemoError(Exception):
    """The demo cannot start or go on; the text is one Dutch sentence that says why and what to do."""
