"""What buyers report, and what they are answered."""
