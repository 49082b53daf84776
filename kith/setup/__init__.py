"""Set-up of a machine, run by `make`. Standard library only: nothing is installed yet when it runs."""
