"""Identity numbers and health flags of persons: no form of the market asks for them. An officer notes them where the
person wants it for a stated purpose; they lie sealed by field and are found again by a blind index. ADR 50.
"""
