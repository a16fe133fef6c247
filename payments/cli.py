"""`flask payments …`: the commands of each rail hang below this group."""

from flask.cli import AppGroup

from payments.bank_statements.cli import import_statement
from payments.rails.cli import collector_command, reconcile_command
from payments.transfers.cli import vietqr

payments = AppGroup("payments", help="Payment rails: codes, statements, reconciliation.")
payments.add_command(vietqr)
payments.add_command(import_statement)
payments.add_command(reconcile_command)
payments.add_command(collector_command)
COMMANDS = [payments]
