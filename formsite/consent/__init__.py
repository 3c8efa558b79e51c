"""What a customer agreed to: wordings, records, receipts and withdrawal."""
