"""My record: all that is held about a household, who read it and why, and what it asks to change, stop or erase."""
