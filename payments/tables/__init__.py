"""Tables that others send, a bank's statement or a carrier's remittance: columns by heading, cells read strictly."""
