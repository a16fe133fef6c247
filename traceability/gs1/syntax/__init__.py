"""The syntax of GS1 element strings and Digital Link addresses, whole: every identifier, check and association."""
