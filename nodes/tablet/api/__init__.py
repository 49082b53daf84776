"""The same acts as on the pages, for the home's own programs: a REST API with tokens and an OpenAPI document."""
