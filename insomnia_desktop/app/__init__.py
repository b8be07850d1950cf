"""The composition root: wires everything once; nobody imports it."""
