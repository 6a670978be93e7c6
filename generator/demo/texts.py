"""The demo's files that no one deploys: its README, and what people of the shop write down for each other."""

README = """\
# Fernwood Outdoor: deployment

What runs where. `deploy/` holds the Kubernetes manifests of each environment, `platform/` what the platform team
runs for us. Change integration first; staging and production follow by a commit each.
"""

RUNBOOK = """\
# Runbook

1. Look at the checkout dashboard.
2. Was there a release within the last hour? Go back to the version before it: change the image in
   `deploy/production` and say so in the message.
3. Tell the shop team.
"""

RUNBOOK_WITH_QUEUE = (
    RUNBOOK
    + """\

## Orders wait in the queue

Count the consumers of `order-queue`. None: restart fulfilment. Some: look for a parcel that the carrier refuses.
"""
)

ON_CALL = """\
# On call

| week | who |
|---|---|
| odd | Priya |
| even | Mira |
"""

ON_CALL_SUMMER = ON_CALL + "\nJuly and August: Tomasz stands in for Mira.\n"
"""On-call duty as it was agreed for the holidays."""
