"""Residents from other systems: a table as CSV, or FHIR R4 Patient and RelatedPerson.

Checked whole before anything is kept. Nothing is guessed from them: gender gives no form of address, and consents are
never taken over.
"""
