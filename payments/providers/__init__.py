"""Rails that money comes by: VietQR (a picture of a transfer), SePay (news of transfers), cash on delivery."""
