"""What goes from a store to a buyer: the events of a parcel on its way. It keeps nothing but them."""
