"""What people say in the repository of deployments, findings and drift: waivers, acceptances, overrides, trailers."""
