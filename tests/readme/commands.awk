# Takes a README apart for `run`: NNN.command, and in console blocks NNN.output
# with an empty NNN.head where "..." ends it.

function command(line) {
	current = ""
	if (line !~ /(^|\| )(\.\/dev|([^ ]*\/)?cprof)( |$)/) return
	current = sprintf("%s/%03d", dir, ++commands)
	print line > (current ".command")
	close(current ".command")
}

/^<!-- not run:/ { omit = 1; next }
/^```/ {
	if (kind) kind = ""
	else {
		kind = omit ? "other" : substr($0, 4)
		if (kind == "") kind = "other"
		omit = 0
	}
	current = ""
	next
}
kind == "sh" { command($0) }
kind == "console" && /^\$ / { command(substr($0, 3)); next }
kind == "console" && current && /^\.\.\.$/ {
	printf "" > (current ".head")
	close(current ".head")
	current = ""
}
kind == "console" && current { print >> (current ".output") }
