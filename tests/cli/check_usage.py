"""Help, version, and wrong usage: exit 2 and one line."""
import dumps
from harness import check_failure, require, test

COMMANDS = ["import", "watch", "runs", "show", "estimate", "plot", "check", "sweep", "compute", "merge", "verify", "delete",
            "restore", "rename", "tag", "note"]


@test
def every_command_has_a_help(box):
    for words in [["--help"], ["-h"]] + [[command, "--help"] for command in COMMANDS]:
        result = box.raw(*words)
        require(result.code == 0 and result.err == b"", result.describe())
        require(result.out.startswith(b"infoflow ") or result.out.startswith(b"usage: infoflow "), result.describe())
        require(all(len(line) <= 120 for line in result.lines()), "long lines:", result.describe())
    for command in COMMANDS:
        require(box.raw("--help", command).out == box.raw(command, "--help").out, command)
        require(command in box.raw("--help").text(), command)


@test
def version(box):
    result = box.raw("--version")
    require(result.code == 0 and result.err == b"", result.describe())
    name, number = result.text().split()
    require(name == "infoflow" and len(number.split(".")) == 3, result.describe())
    require(result.out.endswith(b"\n"), result.describe())


@test
def no_terminal_and_no_words_gives_the_help(box):
    result = box.raw()
    require(result.code == 2 and result.err == b"", result.describe())
    require(result.out == box.raw("--help").out, result.describe())


@test
def no_terminal_and_runs_gives_the_help_too(box):
    for name in ("one", "two"):
        box.ok("import", dumps.write_run(box.path(name)))
    for runs in (["one"], ["one", "two"]):
        result = box.run(*runs)
        require(result.code == 2 and result.err == b"" and result.out == box.raw("--help").out, result.describe())
    box.fails(2, "one", "three", said="three: no such command, and no such run")
    box.fails(2, *["one"] * 17, said="at most 16 runs")


@test
def unknown_commands_and_options(box):
    check_failure(box.raw("frobnicate"), 2, "frobnicate")
    check_failure(box.raw("import2", "x"), 2, "import2")
    for words in (["--nonsense"], ["runs", "--nonsense"], ["runs", "--nonsense=3"], ["estimate", "x", "--svg", "y"],
                  ["import", "x", "--csv"], ["plot", "dpi", "x", "--json"], ["runs", "--csv=yes"], ["show", "-x"]):
        check_failure(box.raw(*words), 2, [w for w in words if w.startswith("-")][0].split("=")[0])


@test
def slips_are_told_what_was_meant(box):
    for words, said in ((["estimate", "x", "--alhpa", "2"], "no such option --alhpa: --alpha?"),
                        (["plot", "ip", "x", "--overlya"], "no such option --overlya: --overlay?"),
                        (["check", "x", "--tolerence=1"], "no such option --tolerence: --tolerance?"),
                        (["runs", "--jsno"], "no such option --jsno: --json?"),
                        (["runs", "--overlya"], "no such option --overlya (infoflow runs --help lists them)"),
                        (["runs", "-x"], "no such option -x"),
                        (["esitmate"], "esitmate: no such command, and no such run: estimate?"),
                        (["qqqqqq"], "qqqqqq: no such command, and no such run\n")):
        check_failure(box.raw(*words), 2, said)


@test
def missing_words(box):
    for words in (["import"], ["show"], ["estimate"], ["plot"], ["plot", "dpi"], ["plot", "x"], ["delete"],
                  ["show", "a", "b"], ["estimate", "a", "b"], ["runs", "a"], ["plot", "nothing", "a"],
                  ["plot", "dpi", "a", "b", "--svg", "c.svg"]):
        box.fails(2, *words)


@test
def options_need_values(box):
    for command, option in (("runs", "--db"), ("estimate", "--alpha"), ("estimate", "--h"), ("estimate", "--steps"),
                            ("estimate", "--quantities"), ("plot", "--size"), ("plot", "--svg"), ("plot", "--step")):
        check_failure(box.raw(command, "x", option), 2, [option, "needs a value"])
    check_failure(box.raw("runs", "--db="), 2, "--db")


@test
def impossible_parameters(box):
    for option, values in {
        "--alpha": ["-1", "-0.001", "nan", "two", "", "1x", "-inf"],
        "--h": ["0", "-2", "inf", "nan", "", "1e999"],
        "--h-error": ["0", "-2", "inf", "nan"],
        "--h-label": ["0", "-2", "inf", "nan", "x"],
        "--width": ["gold", ""],
        "--composition": ["sum", "HADAMARD"],
        "--pairs": ["0", "-1", "1.5", "many", "99999999999999999999999"],
        "--seed": ["-1", "x", "1.5"],
        "--threads": ["0", "-1", "x", "100000"],
        "--quantities": ["", ",", "H(Z)", "H(X),,H(Y)", "h(x)", "I(X;T)" * 20],
    }.items():
        for value in values:
            box.fails(2, "estimate", "x", option + "=" + value, said=option + ":")
    for option, values in {
        "--size": ["80", "0x24", "80x0", "80x24x3", "-80x24", "99999x10", "80x"],
        "--charset": ["utf8", ""],
        "--over": ["time", ""],
        "--with": ["z", ""],
        "--chain": ["both", ""],
        "--color": ["yes", ""],
        "--alpha": ["-1"],
    }.items():
        for value in values:
            box.fails(2, "plot", "dpi", "x", option + "=" + value, said=option + ":")


@test
def unknown_runs_and_steps(box):
    box.ok("import", dumps.write_run(box.path("run")))
    for words in (["show"], ["estimate"], ["plot", "dpi"], ["plot", "ip"], ["plot", "mip"], ["plot", "pid"],
                  ["plot", "width"], ["delete"], ["delete", "--purge"], ["note"]):
        box.fails(2, *words, "nothing", said=["nothing", "no such run"])
        box.fails(2, *words, "17", said="17")
        box.fails(2, *words, "", said="no such run")
    for steps in ("5", "0,5", "x", "", ",", "0,", "0;10", "-1", "99999999999999999999"):
        box.fails(2, "estimate", "run", "--steps=" + steps, said="--steps")
    for step in ("5", "x", "0,10", ""):
        for plot in ("dpi", "ip", "mip", "pid", "width"):
            box.fails(2, "plot", plot, "run", "--step=" + step, said="--step: ")


@test
def options_stand_anywhere(box):
    box.ok("import", dumps.write_run(box.path("run")))
    expected = box.ok("estimate", "run", "--csv", "--alpha", "2", "--steps", "first").out
    for words in (["--csv", "estimate", "run", "--alpha=2", "--steps=first"],
                  ["--alpha", "2", "estimate", "--steps", "first", "run", "--csv"],
                  ["--steps", "first", "--alpha", "2", "--csv", "estimate", "run"],
                  ["estimate", "--csv", "--alpha", "7", "--alpha", "2", "--steps", "first", "run"]):
        require(box.ok(*words).out == expected, words)
        result = box.raw("--db", box.db, *words)
        require(result.out == expected, result.describe())


@test
def words_after_two_dashes(box):
    dumps.write_run(box.path("-odd"), name="--odd")
    result = box.raw("import", "--db", box.db, "--", "-odd")
    require(result.code == 0 and result.out == b"--odd: 3 snapshots, 4 layers, n = 12\n", result.describe())
    require(box.raw("show", "--db", box.db, "--", "--odd").code == 0, "show -- --odd")
    box.fails(2, "show", "--odd", said="--odd")
    check_failure(box.raw("--db", box.db, "--", "runs"), 2, "no such run")  # a run for the workbench, no command
