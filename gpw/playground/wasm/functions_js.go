package main

import (
	"encoding/base64"
	"encoding/json"
	"syscall/js"

	"gpwbench/gpw/playground"
)

// functions lists what the page can ask for by name.
func (s *server) functions() map[string]function {
	all := map[string]function{
		"offers":   func([]js.Value) (any, error) { return playground.Offers(), nil },
		"state":    func([]js.Value) (any, error) { return s.state(), nil },
		"about":    func(a []js.Value) (any, error) { return s.page.About(a[0].Int()), nil },
		"controls": func(a []js.Value) (any, error) { return s.page.Controls(a[0].Int()), nil },
		"moment":   func([]js.Value) (any, error) { return s.moment(), nil },
		"share":    func([]js.Value) (any, error) { return s.share(), nil },
		"files":    func(a []js.Value) (any, error) { return s.files(a[0].Int()) },
	}
	for name, f := range s.changes() {
		all[name] = func(a []js.Value) (any, error) { return nil, f(a) }
	}
	return all
}

// changes lists what the page can change.
func (s *server) changes() map[string]func(a []js.Value) error {
	return map[string]func(a []js.Value) error{
		"loss":    func(a []js.Value) error { return s.page.SetLoss(a[0].Int(), named(a[1].String())) },
		"fields":  func(a []js.Value) error { return s.fields(a[0].Int(), a[1].String()) },
		"miner":   func(a []js.Value) error { return s.page.SetMiner(a[0].Int(), a[1].String()) },
		"slide":   func(a []js.Value) error { return s.page.Slide(a[0].Int(), a[1].String(), a[2].Float()) },
		"type":    func(a []js.Value) error { return s.page.Type(a[0].Int(), a[1].String(), a[2].String()) },
		"pooling": func(a []js.Value) error { return s.page.SetPooling(a[0].String()) },
		"rate":    func(a []js.Value) error { return s.page.SetRate(a[0].Float()) },
		"class":   func(a []js.Value) error { return s.page.SetClass(a[0].Int()) },
		"case":    func(a []js.Value) error { return s.page.PlayCase(a[0].Int()) },
		"row":     func(a []js.Value) error { return s.page.PlayRow(a[0].String()) },
		"arrange": func(a []js.Value) error { return s.arrange(a) },
		"snippet": func(a []js.Value) error { return s.load(playground.ReadSnippet(a[0].String())) },
		"link":    func(a []js.Value) error { return s.load(playground.ReadLink(a[0].String())) },
		"step":    func([]js.Value) error { return s.page.Step() },
		"move":    func(a []js.Value) error { s.page.Move(a[0].Int(), a[1].Float(), a[2].Float()); return nil },
		"turn":    func(a []js.Value) error { s.page.Turn(a[0].Int(), a[1].Float(), a[2].Float()); return nil },
		"select":  func(a []js.Value) error { s.page.Select(a[0].Int()); return nil },
		"compare": func(a []js.Value) error { s.page.Compare(a[0].Bool()); return nil },
		"reset":   func([]js.Value) error { s.page.Reset(); return nil },
		"seek":    func(a []js.Value) error { s.page.Seek(a[0].Float()); return nil },
	}
}

// named is the loss of a name with its preset.
func named(name string) playground.Loss { return playground.Loss{Name: name} }

// state is the part of the state that the page shows as text.
func (s *server) state() any {
	t := s.page.State()
	return map[string]any{
		"surface": t.Surface, "labels": t.Labels, "rate": t.Rate, "anchor": t.Anchor, "pooling": t.Pooling, "panels": s.page.Panels(),
	}
}

func (s *server) moment() any {
	if m, ok := s.page.Moment(); ok {
		return m
	}
	return nil
}

// share is what reproduces the state elsewhere.
func (s *server) share() any {
	t, commands := s.page.State(), []string{}
	for k := range s.page.Panels() {
		commands = append(commands, s.page.Command(k))
	}
	return map[string]any{"link": t.Link(), "snippet": t.Snippet(), "commands": commands}
}

// files are the files that the commands read and what they print. Those of NumPy are in
// base64.
func (s *server) files(panel int) (any, error) {
	weights, err := s.page.WeightsCSV(panel)
	return map[string]any{
		playground.EmbeddingsFile: base64.StdEncoding.EncodeToString(s.page.Embeddings(panel)),
		playground.LabelsFile:     base64.StdEncoding.EncodeToString(s.page.LabelsNPY()),
		"points.csv":              s.page.EmbeddingsCSV(panel),
		"labels.csv":              s.page.LabelsCSV(),
		"weights.csv":             weights,
	}, err
}

func (s *server) fields(panel int, text string) error {
	var f playground.Fields
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return err
	}
	return s.page.SetFields(panel, f)
}

func (s *server) arrange(a []js.Value) error {
	return s.page.Arrange(playground.Arrangement{
		Surface: a[0].String(), Classes: a[1].Int(), Each: a[2].Int(), Seed: uint64(max(a[3].Int(), 0)),
	})
}

func (s *server) load(t playground.State, err error) error {
	if err != nil {
		return err
	}
	return s.page.Load(t)
}
