"""One module per command; the only place where flags are read.

A command module holds `FLAGS`, an absl FlagValues of its own, and `main()`,
which reads the flags, calls one function and returns the exit status (None
for success). Where FLAGS are set to `gnu_getopt`, the words between the flags
are arguments of `main`. Modules that import TensorFlow are imported inside
`main`, by `quietly.imported`, so that `--help` answers at once.
"""
