"""What a household asks for: said or confirmed by itself, owned by an officer, with a due date."""
