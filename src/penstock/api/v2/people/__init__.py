"""Users over the native API: sign-in, profile, members, groups and invitations."""
