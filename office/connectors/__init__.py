"""Documents on their way to systems elsewhere. None has accepted one yet: every page says so."""
