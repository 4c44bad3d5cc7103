"""The books: goods, orders and households, kept alike by every engine; balances checked."""
