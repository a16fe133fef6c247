"""Rails with one merchant account each: who receives, how it is reached, whether it lives, what buyers may choose."""
