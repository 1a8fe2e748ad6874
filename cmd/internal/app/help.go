package app

import (
	"regexp"
	"strings"
)

// helpWidth is the width, in columns, that a text of help keeps to.
const helpWidth = 80

// gap is between a command and what is said of it.
var gap = regexp.MustCompile(`\S(  +)\S`)

// fit breaks the lines of a text that are too wide. What is said beside a command
// goes on beneath itself, or beneath the command where little room is beside it.
func fit(text string) string {
	var out strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(text, "\t", "    ")) {
		line = strings.TrimSuffix(line, "\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if g := gap.FindStringSubmatchIndex(line); g != nil && len(line) > helpWidth {
			if indent = g[3]; indent > helpWidth/2+10 {
				out.WriteString(line[:g[2]] + "\n")
				indent = 8
				line = strings.Repeat(" ", indent) + line[g[3]:]
			}
		}
		for len(line) > helpWidth {
			at := strings.LastIndexByte(line[:helpWidth+1], ' ')
			if at <= indent {
				break
			}
			out.WriteString(line[:at] + "\n")
			line = strings.Repeat(" ", indent) + line[at+1:]
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}
