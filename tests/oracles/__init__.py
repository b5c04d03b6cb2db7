"""Independent second implementations that the tests compare the library with."""
