"""Exchange: events captured from others and all public events found again, by the standard's REST interface."""
