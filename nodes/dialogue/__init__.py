"""The one mind on the graph: hears, knows who is there, speaks, reminds, calls people."""
