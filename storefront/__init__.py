"""What a buyer sees: browsing, cart and checkout, and the scan page. It owns no table."""
