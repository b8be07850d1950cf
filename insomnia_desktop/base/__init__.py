"""What every layer may use; importing it does no I/O."""
