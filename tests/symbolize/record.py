# Prints, for the objects of tests, what llvm-symbolizer says of addresses: OBJECT, ADDRESS, then a field a frame, innermost
# first, as NAME FILE:LINE:COLUMN START_LINE.
import glob
import json
import os
import subprocess
import sys

os.chdir(sys.argv[1])
print("# Recorded by tests/symbolize/make_objects from llvm-symbolizer; see record.py.")
for path in sorted(glob.glob("tests/fuzz/corpus/dwarf/*.debug") + glob.glob("tests/symbolize/objects/*.debug")):
    if "dwz" in path or "/split" in path:
        continue  # it does not follow references to the alt file, and looks for .dwo files at one place
    command = ["llvm-symbolizer", "--inlines", "--no-demangle", "--output-style=JSON", "--obj=" + path]
    addresses = "".join("%#x\n" % a for a in range(0x1000, 0x1100, 9))
    out = subprocess.run(command, input=addresses, capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        answer = json.loads(line)
        frames = answer.get("Symbol") or []
        if not frames or not frames[-1]["FunctionName"]:
            continue
        fields = ["%s %s:%d:%d %d" % (f["FunctionName"], f["FileName"], f["Line"], f["Column"], f["StartLine"]) for f in frames]
        print("\t".join([path, answer["Address"]] + fields))
