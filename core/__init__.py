"""The floor: database, clock, money, text, files, audit, encryption, work queue. It knows no word of the trade."""
