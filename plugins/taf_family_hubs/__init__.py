"""Family hubs: their sites and sessions, who came, and which hub is whose neighbourhood's."""
