"""The demo's `assay.yaml`: as it was written first, and as it became when the shop agreed on its gates."""

DEMO_TITLE = "Fernwood Outdoor"

FIRST_CONFIG = """\
title: Fernwood Outdoor
environments:
  integration: {path: deploy/integration}
  staging:     {path: deploy/staging, upstream: integration}
  production:  {path: deploy/production, upstream: staging, production: true}
model:
  - explicit: platform/model.yaml
bulk: 6
"""

DEMO_CONFIG = """\
title: Fernwood Outdoor
environments:
  integration: {path: deploy/integration, kubernetes: "1.31"}
  staging:     {path: deploy/staging, upstream: integration, kubernetes: "1.31"}
  production:
    path: deploy/production
    upstream: staging
    production: true
    kubernetes: "1.31"
    live: snapshots/production.yaml
model:
  - explicit: platform/model.yaml
bulk: 6
bulk_window: 15m

# What other tools say of a release. The pipeline keeps its reports here at the end of each month.
results:
  - {name: unit tests, format: junit, path: "reports/{commit}/junit.xml", environments: production, expected: true}
  - {name: image scan, format: sarif, path: "reports/{commit}/scan.sarif", environments: production}

# What must hold before customers see it.
gates:
  - name: approval
    approval: {by: [trailer, file], count: 1, four_eyes: true}
    except: [rollback, redeploy]
    owner: Tomasz Wilk, releases
    says: Somebody other than the one who released it said yes. Going back needs nobody's leave.
  - name: tests
    result: unit tests
    except: [rollback, redeploy]
    owner: Adaeze Obi, development
    says: The tests of what was released ran and passed.
  - name: soak
    soak: 24h
    except: [rollback, redeploy]
    owner: Priya Raman, operations
    says: It ran in staging for a day before it came to customers.
  - name: quiet days
    freeze:
      - {from: 2026-07-01, until: 2026-07-14, reason: summer sale}
      - {from: 2026-12-18, until: 2027-01-03, reason: Christmas}
      - {weekly: "Fri 16:00 - Mon 06:00", reason: nobody is there to help}
    except: rollback
    owner: Sales
    says: Nothing moves while the shop earns most, or while nobody is there.
  - name: drift
    drift: {most: 1, older_than: 60d, classes: [ahead, config]}
    owner: Mira Halvorsen, platform
    says: Production is still what was tried in staging, but for what was agreed.
  - name: no errors
    findings: error
    owner: Mira Halvorsen, platform
    says: Nothing in the model of production is known not to work.

# How delivery is measured.
metrics:
  availability:
    target: 99.5
    agreed: [{from: "06:00", to: "24:00"}]  # at night nobody buys tents

# A rule of our own, and a built-in one that we take more seriously.
rules:
  - id: team-label
    where: {kind: Deployment, role: component, environment: production}
    field: labels.team
    must: exist
    level: warning
    title: Nobody's deployment
    message: "{component} does not say which team runs it"
    why: At night somebody has to be called, and it must not be guesswork whom.
    fix: Add the label `team`, with the name of the team as the rota has it.
checks:
  unused-configuration: warning

# What production has on purpose.
expected:
  - component: ConfigMap/fulfilment-settings
    field: data.CARRIER_URL
    environment: production
    reason: only production may book real parcels; the others use the carrier's sandbox
"""
