"""What a buyer wrote in a chat or under a live sale, taken apart: goods, how many, phone, name, address."""
