"""What people may rely on in the landscape."""
