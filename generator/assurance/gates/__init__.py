"""Gates: conditions that must hold before production, judged for each deployment from what is known of it."""
