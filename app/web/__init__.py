"""Pages for citizens and counsellors."""
