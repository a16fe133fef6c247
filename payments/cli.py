"""`flask payments …`: the commands of each rail hang below this group."""

from flask.cli import AppGroup

from payments.transfers.cli import vietqr

payments = AppGroup("payments", help="Payment rails: codes, statements, reconciliation.")
payments.add_command(vietqr)
COMMANDS = [payments]
