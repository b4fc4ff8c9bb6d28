"""The DigiD simulator is strict itself, or it would not show our mistakes."""
