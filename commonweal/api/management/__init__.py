"""Commands about what the API keeps."""
