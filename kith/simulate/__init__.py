"""`kith simulate`: days of a home in minutes, with everything that goes wrong, judged by an observer."""
