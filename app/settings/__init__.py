"""This installation's settings: one file, read once at start. Only start-up files may import this."""

from app.settings.loading import DEFAULT_FILE, FILE_VARIABLE, SettingsError, load_settings, named_sources_file
from app.settings.model import Settings

__all__ = [
    "DEFAULT_FILE",
    "FILE_VARIABLE",
    "Settings",
    "SettingsError",
    "load_settings",
    "named_sources_file",
]
