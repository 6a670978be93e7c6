"""Values: settings of one file, of layers, or of many components in one file."""
