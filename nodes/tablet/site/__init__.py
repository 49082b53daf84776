"""The signed-in pages: one module a subject, each with its routes and the action that each needs (roles.yaml)."""
