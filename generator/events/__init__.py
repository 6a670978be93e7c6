"""What git cannot know, brought as records by those who do: deployments, incidents, downtime and approvals."""
