"""Where cooperatives of the market stand beside what was published of poverty."""
