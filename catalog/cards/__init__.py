"""A picture per product, 1200 × 630, for chats that show one beside a link: name, price, seller, code."""
