"""A lot or a product in the fields that the state and a digital product passport ask for, as files to hand over."""
