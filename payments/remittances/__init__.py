"""A collector's transfer as the bank tells of it: it confirms the remittance, and is never counted twice."""
