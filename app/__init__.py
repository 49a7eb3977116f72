"""Gridkeeper: grid management on plots."""
