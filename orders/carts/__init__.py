"""What a visitor put aside before ordering. A cart is a row only once something lies in it."""
