"""Help desks that cannot be started here, as mocks that keep state and hold every call to the vendor's contract."""
