"""Who is there: persons, attendance, commute, beds, infections, learning, duty hours."""
