"""Agreement to a service, the basis for sharing and the decision to share: three records."""
