"""Tasks, inbox, outbox with leases, receipts, and the background worker."""
