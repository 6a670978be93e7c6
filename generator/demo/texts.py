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

CODEOWNERS = """\
# Who is asked before something changes.
/deploy/*/accounts.yaml         @fernwood/payments
/deploy/*/catalogue.yaml        @fernwood/shop
/deploy/*/checkout.yaml         @fernwood/payments
/deploy/*/fulfilment.yaml       @fernwood/shop
/deploy/*/recommendations.yaml  @fernwood/shop
/deploy/*/search.yaml           @fernwood/shop
/deploy/*/storefront.yaml       @fernwood/shop
/platform/                      @fernwood/platform
"""

CAMPAIGN = """\
# Texts of the spring campaign.
apiVersion: v1
kind: ConfigMap
metadata:
  name: spring-campaign
  namespace: fernwood
  labels:
    app.kubernetes.io/name: storefront
    app.kubernetes.io/part-of: fernwood
data:
  HEADLINE: "Tents for two, from 89"
  UNTIL: "2026-04-19"
"""

DECLARED_INCIDENTS = """\
incidents:
  - id: INC-12
    commit: "<commit: Promote checkout 1.9.0 to production>"
    environment: production
    title: Vouchers are lost when a customer pays by bank transfer
"""

INCIDENTS_MENDED = DECLARED_INCIDENTS + '    fixed_by: "<commit: Promote checkout 1.9.1 to production>"\n'
"""The incident, and the release that ended it."""

README_WITH_FINDINGS = (
    README
    + """\

## What Assay finds

`assay check` at the end of September. Strike out what is done; nothing else may be missing from this list.

| level | rule | what | in short |
|---|---|---|---|
| warning | ingress-without-tls | Ingress/storefront | waived this year: the edge of the network ends TLS |
| warning | key-not-in-production | ConfigMap/storefront-settings | `WISH_LIST_DAYS` has to come with storefront 3.7.0 |
| warning | never-in-upstream | storefront | 3.6.2 went past staging on a Friday afternoon |
| warning | prerelease-in-production | notifications | 0.2.0 is a release candidate still |
| warning | team-label | notifications | nobody wrote down which team runs it |
| warning | unused-configuration | ConfigMap/spring-campaign | its texts are left over from spring |
| note | debug-in-production | ConfigMap/catalogue-settings | logs every price; the waiver ended on 15 September |
"""
)
"""What to read first, and what stands at the end."""
