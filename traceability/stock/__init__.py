"""What is left of each lot: reserved first expired first out, sold, counted, lost; a fold over movements."""
