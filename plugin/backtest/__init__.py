"""What another rulebook would have decided about requests that were there already."""
