"""The screens that mix features: families, one family, its people, its chronology, its genogram."""
