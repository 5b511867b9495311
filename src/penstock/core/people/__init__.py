"""People: users, their memberships and roles, sessions, second factor, groups and invitations.

A user is one person with one password, and can be a member of several organisations, with a role in each. A session is a sign-in
to one organisation. Its permissions follow from the role at the time of each call, not from the token.
"""
