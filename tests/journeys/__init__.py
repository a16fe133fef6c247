"""The product's story in a real browser over the real application; SCREENSHOTS=1 keeps pictures in screenshots/."""
