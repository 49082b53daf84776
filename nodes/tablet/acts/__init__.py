"""What people and programs do to a home: the same acts for the pages and for the API, each recorded before it is done.

Every act is given the visit of whoever does it, and raises KithError with one line where it refuses.
"""
