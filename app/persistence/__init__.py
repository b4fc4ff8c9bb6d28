"""SQLAlchemy: tables and one module per port."""
