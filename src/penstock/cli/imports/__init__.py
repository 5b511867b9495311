"""`penstock import`: files of readings to a server at a distance, each reading once, whatever is killed in between."""
