"""A short clip of where goods grow: a link that stays a link until it is tapped, or a small file without position."""
