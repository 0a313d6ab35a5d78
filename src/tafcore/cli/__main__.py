"""`python -m tafcore.cli`: the command line where no script of that name is on the path."""

from tafcore.cli import main

main(prog_name="tafcore")
