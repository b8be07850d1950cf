"""Signing up, signing in, and what an account's keys need on this device."""
