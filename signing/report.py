"""What an examination found."""
