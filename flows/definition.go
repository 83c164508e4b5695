package flows

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// Definition is the graph of a flow: nodes, and edges between them. It keeps the
// JSON that it came as, and gives typed views of what is known of it. Setters
// replace what they name and nothing else: unknown members, the order of members
// and the spelling of numbers and texts stay as they are.
//
// A Definition is a value: a copy is not changed with the original. The zero value
// is no definition at all.
type Definition struct{ document }

// Node is one node of a definition: its ID, its type, its data, and whatever else
// Orbit keeps with it. It is a value: a change counts when it is given back with
// [Definition.SetNode].
type Node struct{ document }

// Edge leads from one node of a definition to another. It is a value: a change
// counts when it is given back with [Definition.SetEdges].
type Edge struct{ document }

// ParseDefinition makes a definition of the text of a JSON object, such as an
// exported flow, kept byte for byte.
func ParseDefinition(text []byte) (Definition, error) {
	text = bytes.TrimSpace(text)
	switch {
	case !json.Valid(text):
		return Definition{}, fmt.Errorf("flows: %w", wire.ErrNotJSON)
	case text[0] != '{':
		return Definition{}, api.Sentinel("flows: a definition must be a JSON object")
	}
	return Definition{document{bytes.Clone(text)}}, nil
}

// NewDefinition makes a definition of nodes and edges.
func NewDefinition(nodes []Node, edges []Edge) Definition {
	raw := bytes.Join([][]byte{[]byte(`{"nodes":`), list(nodes), []byte(`,"edges":`), list(edges), []byte("}")}, nil)
	return Definition{document{raw}}
}

// NewNode makes a node. Data is marshalled with encoding/json, a json.RawMessage
// goes in byte for byte, and nil is an empty object.
func NewNode(id, nodeType string, data any) (Node, error) {
	if data == nil {
		data = struct{}{}
	}
	var n Node
	for _, member := range []struct {
		pointer string
		value   any
	}{{"/id", id}, {"/type", nodeType}, {"/data", data}} {
		if err := n.Set(member.pointer, member.value); err != nil {
			return Node{}, err
		}
	}
	return n, nil
}

// NewEdge makes an edge from the node of one ID to that of another.
func NewEdge(source, target string) Edge {
	var e Edge
	_ = e.Set("/source", source) // text can always be written
	_ = e.Set("/target", target)
	return e
}

// String says for people how many nodes and edges there are. Raw returns all of it.
func (d Definition) String() string {
	return fmt.Sprintf("nodes: %d, edges: %d", len(d.array("/nodes")), len(d.array("/edges")))
}

// IsZero reports whether there is no definition.
func (d Definition) IsZero() bool { return len(d.raw) == 0 }

// Nodes returns the nodes, in their order.
func (d Definition) Nodes() []Node {
	var nodes []Node
	for _, raw := range d.array("/nodes") {
		nodes = append(nodes, Node{document{raw}})
	}
	return nodes
}

// Node returns the node of an ID, and false where there is none.
func (d Definition) Node(id string) (Node, bool) {
	for _, n := range d.Nodes() {
		if n.ID() == id {
			return n, true
		}
	}
	return Node{}, false
}

// Edges returns the edges, in their order.
func (d Definition) Edges() []Edge {
	var edges []Edge
	for _, raw := range d.array("/edges") {
		edges = append(edges, Edge{document{raw}})
	}
	return edges
}

// SetNode puts a node in the place of the one with its ID, or behind the last one
// where there is none. The other nodes and the edges stay.
func (d *Definition) SetNode(n Node) error {
	for i, old := range d.Nodes() {
		if old.ID() == n.ID() {
			return d.Set(fmt.Sprintf("/nodes/%d", i), n)
		}
	}
	if raw, _ := d.Get("/nodes"); len(raw) == 0 || raw[0] != '[' {
		return d.SetNodes([]Node{n})
	}
	return d.Set("/nodes/-", n)
}

// SetNodes replaces all nodes. Those that were in the definition before go back in
// as they are, so that slices.DeleteFunc on what [Definition.Nodes] returned takes
// out exactly one.
func (d *Definition) SetNodes(nodes []Node) error { return d.Set("/nodes", list(nodes)) }

// SetEdges replaces all edges, like [Definition.SetNodes] the nodes.
func (d *Definition) SetEdges(edges []Edge) error { return d.Set("/edges", list(edges)) }

// list is an array of documents, byte for byte.
func list[D interface{ exact() json.RawMessage }](items []D) json.RawMessage {
	elements := make([][]byte, len(items))
	for i, item := range items {
		elements[i] = item.exact()
	}
	return bytes.Join([][]byte{[]byte("["), bytes.Join(elements, []byte(",")), []byte("]")}, nil)
}

// String names the node for people, such as "greet (send_message)". Raw returns all
// of it.
func (n Node) String() string { return n.ID() + " (" + n.Type() + ")" }

// String names the edge for people, such as "start -> greet". Raw returns all of it.
func (e Edge) String() string { return e.Source() + " -> " + e.Target() }

// ID is the node's ID, by which edges name it.
func (n Node) ID() string { return n.text("/id") }

// Type is the kind of node, in Orbit's words.
func (n Node) Type() string { return n.text("/type") }

// Data is what the node works with, nil where it has none. What it holds depends
// on the type; decode it with encoding/json, or read single places with Get.
func (n Node) Data() json.RawMessage {
	raw, _ := n.Get("/data")
	return raw
}

// SetData replaces the data, whole. Set changes a part of it.
func (n *Node) SetData(data any) error { return n.Set("/data", data) }

// Source is the ID of the node that the edge leads from.
func (e Edge) Source() string { return e.text("/source") }

// Target is the ID of the node that the edge leads to.
func (e Edge) Target() string { return e.text("/target") }
