"""The tests mirror the modules; laws and second implementations have files of their own."""
