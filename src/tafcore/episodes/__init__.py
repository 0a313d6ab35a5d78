"""One spell of early help: children, levels, lead professional, team, notes, oversight."""
