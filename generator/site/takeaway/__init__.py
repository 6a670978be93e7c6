"""What a reader takes away: tables, feeds, a summary for a pull request, previews, and the dossier for paper."""
