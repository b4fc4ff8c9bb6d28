"""How people and programs use the service."""
