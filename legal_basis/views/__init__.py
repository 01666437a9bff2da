"""The pages of the legal section and of the public."""
