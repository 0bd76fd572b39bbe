"""The examples of a page, Markdown or man, and the page with other outputs in their place.

A fenced block is an example, and what it is its first line says: `console` has commands behind `$ ` and what they print, `sh`
commands alone, `python` a program. Comments that no reader sees, on a line of their own, say the rest:

    <!-- run: COMMAND -->                   a command that is not shown, run at this place
    <!-- with: WORD=TEXT ... -->            the next block is run with TEXT in place of WORD
    <!-- before: FILE -->                   the next block, a program, has the lines of tests/docs/FILE before it
    <!-- file NAME: COMMAND -->             the next block is the file NAME, and COMMAND ends with status 0
    <!-- screen COLSxROWS KEY...: COMMAND -->    the next block is what COMMAND shows on such a terminal after these keys

A comment goes on over the next lines until its end. In a man page, .EX to .EE is a `console` block, a comment is behind .\\" and
.nf to .fi, but in the synopsis, is an example of no kind.
"""
import re

COMMENT = re.compile(r"<!--\s*(run|with|before|file|screen)\b:?\s*(.*?)\s*-->\s*$", re.S)


class Block:
    """Lines [begin, end) of a page, without the marks around them."""

    def __init__(self, kind, begin, marks):
        self.kind, self.begin, self.end, self.marks = kind, begin, begin, marks
        self.lines = []

    def title(self):
        return next((title_of(line) for line in self.lines if line.strip()), "an empty block")


def title_of(line):
    """A line without the remark behind it, its words one blank apart."""
    return " ".join(re.sub(r"\s+#.*", "", line).split())


def parts_of_console(lines):
    """[command, output lines] a command; a command goes on over the next line behind a backslash."""
    parts = []
    in_command = False
    for line in lines:
        if in_command:
            parts[-1][0] += "\n" + line
        elif line.startswith("$ "):
            parts.append([line[2:], []])
        elif parts:
            parts[-1][1].append(line)
        else:
            raise ValueError("a console block that does not begin with `$ `: " + line)
        in_command = not parts[-1][1] and parts[-1][0].endswith("\\")
    return parts


def console_of_parts(parts):
    lines = []
    for command, output in parts:
        lines += ("$ " + command).split("\n") + output
    return lines


class Page:
    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8") as file:
            self.text = file.read().splitlines()
        self.man = re.search(r"\.[1-9]$", path) is not None
        self.blocks = list(self.man_blocks() if self.man else self.markdown_blocks())

    def save(self):
        """With the lines of every block as they are now."""
        text, at = [], 0
        for block in self.blocks:
            text += self.text[at:block.begin] + [to_roff(line) if self.man else line for line in block.lines]
            at = block.end
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("\n".join(text + self.text[at:]) + "\n")

    def markdown_blocks(self):
        marks, block, comment = [], None, None
        for number, line in enumerate(self.text):
            if block is not None:
                if line.strip() == "```":
                    block.end = number
                    yield block
                    block = None
                else:
                    block.lines.append(line)
                continue
            if comment is None and line.startswith("<!--"):
                comment = ""
            if comment is not None:
                comment += line + "\n"
                if line.rstrip().endswith("-->"):
                    found = COMMENT.match(comment)
                    marks += [(found.group(1), found.group(2))] if found else []
                    comment = None
            elif line.startswith("```"):
                block, marks = Block(line[3:].strip(), number + 1, marks), []
            elif line.startswith("    ") and self.text[number - 1].strip() == "":
                raise ValueError("%s:%d: code is to stand between ``` so that it can be told what it is" % (self.path, number + 1))

    def man_blocks(self):
        marks, block, section = [], None, ""
        for number, line in enumerate(self.text):
            if line.startswith(".SH"):
                section = line[3:].strip()
            elif line in (".EE", ".fi") and block is not None:
                block.end = number
                yield block
                block = None
            elif block is not None:
                block.lines.append(from_roff(line))
            elif line == ".EX" or (line == ".nf" and section != "SYNOPSIS"):
                block, marks = Block("console" if line == ".EX" else "", number + 1, marks), []
            elif line.startswith('.\\" <!--'):
                found = COMMENT.match(line[4:])
                marks += [(found.group(1), found.group(2))] if found else []


def from_roff(line):
    line = re.sub(r"\\f[A-Z]", "", line)
    for escape, character in ((r"\-", "-"), (r"\(aq", "'"), (r"\(dq", '"'), (r"\&", ""), (r"\e", "\\")):
        line = line.replace(escape, character)
    return line


def to_roff(line):
    line = line.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return r"\&" + line if line.startswith(".") else line
