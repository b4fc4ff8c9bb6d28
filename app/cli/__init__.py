"""The command `blauwe-knop`. Each subcommand imports what it needs when it runs: `verify` needs no settings,
database, Flask or secrets."""
