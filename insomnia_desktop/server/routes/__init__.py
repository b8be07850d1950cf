"""What the endpoints read and answer; what they mean is in domain/."""
