"""What a form is and how it behaves: pure values, no framework and no storage."""
