"""The plain variant: allauth as everybody has it."""
