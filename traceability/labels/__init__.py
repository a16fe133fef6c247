"""Sheets of labels: EAN-13 and QR side by side, every symbol read back before the sheet is offered."""
