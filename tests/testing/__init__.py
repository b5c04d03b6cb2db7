"""Tests of the testing door: contract kits, and the wrong implementations they must reject."""
