"""What a buyer asks to stand on the invoice."""
