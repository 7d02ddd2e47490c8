# The columns of a page have one length and describe one tree; no frame weighs less than its children together.
function column(name, cells,    text) {
	text = $0
	sub("^\"" name "\":\\[", "", text)
	sub(/\].*/, "", text)
	return split(text, cells, ",")
}

function wrong(text) {
	print text
	bad = 1
	exit 1
}

function check_values(value, what,    i, depth) {
	depth = 0
	for (i = 1; i <= rows; i++) {
		while (depth && left[depth] == 0) {
			if (rest[depth] < 0) wrong(what ": children weigh more than their caller")
			depth--
		}
		if (i > 1 && !depth) wrong("row " i " has no caller")
		if (depth) {
			left[depth]--
			rest[depth] -= value[i]
		}
		depth++
		left[depth] = children[i]
		rest[depth] = value[i]
	}
	for (; depth; depth--)
		if (left[depth] || rest[depth] < 0) wrong(what ": the last rows don't add up")
}

/^"name":/ { rows = column("name", name) }
/^"children":/ { if (column("children", children) != rows) wrong("children are too many or too few") }
/^"after":/ {
	if (column("after", after) != rows) wrong("values after are too many or too few")
	check_values(after, "after")
	seen = 1
}
/^"before":/ {
	if (column("before", before) != rows) wrong("values before are too many or too few")
	check_values(before, "before")
}
/^"[^"]*",?$/ { names++ }
END {
	if (bad) exit 1
	if (!seen) wrong("no values")
	for (i = 2; i <= rows; i++)
		if (name[i] >= 0 && int(name[i] / 2) >= names) wrong("row " i " has a name that is not there")
}
