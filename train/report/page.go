package report

import (
	"encoding/base64"
	"html/template"
	"io"
)

// Page is a training on one self-contained HTML page: nothing on it is fetched.
type Page struct {
	Title    string
	Summary  string // one line below the title
	Facts    string // preformatted text: network, data, settings
	Sections []Section
}

// Section is a heading with text and a picture; either may be missing.
type Section struct {
	Heading string
	Text    string
	PNG     []byte // a picture's file
	SVG     []byte // or this one's
}

// Write writes the page.
func (p Page) Write(w io.Writer) error {
	return pageTemplate().Execute(w, p)
}

// Image is the section's picture as a data URL.
func (s Section) Image() template.URL {
	switch {
	case s.SVG != nil:
		return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(s.SVG))
	case s.PNG != nil:
		return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(s.PNG))
	}
	return ""
}

func pageTemplate() *template.Template {
	return template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7rem; margin-bottom: 0 }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem }
.summary { font-size: 1.1rem; margin-top: .3rem }
pre { overflow-x: auto; padding: 1rem; border-radius: .5rem; background: color-mix(in srgb, currentColor 7%, transparent); font-size: .85rem }
img { display: block; max-width: 100%; height: auto; background: #fff; border-radius: .5rem }
</style>
</head>
<body>
<h1>{{.Title}}</h1>
<p class="summary">{{.Summary}}</p>
<pre>{{.Facts}}</pre>
{{range .Sections}}<section>
<h2>{{.Heading}}</h2>
{{with .Text}}<p>{{.}}</p>
{{end}}{{$alt := .Heading}}{{with .Image}}<img src="{{.}}" alt="{{$alt}}">
{{end}}</section>
{{end}}</body>
</html>
`))
}
