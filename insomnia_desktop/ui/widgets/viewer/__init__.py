"""The parts of the viewer of response bodies: bytes, rows, index, folds, search (pure) and their layout and painting.

Positions: everything here counts in *code units* of the body's charset from the start of the file (bytes for
UTF-8, two bytes each for UTF-16), so that a position never depends on what was read before it.
"""
