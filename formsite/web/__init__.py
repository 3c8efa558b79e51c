"""What stands around every view: headers, errors, assets, health, logs. Knows no feature."""
