# The work of `layers`: file names on standard input, the rules in `conf`.

# A file pattern as an anchored regular expression; * does not cross a slash.
function pattern(glob) {
	gsub(/\./, "\\.", glob)
	gsub(/\*/, "[^/]*", glob)
	return "^" glob "$"
}

function breach(text) {
	printf "%s:%d: %s\n", shown, row, text
	breaches++
}

function read_rules(    line, word, n, i) {
	while ((getline line < conf) > 0) {
		n = split(line, word)
		if (n == 0 || word[1] ~ /^#/) continue
		if (word[1] == "module") {
			floor[word[2]] = word[3]
			for (i = 4; i <= n; i++) public[word[2] "/" word[i]] = 1
		} else if (word[1] == "only" || word[1] == "never") {
			rules++
			rule[rules] = word[1]
			header[rules] = pattern(word[2])
			said[rules] = word[2]
			files[rules] = ""
			for (i = 3; i <= n; i++) files[rules] = files[rules] "|" pattern(word[i])
			files[rules] = substr(files[rules], 2)
		} else if (word[1] != "pure") {
			printf "%s: what is \"%s\"?\n", conf, word[1]
			exit 2
		}
	}
	if (!rules) {
		printf "no rules in %s\n", conf
		exit 2
	}
}

# A header of ours, named from src/ on.
function check_own(name,    other) {
	other = name
	sub(/\/.*/, "", other)
	if (other == module) return
	if (floor[other] >= floor[module])
		breach(name ": " module " stands on floor " floor[module] ", " other " on " floor[other])
	else if (!(name in public))
		breach(name " is private to " other)
}

function check_include(name, quoted,    i) {
	if (name ~ /(^|\/)\.\.?\//) {
		breach(name ": name headers from src/ on")
		return
	}
	if (quoted && name ~ /\// && name !~ /\.pb-c\.h$/) {
		i = name
		sub(/\/.*/, "", i)
		if (i in floor) check_own(name)
		else breach(name ": layers.conf knows no module " i)
	}
	for (i = 1; i <= rules; i++)
		if (name ~ header[i] && (file ~ files[i]) != (rule[i] == "only"))
			breach(name " is not for " file " (layers.conf: " rule[i] " " said[i] ")")
}

function check_file(    line, name) {
	file = shown
	sub(/^src\//, "", file)
	module = file
	sub(/\/.*/, "", module)
	if (!(module in floor)) {
		row = 0
		breach("layers.conf knows no module " module)
		return
	}
	for (row = 1; (getline line < shown) > 0; row++) {
		if (line !~ /^[ \t]*#[ \t]*include/) continue
		includes++
		name = line
		if (name !~ /["<][^">]*[">]/) {
			breach("an include whose name is a macro")
			continue
		}
		sub(/^[^"<]*["<]/, "", name)
		sub(/[">].*/, "", name)
		check_include(name, line ~ /"/)
	}
	close(shown)
}

BEGIN { read_rules() }
{ shown = $0; check_file() }
END {
	if (!includes) {
		print "no includes found"
		exit 2
	}
	if (breaches) {
		printf "%d of %d includes are breaches\n", breaches, includes
		exit 1
	}
}
