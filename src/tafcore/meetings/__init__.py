"""TAF meetings: scheduled, held on one screen, shared, and counted for what they were."""
