"""`flask households …`. Commands that need what lies above this part are added by it (`registry.lists.cli`)."""

from flask.cli import AppGroup

households = AppGroup("households", help="Households: lists taken in, the form for ODK and Kobo.")
COMMANDS = [households]
