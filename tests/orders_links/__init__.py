"""Short links and the spool that counts them."""
