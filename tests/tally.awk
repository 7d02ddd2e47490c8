# Reads ctest's JUnit file and says how many cases passed, failed and were
# skipped. A test that prints what cmocka prints, or a line "N passed, N failed"
# with or without ", N skipped", counts as that many cases; any other as one.
# Why something was skipped is repeated, so that it is seen without the log.
# Exit status 0 when nothing failed and something passed.

function begin_test(line) {
	name = line
	sub(/^.*<testcase name="/, "", name)
	sub(/".*/, "", name)
	ran = line !~ /status="notrun"/
	broken = line ~ /status="fail"/
	skipped_whole = 0
	counted = line_passed = line_failed = line_skipped = 0
	unit_passed = unit_failed = unit_skipped = 0
}

function end_test() {
	if (skipped_whole) {
		skipped++
		return
	}
	p = line_passed + unit_passed
	f = line_failed + unit_failed
	s = line_skipped + unit_skipped
	if (!counted) p = ran && !broken
	# A crash, a time limit, or a program that was not built: one case more.
	if ((broken || !ran) && f == 0) f = 1
	if (f) failures = failures sprintf("  %s: %d failed\n", name, f)
	passed += p
	failed += f
	skipped += s
}

# The first line of the output stands behind its tag.
{ sub(/^[ \t]*<system-out>/, "") }

/<testcase name=/ { begin_test($0) }
/<skipped message="SKIP_/ { skipped_whole = 1 }
/^skipped: / {
	why = $0
	sub(/<\/system-out>.*/, "", why)
	reasons = reasons sprintf("  %s: %s\n", name, why)
}
/^[0-9]+ passed, [0-9]+ failed/ {
	# Only the last such line of a test counts.
	counted = 1
	line_passed = $1
	line_failed = $3
	line_skipped = $0 ~ /, [0-9]+ skipped/ ? $5 : 0
}
# cmocka, one block a group of tests.
/^\[  PASSED  \] [0-9]+ test/ { counted = 1; unit_passed += $4 }
/^\[  FAILED  \] [0-9]+ test/ { counted = 1; unit_failed += $4 }
/^\[  SKIPPED \] [0-9]+ test/ { counted = 1; unit_skipped += $4 }
/<\/testcase>/ { end_test() }

END {
	if (failures) printf "failed:\n%s", failures
	if (reasons) printf "%s", reasons
	printf "%d passed, %d failed", passed, failed
	if (skipped) printf ", %d skipped", skipped
	printf "\n"
	exit failed > 0 || passed + 0 == 0
}
