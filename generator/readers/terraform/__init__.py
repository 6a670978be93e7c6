"""Terraform: variables, modules and resources of a folder; a plan or state as topology."""
