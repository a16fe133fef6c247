"""What is left of each lot: reserved first expired first out, sold, counted, lost, taken back; a fold over movements."""
