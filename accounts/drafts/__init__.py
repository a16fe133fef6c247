"""What a person has typed into a form and not sent yet: kept encrypted, taken up again on another device."""
