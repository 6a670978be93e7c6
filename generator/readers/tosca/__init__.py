"""TOSCA simple profile: node templates and their requirements as topology."""
