"""What the berichten so far add up to: toewijzingen, leveringen and prestaties; snapshot out, changes in."""
