"""People: users, their memberships and roles, sessions, second factor, groups and invitations.

A user is one person with one password, member of any number of organisations with a role in each. A session is a sign-in to
one organisation. What a session may do follows from the role at the moment of each call, not from what a token says.
"""
