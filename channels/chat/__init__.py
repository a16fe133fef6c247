"""An order out of a chat: a message pasted, looked over, ordered; a text to send back."""
